using System.Diagnostics;

namespace AotLayers.Interop;

/// <content>
/// A recorder whose file another process writes, and the other process's part: taking calls that did not happen here.
/// </content>
public sealed partial class Recorder
{
    private readonly RemoteSender? _remote;

    private Recorder(RemoteSender remote)
    {
        _remote = remote;
        _options = new RecorderOptions();
        _origin = _options.Origin;
        _journal = null!;
    }

    /// <summary>
    /// Records into memory that another process made (<see cref="RemoteRecording.Create"/>), which writes the file: calls are copied, and
    /// nothing else happens here. Where that process has gone, nothing is recorded and nothing is disturbed.
    /// </summary>
    /// <param name="path">The file of the shared memory.</param>
    /// <param name="processId">The calling process.</param>
    /// <returns>Null when another process is recorded there.</returns>
    /// <exception cref="IOException">There is no such memory.</exception>
    /// <exception cref="InvalidDataException">It is another version's.</exception>
    public static Recorder? Attach(string path, int processId)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        var ring = SharedRing.Open(path);
        if (ring.TryOwn(processId))
        {
            return new Recorder(new RemoteSender(ring));
        }

        ring.CountOther();
        ring.Dispose();
        return null;
    }

    /// <summary>
    /// Tells of a call that was passed on and cannot be written down. Only a recorder of another process's file has somebody to tell.
    /// </summary>
    /// <param name="function">The function that was called.</param>
    public void NoteUnrecorded(string function) => _remote?.Unrecorded(function);

    /// <summary>Says that a simulator answers the calls, once that is known.</summary>
    public void SetSimulated()
    {
        if (_remote is not null)
        {
            _remote.Simulated();
            return;
        }

        lock (_lock)
        {
            _headerStale |= _origin.Kind != RecordingOrigin.Simulated;
            _origin = _origin with { Kind = RecordingOrigin.Simulated };
        }
    }

    internal DataPolicy Data => _options.Data;

    internal CallWriter CreateIn() => _remote?.CreateWriter() ?? new CallWriter(this);

    internal CallWriter CreateOut() => _remote?.CreateWriter() ?? new CallWriter(this, numbersLater: true);

    /// <summary>Takes the facts of an API that another process probed.</summary>
    internal void Register(string name, RecordedApi facts)
    {
        lock (_lock)
        {
            _apis[name] = facts;
            _headerStale = true;
        }
    }

    /// <summary>Begins a call of another process: its in-arguments are written.</summary>
    /// <param name="call">The call.</param>
    /// <param name="thread">The thread's number in that process.</param>
    internal void Begin(CallInProgress call, int thread)
    {
        lock (_lock)
        {
            Number(call, thread);
        }
    }

    /// <summary>Ends a call of another process.</summary>
    /// <param name="call">The call.</param>
    /// <param name="value">What it returned.</param>
    /// <param name="ticks">How long it took.</param>
    internal void Finish(CallInProgress call, in ReturnValue value, long ticks) => Return(call, value, ticks);

    private void StartRemote(CallInProgress call)
    {
        call.Seq = _remote!.NextId();
        call.State = CallState.Started;
        call.EnterThread();
        _remote.Open(call);
        call.Started = Stopwatch.GetTimestamp();
    }
}
