using System.CommandLine;
using AotLayers.Cli.Commands;

namespace AotLayers.Cli;

/// <summary>All commands. Each one is a class in <c>Commands</c>.</summary>
internal static class CommandTree
{
    /// <summary>Builds the tree.</summary>
    /// <param name="interrupted">Cancelled when the user wants the command to end.</param>
    public static RootCommand Create(CancellationToken interrupted)
    {
        var root = new RootCommand("Reads, records, replays, checks and converts Windows container image layers.")
        {
            ConvertCommand.Create(interrupted),
            ExportCommand.Create(interrupted),
            ImportCommand.Create(interrupted),
            ListCommand.Create(),
            DoctorCommand.Create(),
            RecordCommand.Create(),
            ListEntriesCommand.Create(interrupted),
            InspectCommand.Create(interrupted),
            CatCommand.Create(interrupted),
            ExtractCommand.Create(interrupted),
            UsageCommand.Create(interrupted),
            DiffCommand.Create(interrupted),
            RecordingCommand.Create(),
            SweepCommand.Create(interrupted),
            ReplayCommand.Create(),
            SddlCommand.Create(),
            VerifyCommand.Create(interrupted),
        };
        foreach (Command verb in new LifecycleCommands(interrupted).Create())
        {
            root.Add(verb);
        }

        foreach (Option option in root.Options)
        {
            if (option is VersionOption version)
            {
                version.Action = new VersionAction();
            }
        }

        return root;
    }
}
