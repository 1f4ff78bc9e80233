using System.CommandLine;
using System.Globalization;
using AotLayers.App;
using AotLayers.Cli.Options;
using AotLayers.Cli.Output;
using AotLayers.Interop;

namespace AotLayers.Cli.Commands;

/// <summary><c>recording trim FILE -o FILE</c>: some calls of a recording, and what they need to be replayed.</summary>
internal sealed class RecordingTrimCommand
{
    private readonly Argument<string> _file = RecordingFile.Argument();
    private readonly Option<string> _output = RecordingFile.Output();
    private readonly CallFilterOptions _filter = new();

    private readonly Option<bool> _bare = new("--bare")
    {
        Description = "Leave out the calls that no handle goes into or comes out of (names, probes, folders), unless they are chosen.",
    };

    private RecordingTrimCommand()
    {
    }

    /// <summary>Makes the command.</summary>
    public static Command Create()
    {
        var trim = new RecordingTrimCommand();
        var command = new Command(
            "trim",
            "Write a recording of some calls. What they need to be replayed is kept: the calls that made their handles, those that end "
                + "them, the ends of lists, and the calls without handles.");
        command.Add(trim._file);
        command.Add(trim._output);
        trim._filter.AddTo(command);
        command.Add(trim._bare);
        command.Add(CommonOptions.Json);
        command.SetAction(trim.Run);
        return command;
    }

    private int Run(ParseResult parsed)
    {
        RecordedCallFilter filter = _filter.Read(parsed);
        bool bare = parsed.GetValue(_bare);
        if (filter.IsEmpty && !bare)
        {
            throw new UsageException("nothing is chosen: say which calls with --calls, --fn, --handle, --entry, --thread or --failed");
        }

        CallRecording recording = RecordingFile.Load(parsed.GetRequiredValue(_file));
        var trim = RecordingTrim.Of(recording, filter, HcsApis.All, bare);
        if (trim.Chosen == 0)
        {
            throw new UsageException($"no call of {recording.Source} fits what is chosen");
        }

        string output = parsed.GetRequiredValue(_output);
        RecordingOutput.Write(output, stream => CallRecordingWriter.Write(recording, stream, trim.Calls));
        int all = recording.Calls.Count;
        if (parsed.GetValue(CommonOptions.Json))
        {
            using Stream stream = output == "-" ? Console.OpenStandardError() : Console.OpenStandardOutput();
            JsonText.WriteLine(stream, json =>
            {
                json.WriteString("file", recording.Source);
                json.WriteString("output", output);
                json.WriteNumber("calls", all);
                json.WriteNumber("kept", trim.Calls.Count);
                json.WriteNumber("chosen", trim.Chosen);
                json.WriteNumber("needed", trim.Needed);
                json.WriteNumber("withoutHandles", trim.WithoutHandles);
            });
            return ExitStatus.Done;
        }

        TextWriter text = output == "-" ? Terminal.Error : Terminal.Out;
        text.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{output}: {trim.Calls.Count} of {all} calls: {trim.Chosen} chosen, {trim.Needed} needed for them, "
                + $"{trim.WithoutHandles} without handles"));
        return ExitStatus.Done;
    }
}
