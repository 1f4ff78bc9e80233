using System.CommandLine;
using System.Globalization;
using AotLayers.Cli.Options;
using AotLayers.Cli.Output;
using AotLayers.Interop;

namespace AotLayers.Cli.Commands;

/// <summary><c>recording show FILE</c>: the header's facts, and one line per call.</summary>
internal sealed class RecordingShowCommand
{
    private readonly Argument<string> _file = new("FILE") { Description = "The recording." };

    private readonly Option<string?> _calls = new("--calls")
    {
        Description = "Only the calls with these numbers (seq): 7, 7-12, 7- or -12.",
        HelpName = "A-B",
    };

    private readonly Option<string[]> _functions = new("--fn")
    {
        Description = "Only calls of this function. Repeat it for more.",
        HelpName = "NAME",
        DefaultValueFactory = _ => [],
    };

    private RecordingShowCommand()
    {
    }

    /// <summary>Makes the command.</summary>
    public static Command Create()
    {
        var show = new RecordingShowCommand();
        var command = new Command("show", "Print what is in a recording: where it comes from, and one line per call.");
        command.Add(show._file);
        command.Add(show._calls);
        command.Add(show._functions);
        command.Add(CommonOptions.Json);
        command.SetAction(show.Run);
        return command;
    }

    private int Run(ParseResult parsed)
    {
        var range = CallRange.Parse(parsed.GetValue(_calls));
        string[] functions = parsed.GetValue(_functions) ?? [];
        var recording = CallRecording.Load(parsed.GetRequiredValue(_file));
        RecordedCall[] calls =
        [
            .. recording.Calls
                .Where(call => range.Contains(call.Seq)
                    && (functions.Length == 0 || functions.Contains(call.Function, StringComparer.Ordinal)))
                .OrderBy(call => call.Seq),
        ];
        if (parsed.GetValue(CommonOptions.Json))
        {
            using Stream output = Console.OpenStandardOutput();
            RecordingJson.Write(output, recording, calls);
        }
        else
        {
            // In one piece: the console's own writer makes a system call per line.
            using var text = new StringWriter(CultureInfo.InvariantCulture);
            using var lines = new LineWriter(text);
            RecordingText.Write(lines, recording, calls);
            Console.Out.Write(text.ToString());
        }

        return ExitStatus.Done;
    }
}
