using System.CommandLine;
using System.Globalization;
using AotLayers.App;
using AotLayers.Cli.Options;
using AotLayers.Cli.Output;
using AotLayers.Interop;

namespace AotLayers.Cli.Commands;

/// <summary><c>recording show FILE</c>: the header's facts, and one line per call or a summary.</summary>
internal sealed class RecordingShowCommand
{
    private readonly Argument<string> _file = RecordingFile.Argument();
    private readonly CallFilterOptions _filter = new();

    private readonly Option<bool> _summary = new("--summary")
    {
        Description = "Counts instead of calls: by function and entry, bytes, failures, handles and leaks.",
    };

    private RecordingShowCommand()
    {
    }

    /// <summary>Makes the command.</summary>
    public static Command Create()
    {
        var show = new RecordingShowCommand();
        var command = new Command("show", "Print what is in a recording: where it comes from, and one line per call or a summary.");
        command.Add(show._file);
        show._filter.AddTo(command);
        command.Add(show._summary);
        command.Add(CommonOptions.Json);
        command.SetAction(show.Run);
        return command;
    }

    private int Run(ParseResult parsed)
    {
        RecordedCallFilter filter = _filter.Read(parsed);
        CallRecording recording = RecordingFile.Load(parsed.GetRequiredValue(_file));
        IReadOnlyList<RecordedCall> calls = filter.Select(recording);
        RecordingSummary? summary = parsed.GetValue(_summary) ? RecordingSummary.Of(recording, HcsApis.All, calls) : null;
        if (parsed.GetValue(CommonOptions.Json))
        {
            using Stream output = Console.OpenStandardOutput();
            RecordingJson.Write(output, recording, json =>
            {
                if (summary is null)
                {
                    RecordingJson.WriteCalls(json, recording, calls);
                }
                else
                {
                    RecordingSummaryJson.Write(json, summary);
                }
            });
            return ExitStatus.Done;
        }

        // In one piece: the console's own writer makes a system call per line.
        using var text = new StringWriter(CultureInfo.InvariantCulture);
        using var lines = new LineWriter(text);
        RecordingText.WriteHeader(lines, recording);
        if (!filter.IsEmpty)
        {
            lines.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{calls.Count} chosen"));
        }

        if (summary is null)
        {
            RecordingText.WriteCalls(lines, recording, calls, inFlight: filter.IsEmpty);
        }
        else
        {
            RecordingSummaryText.Write(lines, summary);
        }

        Console.Out.Write(text.ToString());
        return ExitStatus.Done;
    }
}
