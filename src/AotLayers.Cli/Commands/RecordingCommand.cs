using System.CommandLine;

namespace AotLayers.Cli.Commands;

/// <summary><c>recording</c>: looks into recordings.</summary>
internal static class RecordingCommand
{
    /// <summary>Makes the command with its subcommands.</summary>
    public static Command Create() => new("recording", "Look into recordings.")
    {
        RecordingShowCommand.Create(),
        RecordingCheckCommand.Create(),
    };
}
