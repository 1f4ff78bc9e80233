using System.CommandLine;
using AotLayers.App;
using AotLayers.Cli.Options;
using AotLayers.Cli.Output;
using AotLayers.Interop;

namespace AotLayers.Cli.Commands;

/// <summary><c>recording verify FILE --hcs ...</c>: whether a machine still does what was recorded.</summary>
internal sealed class RecordingVerifyCommand
{
    private readonly Argument<string> _file = RecordingFile.Argument();

    private readonly Option<string> _hcs = new("--hcs")
    {
        Description = "The machine to compare with.",
        HelpName = "native|lib:PATH|sim:DIR",
        DefaultValueFactory = _ => "native",
    };

    private RecordingVerifyCommand()
    {
    }

    /// <summary>Makes the command.</summary>
    public static Command Create()
    {
        var verify = new RecordingVerifyCommand();
        var command = new Command(
            "verify",
            "Read the recorded layer on a machine and compare, aligned by handle and entry. Exit status 3 when it answers otherwise.");
        command.Add(verify._file);
        command.Add(verify._hcs);
        command.Add(CommonOptions.Json);
        command.SetAction(verify.Run);
        return command;
    }

    private int Run(ParseResult parsed)
    {
        string text = parsed.GetRequiredValue(_hcs);
        if (!HcsChoice.TryParse(text, out HcsChoice? choice, out string? error))
        {
            throw new UsageException("--hcs " + error);
        }

        CallRecording recording = RecordingFile.Load(parsed.GetRequiredValue(_file));
        RecordingDiff diff = RecordedLayerTask.Verify(recording, choice);
        if (parsed.GetValue(CommonOptions.Json))
        {
            using Stream output = Console.OpenStandardOutput();
            JsonText.WriteLine(output, json => RecordingDiffOutput.Write(json, recording.Source, text, diff));
        }
        else
        {
            RecordingDiffOutput.Write(Terminal.Out, recording.Source, text, diff);
        }

        return diff.Count > 0 ? ExitStatus.Findings : ExitStatus.Done;
    }
}
