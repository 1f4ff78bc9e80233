using System.CommandLine;
using AotLayers.App;

namespace AotLayers.Cli.Output;

/// <summary>Tells errors on standard error.</summary>
internal static class ErrorOutput
{
    /// <summary>Writes a report.</summary>
    /// <param name="report">The error.</param>
    /// <param name="command">The command, for the pointer to its help.</param>
    /// <param name="json">As JSON.</param>
    public static void Write(ErrorReport report, Command command, bool json)
    {
        if (json)
        {
            using Stream output = Console.OpenStandardError();
            JsonText.WriteLine(output, report.WriteMembers);
            return;
        }

        Terminal.WriteError("aotlayers: ", TextStyle.Red);
        foreach (string line in report.Lines)
        {
            Terminal.Error.WriteLine(line);
        }

        string? hint = report.IsUsage ? $"see '{CommandLine(command)} --help'" : report.Hint;
        if (hint is not null)
        {
            Terminal.WriteError("hint: ", TextStyle.Yellow);
            Terminal.Error.WriteLine(hint);
        }
    }

    private static string CommandLine(Command command)
    {
        string name = command is RootCommand ? "aotlayers" : command.Name;
        return command.Parents.OfType<Command>().FirstOrDefault() is { } parent ? CommandLine(parent) + " " + name : name;
    }
}
