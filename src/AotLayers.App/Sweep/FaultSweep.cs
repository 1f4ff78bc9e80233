using System.Diagnostics;
using System.Globalization;
using AotLayers.Interop;

namespace AotLayers.App;

/// <summary>
/// Runs a command once for each recorded call, with that call failing (docs/commands/sweep.md). The plan reaches the command, and
/// whatever it starts, by environment variables that this program, its C library and the stand-in <c>vmcompute.dll</c> read.
/// </summary>
public sealed class FaultSweep
{
    private readonly SweepOptions _options;
    private readonly string _folder;
    private readonly CancellationToken _cancellation;
    private int _next = -1;

    private FaultSweep(SweepOptions options, string folder, CancellationToken cancellation)
    {
        _options = options;
        _folder = folder;
        _cancellation = cancellation;
    }

    /// <summary>The run without a fault.</summary>
    public SweepRun Baseline { get; private set; } = null!;

    /// <summary>The runs with a fault, by the number of the call.</summary>
    public IReadOnlyList<SweepRun> Runs { get; private set; } = [];

    /// <summary>Sweeps.</summary>
    /// <param name="options">What, and how.</param>
    /// <param name="progress">Told how many runs of how many are done; null for nobody. Called by several threads, one at a time.</param>
    /// <param name="cancellationToken">Ends the runs.</param>
    /// <exception cref="RefusedException">The command fails without a fault, or makes no call that could fail.</exception>
    public static FaultSweep Run(SweepOptions options, Action<int, int>? progress, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(options);
        string folder = Directory.CreateTempSubdirectory("aotlayers").FullName;
        try
        {
            FaultSweep sweep = new(options, folder, cancellationToken);
            sweep.RunAll(progress);
            return sweep;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private void RunAll(Action<int, int>? progress)
    {
        Baseline = new SweepRun { Fault = "", Seq = 0 };
        Execute(Baseline, 0);
        if (Baseline.Outcome != SweepOutcome.Survived)
        {
            throw new RefusedException(
                unchecked((int)ErrorCodes.InvalidState),
                string.Create(CultureInfo.InvariantCulture, $"the command fails without a fault already (status {Baseline.ExitStatus}")
                    + (Baseline.Message is { } message ? $": {message})" : ")"));
        }

        CallRecording? recording = _options.Recording ?? Baseline.Calls;
        SweepRun[] runs = recording is null ? [] : [.. Plan(recording)];
        if (runs.Length == 0)
        {
            throw new RefusedException(
                unchecked((int)ErrorCodes.InvalidState),
                recording is null
                    ? "the command made no call through this program, its library or the stand-in vmcompute: there is nothing to fail"
                    : "no recorded call fits that could fail");
        }

        int done = 0;
        Lock told = new();
        var workers = new Thread[Math.Min(_options.Jobs, runs.Length)];
        Exception? failure = null;
        for (int i = 0; i < workers.Length; i++)
        {
            workers[i] = new Thread(() =>
            {
                try
                {
                    int at;
                    while ((at = Interlocked.Increment(ref _next)) < runs.Length && failure is null)
                    {
                        Execute(runs[at], at + 1);
                        lock (told)
                        {
                            progress?.Invoke(++done, runs.Length);
                        }
                    }
                }
#pragma warning disable CA1031 // It is thrown again by the thread that waits.
                catch (Exception e)
#pragma warning restore CA1031
                {
                    failure ??= e;
                }
            });
            workers[i].Start();
        }

        foreach (Thread worker in workers)
        {
            worker.Join();
        }

        if (failure is not null)
        {
            throw failure;
        }

        Runs = runs;
    }

    // One fault for each call that can fail: which of its function's calls it is, as the plan counts them.
    private IEnumerable<SweepRun> Plan(CallRecording recording)
    {
        Dictionary<string, int> counts = new(StringComparer.Ordinal);
        HashSet<RecordedCall> chosen = [.. _options.Filter.Select(recording)];
        foreach (RecordedCall call in recording.Calls.OrderBy(static call => call.Seq))
        {
            string name = $"{call.Api}!{call.Function}";
            int number = counts.GetValueOrDefault(name) + 1;
            counts[name] = number;
            NativeFunctionInfo? function = HcsApis.All.FirstOrDefault(api => api.Name == call.Api)?.FindFunction(call.Function);
            if (chosen.Contains(call) && function?.CanFail != false)
            {
                yield return new SweepRun
                {
                    Fault = string.Create(CultureInfo.InvariantCulture, $"{name}#{number}={_options.Code}"),
                    Seq = call.Seq,
                };
            }
        }
    }

    private void Execute(SweepRun run, int number)
    {
        _cancellation.ThrowIfCancellationRequested();
        string folder = Path.Combine(_folder, number.ToString(CultureInfo.InvariantCulture));
        string work = Directory.CreateDirectory(Path.Combine(folder, "dir")).FullName;
        string temporary = Directory.CreateDirectory(Path.Combine(folder, "tmp")).FullName;
        string fired = Path.Combine(folder, "fired");
        string calls = Path.Combine(folder, "calls.json");
        HashSet<string> before = [.. Entries(_options.Watched)];
        bool ended = Start(run, Arguments(work), new Dictionary<string, string>(StringComparer.Ordinal)
        {
            [FaultEnvironment.Plan] = run.Fault,
            [FaultEnvironment.Fired] = fired,
            [FaultEnvironment.Calls] = calls,
            ["TMPDIR"] = temporary,
            ["TMP"] = temporary,
            ["TEMP"] = temporary,
        });
        run.Outcome = !ended ? SweepOutcome.Hung
            : IsCrash(run.ExitStatus) ? SweepOutcome.Crashed
            : run.Fault.Length > 0 && !File.Exists(fired) ? SweepOutcome.NotReached
            : run.ExitStatus != 0 ? SweepOutcome.Failed
            : SweepOutcome.Survived;
        if (File.Exists(calls))
        {
            run.Calls = CallRecording.Load(calls);
            run.Leaks = [.. RecordedHandle.Of(run.Calls, HcsApis.All).Where(static handle => handle.IsLeaked).Select(static h => h.Symbol)];
        }

        // What a successful run leaves are its results: those of the run without a fault are known.
        List<string> left = [.. Entries([work, temporary]).Select(path => Path.GetRelativePath(folder, path))];
        left.AddRange(Entries(_options.Watched).Where(path => !before.Contains(path)));
        run.Leftovers = run.Fault.Length > 0 && run.Outcome is SweepOutcome.Survived or SweepOutcome.NotReached
            ? [.. left.Where(path => !Baseline.Leftovers.Contains(path))]
            : left;
        if (run.Fault.Length > 0)
        {
            run.Calls = null;
            Directory.Delete(folder, recursive: true);
        }
    }

    private string[] Arguments(string work) =>
        [.. _options.Command.Select(argument => argument.Replace("{dir}", work, StringComparison.Ordinal))];

    private static IEnumerable<string> Entries(IEnumerable<string> folders) => folders
        .Where(Directory.Exists)
        .SelectMany(static folder => Directory.EnumerateFileSystemEntries(folder, "*", SearchOption.AllDirectories))
        .Order(StringComparer.Ordinal);

    // Unix: 128 and the signal, as shells have it. Windows: a status of NT's that is an error.
    private static bool IsCrash(int status) => OperatingSystem.IsWindows() ? (uint)status >= 0xC0000000 : status is > 128 and < 193;

    /// <returns>Whether it ended in time.</returns>
    private bool Start(SweepRun run, string[] command, Dictionary<string, string> environment)
    {
        ProcessStartInfo start = new(command[0], command[1..])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        foreach ((string name, string value) in environment)
        {
            start.Environment[name] = value;
        }

        var clock = Stopwatch.StartNew();
        using Process process = Begin(start);
        process.StandardInput.Close();
        process.OutputDataReceived += static (_, _) => { };
        process.ErrorDataReceived += (_, line) => run.Message = string.IsNullOrWhiteSpace(line.Data) ? run.Message : line.Data;
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        using CancellationTokenRegistration cancelled = _cancellation.Register(() => Kill(process));
        bool ended = process.WaitForExit(_options.Timeout);
        if (!ended)
        {
            Kill(process);
        }

        process.WaitForExit();
        _cancellation.ThrowIfCancellationRequested();
        run.Milliseconds = clock.ElapsedMilliseconds;
        run.ExitStatus = process.ExitCode;
        return ended;
    }

    private static Process Begin(ProcessStartInfo start)
    {
        try
        {
            return Process.Start(start)!;
        }
        catch (System.ComponentModel.Win32Exception e)
        {
            throw new FileNotFoundException($"{start.FileName} cannot be started: {e.Message}", e);
        }
    }

    private static void Kill(Process process)
    {
        try
        {
            process.Kill(entireProcessTree: true);
        }
        catch (InvalidOperationException)
        {
            // It has ended by itself.
        }
    }
}
