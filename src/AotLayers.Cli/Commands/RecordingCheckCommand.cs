using System.CommandLine;
using System.Globalization;
using AotLayers.App;
using AotLayers.Cli.Options;
using AotLayers.Cli.Output;
using AotLayers.Interop;

namespace AotLayers.Cli.Commands;

/// <summary><c>recording check FILE</c>: whether a recording is whole, replayable, and free of mistakes with handles.</summary>
internal sealed class RecordingCheckCommand
{
    private readonly Argument<string> _file = RecordingFile.Argument();

    private RecordingCheckCommand()
    {
    }

    /// <summary>Makes the command.</summary>
    public static Command Create()
    {
        var check = new RecordingCheckCommand();
        var command = new Command(
            "check",
            "Check a recording: schema, complete, contents there, replayable by this build, no handle leaked or used after its end. Exit "
                + "status 3 on findings.");
        command.Add(check._file);
        command.Add(CommonOptions.Json);
        command.SetAction(check.Run);
        return command;
    }

    private int Run(ParseResult parsed)
    {
        CallRecording recording = RecordingFile.Load(parsed.GetRequiredValue(_file));
        IReadOnlyList<RecordingFinding> findings = RecordingCheck.Run(recording, HcsApis.All);
        string[] others = [.. recording.Apis.Keys.Where(static name => HcsApis.All.All(api => api.Name != name))];
        if (parsed.GetValue(CommonOptions.Json))
        {
            RecordingCheckJson.Print(recording, findings, others);
        }
        else
        {
            PrintText(recording, findings, others);
        }

        return findings.Count == 0 ? ExitStatus.Done : ExitStatus.Findings;
    }

    private static void PrintText(CallRecording recording, IReadOnlyList<RecordingFinding> findings, string[] others)
    {
        foreach (RecordingFinding finding in findings)
        {
            Terminal.Out.WriteLine(finding.Line is { } line
                ? string.Create(CultureInfo.InvariantCulture, $"{recording.Source}:{line}: {finding.Message}")
                : $"{recording.Source}: {finding.Message}");
        }

        // "No findings" must not promise more than was looked at.
        foreach (string api in others)
        {
            bool handles = recording.Apis[api].Handles.Count > 0;
            Terminal.Out.WriteLine($"{recording.Source}: note: {api} is no API of this program: "
                + (handles ? "its handles were followed by what the file says of them" : "the file tells of no handles of it")
                + ", and whether its declarations have changed was not checked");
        }

        string verdict = findings.Count == 0 ? "no findings" : string.Create(CultureInfo.InvariantCulture, $"findings: {findings.Count}");
        Terminal.Out.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{recording.Source}: {recording.Calls.Count} calls, "
            + $"{recording.Origin.Kind}, data: {RecordingText.Name(recording.Data)}, {verdict}"));
    }
}
