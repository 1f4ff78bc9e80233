using System.CommandLine;
using AotLayers.Interop;

namespace AotLayers.Cli.Options;

/// <summary>The recording that a command is about.</summary>
internal static class RecordingFile
{
    /// <summary>The argument of every command that reads one.</summary>
    public static Argument<string> Argument(string name = "FILE") =>
        new(name) { Description = "The recording, plain or compressed with gzip; - is standard input." };

    /// <summary>The option of every command that writes one.</summary>
    public static Option<string> Output() => new("--output", "-o")
    {
        Description = "The file to write, which appears whole or not at all; compressed when its name ends in .gz; - is standard output.",
        HelpName = "FILE|-",
        Required = true,
    };

    /// <summary>Loads it.</summary>
    /// <param name="path">Its file, or <c>-</c>.</param>
    public static CallRecording Load(string path)
    {
        if (path != "-")
        {
            return CallRecording.Load(path);
        }

        using Stream input = Console.OpenStandardInput();
        return CallRecording.Load(input, path);
    }
}
