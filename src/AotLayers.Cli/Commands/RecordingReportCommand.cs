using System.CommandLine;
using AotLayers.App;
using AotLayers.Cli.Options;
using AotLayers.Cli.Output;
using AotLayers.Interop;

namespace AotLayers.Cli.Commands;

/// <summary><c>recording report FILE -o run.html</c>: a recording as one page for a browser.</summary>
internal sealed class RecordingReportCommand
{
    private readonly Argument<string> _file = RecordingFile.Argument();

    private readonly Option<string> _output = new("--output", "-o")
    {
        Description = "The page to write, which appears whole or not at all; - is standard output.",
        HelpName = "FILE|-",
        Required = true,
    };

    private RecordingReportCommand()
    {
    }

    /// <summary>Makes the command.</summary>
    public static Command Create()
    {
        var report = new RecordingReportCommand();
        var command = new Command(
            "report",
            "Write one self-contained page to look at: a timeline by thread, functions by cost, entries by size, failures, handles, "
                + "calls.");
        command.Add(report._file);
        command.Add(report._output);
        command.SetAction(report.Run);
        return command;
    }

    private int Run(ParseResult parsed)
    {
        CallRecording recording = RecordingFile.Load(parsed.GetRequiredValue(_file));
        string output = parsed.GetRequiredValue(_output);
        RecordingOutput.Write(output, stream => RecordingReport.Write(recording, HcsApis.All, stream));
        if (output != "-")
        {
            Terminal.Out.WriteLine($"{output}: a page of {recording.Source}");
        }

        return ExitStatus.Done;
    }
}
