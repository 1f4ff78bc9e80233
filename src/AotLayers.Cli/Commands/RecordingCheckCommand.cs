using System.CommandLine;
using System.Globalization;
using AotLayers.Cli.Options;
using AotLayers.Cli.Output;
using AotLayers.Hcs;
using AotLayers.Interop;

namespace AotLayers.Cli.Commands;

/// <summary><c>recording check FILE</c>: whether a recording is whole, replayable, and free of mistakes with handles.</summary>
internal sealed class RecordingCheckCommand
{
    private readonly Argument<string> _file = new("FILE") { Description = "The recording." };

    private RecordingCheckCommand()
    {
    }

    /// <summary>Makes the command.</summary>
    public static Command Create()
    {
        var check = new RecordingCheckCommand();
        var command = new Command(
            "check",
            "Check a recording: complete, replayable by this build, no handle leaked or used after its end. Exit status 3 on findings.");
        command.Add(check._file);
        command.Add(CommonOptions.Json);
        command.SetAction(check.Run);
        return command;
    }

    private int Run(ParseResult parsed)
    {
        var recording = CallRecording.Load(parsed.GetRequiredValue(_file));
        IReadOnlyList<RecordingFinding> findings = RecordingCheck.Run(
            recording,
            [VmcomputeApi.Info, Kernel32Api.Info, ComputestorageApi.Info, Advapi32Api.Info]);
        if (parsed.GetValue(CommonOptions.Json))
        {
            RecordingCheckJson.Print(recording, findings);
        }
        else
        {
            foreach (RecordingFinding finding in findings)
            {
                Terminal.Out.WriteLine(finding.Line is { } line
                    ? string.Create(CultureInfo.InvariantCulture, $"{recording.Source}:{line}: {finding.Message}")
                    : $"{recording.Source}: {finding.Message}");
            }

            string verdict = findings.Count == 0
                ? "no findings"
                : string.Create(CultureInfo.InvariantCulture, $"findings: {findings.Count}");
            Terminal.Out.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{recording.Source}: {recording.Calls.Count} calls, "
                + $"{recording.Origin.Kind}, data: {RecordingText.Name(recording.Data)}, {verdict}"));
        }

        return findings.Count == 0 ? ExitStatus.Done : ExitStatus.Findings;
    }
}
