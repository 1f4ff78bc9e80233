using AotLayers.Hcs;
using AotLayers.Interop;

namespace AotLayers.App;

/// <summary>
/// A machine as it was chosen, open for the time of one task, with the recorder or replayer that belongs to it. Used by the command line
/// and the C interface, so that a choice means the same in both.
/// </summary>
public sealed class HcsSession : IDisposable
{
    private readonly Recorder? _recorder;
    private readonly Replayer? _replayer;
    private readonly FaultPlan? _faults;
    private readonly string? _recordPath;

    private HcsSession(HcsMachine machine, Recorder? recorder, Replayer? replayer, FaultPlan? faults, string? recordPath)
    {
        Machine = machine;
        _recorder = recorder;
        _replayer = replayer;
        _faults = faults;
        _recordPath = recordPath;
    }

    /// <summary>The machine, wrapped by the recorder when there is one.</summary>
    public HcsMachine Machine { get; }

    /// <summary>
    /// The first time that the program left a replayed recording; errors that came later only follow from it. Null without one.
    /// </summary>
    public ReplayException? Departure => _replayer?.Failure;

    /// <summary>Opens the chosen machine.</summary>
    /// <param name="options">Which machine, and whether to record.</param>
    /// <exception cref="PlatformNotSupportedException"><c>native</c> was chosen on an OS that has no Host Compute Service.</exception>
    /// <exception cref="MissingLibraryException">The library of <c>lib:</c> does not load.</exception>
    /// <exception cref="RecordingFormatException">The file of <c>replay:</c> is malformed.</exception>
    /// <exception cref="FormatException">The options of <c>sim:</c> cannot be read.</exception>
    /// <exception cref="UsageException">A fault is none, or can never happen.</exception>
    /// <exception cref="IOException">A file cannot be opened.</exception>
    public static HcsSession Open(HcsSessionOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        Replayer? replayer = null;
        Recorder? recorder = null;
        FaultPlan? faults = ReadFaults(options);
        try
        {
            HcsMachine machine;
            switch (options.Choice.Kind)
            {
                case HcsChoiceKind.Replay:
                    ReplayOrder order = faults is null ? options.ReplayOrder : ReplayOrder.Skipping;
                    replayer = new Replayer(CallRecording.Load(options.Choice.Path), new ReplayOptions { Order = order });
                    machine = HcsMachine.Replayed(replayer);
                    break;
                case HcsChoiceKind.Simulator:
                    machine = SimulatorChoice.Open(options.Choice.Path);
                    break;
                case HcsChoiceKind.Library:
                    machine = HcsMachine.Native(options.Choice.Path);
                    break;
                default:
                    machine = Native();
                    break;
            }

            // Below the recorder: what a fault made of a call is what the recording has.
            machine = faults is null ? machine : Faulting(machine, faults);
            string? swept = Environment.GetEnvironmentVariable(FaultEnvironment.Calls) is { Length: > 0 } calls ? calls : null;
            if ((options.RecordPath ?? swept) is { } path)
            {
                string kind = options.Choice.Kind == HcsChoiceKind.Simulator ? RecordingOrigin.Simulated : RecordingOrigin.Live;
                recorder = Recorder.Create(path, new RecorderOptions
                {
                    Origin = RecordingOrigin.Current(kind),
                    Data = options.RecordPath is null ? DataPolicy.Lengths : options.RecordData,
                    Timing = options.RecordTiming,
                });
                machine = machine.Recorded(recorder);
            }

            return new HcsSession(machine, recorder, replayer, faults, options.RecordPath ?? swept);
        }
        catch
        {
            recorder?.Dispose();
            replayer?.Dispose();
            throw;
        }
    }

    /// <summary>Enables privileges of the process where the machine has any; disposing of the result gives them back.</summary>
    /// <param name="names">Names such as <see cref="PrivilegeScope.Backup"/>.</param>
    /// <exception cref="HcsException">A privilege is not held.</exception>
    public PrivilegeScope EnablePrivileges(params ReadOnlySpan<string> names) => PrivilegeScope.Enable(Machine, names);

    /// <summary>After the task succeeded: checks that all of a replayed recording was used. Does nothing without a replay.</summary>
    /// <exception cref="ReplayException">The recording has calls that the task did not make, or handles that it did not end.</exception>
    /// <exception cref="RefusedException">A fault of the plan never happened.</exception>
    public void VerifyReplay()
    {
        _replayer?.VerifyComplete();
        try
        {
            _faults?.VerifyComplete();
        }
        catch (InvalidOperationException e)
        {
            throw new RefusedException(unchecked((int)ErrorCodes.InvalidState), e.Message);
        }
    }

    /// <summary>After the task: completes the recording. Does nothing without one.</summary>
    /// <exception cref="RecordingFailedException">The recording could not be written to its end. What the task made is not
    /// affected.</exception>
    public void CompleteRecording()
    {
        if (_recorder is null)
        {
            return;
        }

        _recorder.Complete();
        if (_recorder.Failure is { } failure)
        {
            throw new RecordingFailedException(_recordPath!, failure);
        }
    }

    /// <summary>
    /// Closes everything. A recording is completed here too when the task failed: all calls that it made are in it, and a failure is what
    /// one wants to see.
    /// </summary>
    public void Dispose()
    {
        _recorder?.Complete();
        _recorder?.Dispose();
        _replayer?.Dispose();
    }

    private static FaultPlan? ReadFaults(HcsSessionOptions options)
    {
        try
        {
            return FaultEnvironment.Read(options.Faults);
        }
        catch (FormatException e)
        {
            throw new UsageException(e.Message);
        }
    }

    private static HcsMachine Faulting(HcsMachine machine, FaultPlan faults)
    {
        try
        {
            machine = machine.Faulting(faults);
            faults.VerifyNames();
            return machine;
        }
        catch (ArgumentException e)
        {
            throw new UsageException(e.Message);
        }
    }

    private static HcsMachine Native() => OperatingSystem.IsWindows()
        ? HcsMachine.Native()
        : throw new PlatformNotSupportedException("this operating system has no Host Compute Service");
}

/// <summary>The calls went well, but their recording could not be written to its end.</summary>
public sealed class RecordingFailedException : IOException
{
    /// <summary>Makes the exception.</summary>
    /// <param name="path">The recording.</param>
    /// <param name="cause">The first failure to write.</param>
    public RecordingFailedException(string path, Exception cause)
        : base($"the recording {path} is incomplete: {cause?.Message}", cause) => Path = path;

    /// <summary>The recording.</summary>
    public string Path { get; }
}
