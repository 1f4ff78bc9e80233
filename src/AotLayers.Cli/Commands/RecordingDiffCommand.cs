using System.CommandLine;
using AotLayers.App;
using AotLayers.Cli.Options;
using AotLayers.Cli.Output;
using AotLayers.Interop;

namespace AotLayers.Cli.Commands;

/// <summary><c>recording diff A B</c>: what two runs did differently.</summary>
internal sealed class RecordingDiffCommand
{
    private readonly Argument<string> _first = RecordingFile.Argument("A");
    private readonly Argument<string> _second = RecordingFile.Argument("B");

    private readonly Option<bool> _exitCode = new("--exit-code") { Description = "End with status 3 when the runs differ." };

    private RecordingDiffCommand()
    {
    }

    /// <summary>Makes the command.</summary>
    public static Command Create()
    {
        var diff = new RecordingDiffCommand();
        var command = new Command("diff", "Compare two runs, aligned by handle and entry.");
        command.Add(diff._first);
        command.Add(diff._second);
        command.Add(diff._exitCode);
        command.Add(CommonOptions.Json);
        command.SetAction(diff.Run);
        return command;
    }

    private int Run(ParseResult parsed)
    {
        string firstPath = parsed.GetRequiredValue(_first);
        string secondPath = parsed.GetRequiredValue(_second);
        if (firstPath == "-" && secondPath == "-")
        {
            throw new UsageException("only one of the recordings can be standard input");
        }

        CallRecording first = RecordingFile.Load(firstPath);
        CallRecording second = RecordingFile.Load(secondPath);
        var diff = RecordingDiff.Compare(first, second);
        if (parsed.GetValue(CommonOptions.Json))
        {
            using Stream output = Console.OpenStandardOutput();
            JsonText.WriteLine(output, json => RecordingDiffOutput.Write(json, first.Source, second.Source, diff));
        }
        else
        {
            RecordingDiffOutput.Write(Terminal.Out, first.Source, second.Source, diff);
        }

        return diff.Count > 0 && parsed.GetValue(_exitCode) ? ExitStatus.Findings : ExitStatus.Done;
    }
}
