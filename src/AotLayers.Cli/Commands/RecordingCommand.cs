using System.CommandLine;

namespace AotLayers.Cli.Commands;

/// <summary><c>recording</c>: works with recordings.</summary>
internal static class RecordingCommand
{
    /// <summary>Makes the command with its subcommands.</summary>
    public static Command Create() => new("recording", "Work with recordings: of this program and of others, of any API of the toolkit.")
    {
        RecordingShowCommand.Create(),
        RecordingCheckCommand.Create(),
        RecordingTrimCommand.Create(),
        RecordingRedactCommand.Create(),
        RecordingDiffCommand.Create(),
        RecordingVerifyCommand.Create(),
        RecordingReportCommand.Create(),
    };
}
