using System.Diagnostics;
using System.Globalization;

namespace AotLayers.App;

/// <summary>
/// Runs a program that is not ours with the recorder inside it, and writes down what it asks of the libraries
/// (docs/decisions/ring.md#who-does-what).
/// </summary>
public static class ProgramRecording
{
    private const string RingVariable = "AOTLAYERS_RECORD";
    private const string ApisVariable = "AOTLAYERS_RECORD_APIS";
    private const string FollowVariable = "AOTLAYERS_RECORD_FOLLOW";

    // A program that calls nothing costs a look every so often.
    private const int BusyWait = 1;
    private const int IdleWait = 10;
    private const int BusyLooks = 50;

    /// <summary>Runs the program to its end. Its streams, its current directory and its environment are those of this process.</summary>
    /// <exception cref="FileNotFoundException">The program or the recorder is not there; nothing was started.</exception>
    /// <exception cref="RefusedException">The recorder cannot be put into the program; nothing was started.</exception>
    /// <exception cref="IOException">The recording cannot be made, or the program not started.</exception>
    public static ProgramRecordingResult Run(ProgramRecordingOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        string program = ProgramFile.Find(options.Program);
        ProgramFile.RequireFit(program);
        if (options.Follow && OperatingSystem.IsWindows())
        {
            throw new RefusedException(
                unchecked((int)ErrorCodes.NotSupported), "--follow is for Linux: on Windows record each process by itself");
        }

        string library = RecorderLibrary.Find(options.Recorder);
        using var folder = new SharedFolder();
        string ring = Path.Combine(folder.Path, "ring");
        List<ProcessRecording> recordings = [];
        try
        {
            Add(recordings, ring, options);
            Dictionary<string, string> variables = new(StringComparer.Ordinal)
            {
                [RingVariable] = ring,
                [ApisVariable] = string.Join(',', options.Apis),
                [FollowVariable] = options.Follow ? "1" : "",
            };
            using var started = StartedProgram.Start(
                program, options.Arguments, library, folder.Path, variables, $"{ring}.1\n{string.Join(',', options.Apis)}");
            Follow(recordings, ring, options, started);
            return End(recordings, started);
        }
        finally
        {
            foreach (ProcessRecording recording in recordings)
            {
                recording.Dispose();
            }
        }
    }

    private static void Follow(List<ProcessRecording> recordings, string ring, ProgramRecordingOptions options, StartedProgram started)
    {
        int idle = 0;
        bool hasEnded = false;
        while (true)
        {
            bool any = false;
            for (int i = 0; i < recordings.Count; i++)
            {
                any |= recordings[i].Take(isDead: false);
            }

            if (options.Follow && recordings[^1].ProcessId != 0)
            {
                Add(recordings, ring, options);
            }

            idle = any ? 0 : idle + 1;
            int wait = idle == 0 ? 0 : idle < BusyLooks ? BusyWait : IdleWait;
            if (!hasEnded)
            {
                hasEnded = started.Wait(wait);
            }
            else if (!recordings.Any(r => r.ProcessId != started.Id && IsAlive(r.ProcessId)))
            {
                // What the program started, and what is recorded, may outlive it.
                return;
            }
            else
            {
                Thread.Sleep(wait);
            }
        }
    }

    private static ProgramRecordingResult End(List<ProcessRecording> recordings, StartedProgram started)
    {
        List<RecordedProcess> processes = [];
        foreach (ProcessRecording recording in recordings)
        {
            RecordedProcess process = recording.End(started.WasCut && recording.ProcessId == started.Id);
            if (process.ProcessId != 0 || processes.Count == 0)
            {
                processes.Add(process);
            }
            else
            {
                // Made for a process that did not come.
                recording.Dispose();
                File.Delete(process.Path);
            }
        }

        return new ProgramRecordingResult
        {
            ExitStatus = started.ExitStatus,
            Failure = started.Failure,
            Processes = processes,
            OtherProcesses = recordings.Count == 1 ? recordings[0].OtherProcesses : 0,
        };
    }

    private static void Add(List<ProcessRecording> recordings, string ring, ProgramRecordingOptions options)
    {
        int number = recordings.Count + 1;
        string path = number == 1 ? options.Output : Numbered(options.Output, number);
        recordings.Add(new ProcessRecording(path, string.Create(CultureInfo.InvariantCulture, $"{ring}.{number}"), options));
    }

    // run.json.gz and its like keep both of their extensions.
    private static string Numbered(string path, int number)
    {
        string folder = Path.GetDirectoryName(path) ?? "";
        string name = Path.GetFileName(path);
        int dot = name.IndexOf(".json", StringComparison.OrdinalIgnoreCase);
        dot = dot > 0 ? dot : name.LastIndexOf('.') is > 0 and int last ? last : name.Length;
        return Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"{name[..dot]}.{number}{name[dot..]}"));
    }

    private static bool IsAlive(int processId)
    {
        if (processId == 0)
        {
            return false;
        }

        try
        {
            using var process = Process.GetProcessById(processId);
            return !process.HasExited;
        }
        catch (Exception e) when (e is ArgumentException or InvalidOperationException or System.ComponentModel.Win32Exception)
        {
            return false;
        }
    }
}
