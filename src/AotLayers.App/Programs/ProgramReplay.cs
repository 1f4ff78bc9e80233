using System.Globalization;
using AotLayers.Interop;

namespace AotLayers.App;

/// <summary>Runs a program that is not ours, and answers its calls from a recording.</summary>
public static class ProgramReplay
{
    private const int Wait = 2;

    /// <summary>Runs the program to its end. Its streams, its current directory and its environment are those of this process.</summary>
    /// <exception cref="FileNotFoundException">The program or the library is not there; nothing was started.</exception>
    /// <exception cref="RefusedException">The library cannot be put into the program; nothing was started.</exception>
    /// <exception cref="RecordingFormatException">The recording is malformed.</exception>
    /// <exception cref="PlatformNotSupportedException">This system is not Linux.</exception>
    public static ProgramReplayResult Run(ProgramReplayOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (!OperatingSystem.IsLinux())
        {
            throw new PlatformNotSupportedException("programs are answered from recordings on Linux only");
        }

        string program = ProgramFile.Find(options.Program);
        ProgramFile.RequireFit(program);
        string library = RecorderLibrary.Find(options.Recorder);
        string path = Path.GetFullPath(options.Recording);
        var recording = CallRecording.Load(path);
        using var folder = new SharedFolder();
        string ring = Path.Combine(folder.Path, "ring");
        string log = Path.Combine(folder.Path, "log");
        using var made = new MemoryStream();
        using var recorder = Interop.Recorder.Create(made, new RecorderOptions { Origin = recording.Origin, Data = recording.Data });
        using var remote = RemoteRecording.Create(ring, recorder);
        Dictionary<string, string> variables = new(StringComparer.Ordinal)
        {
            ["AOTLAYERS_HCS"] = new HcsChoice(HcsChoiceKind.Replay, path).ToString(),
            ["AOTLAYERS_REPLAY"] = ring,
            ["AOTLAYERS_SHIM_LOG"] = log,
            ["AOTLAYERS_REPLAY_ORDER"] = OptionWords.ReplayOrder.NameOf(options.Order),
        };
        using var started = StartedProgram.Start(program, options.Arguments, library, folder.Path, variables, settings: "");
        Exception? failure = null;
        try
        {
            while (!started.Wait(Wait))
            {
                remote.Take(processIsDead: false);
            }

            remote.Take(processIsDead: true);
        }
        catch (InvalidDataException e)
        {
            failure = e;
            while (!started.Wait(Timeout.Infinite))
            {
            }
        }

        recorder.Complete();
        made.Position = 0;
        return new ProgramReplayResult
        {
            ExitStatus = started.ExitStatus,
            Calls = remote.Calls,
            Departure = File.Exists(log) ? File.ReadLines(log).FirstOrDefault() : null,
            NeverMade = NeverMade(recording, CallRecording.Load(made, "the program")),
            Failure = failure,
        };
    }

    // What was asked was checked as it was asked; what is left to see is what was not. Reads in larger pieces are fewer and lack nothing.
    private static List<string> NeverMade(CallRecording expected, CallRecording actual)
    {
        IReadOnlyList<CallTotals> made = RecordingSummary.Of(actual, RecordableApis.All).Functions;
        List<string> lines = [];
        foreach (CallTotals recorded in RecordingSummary.Of(expected, RecordableApis.All).Functions)
        {
            CallTotals? now = made.FirstOrDefault(f => f.Name == recorded.Name);
            int calls = now?.Calls ?? 0;
            if (calls < recorded.Calls && (recorded.BytesOut == 0 || now is null || now.BytesOut < recorded.BytesOut))
            {
                lines.Add(string.Create(
                    CultureInfo.InvariantCulture,
                    $"{recorded.Calls - calls} of {recorded.Calls} calls of {recorded.Name} were never made"));
            }
        }

        return lines;
    }
}
