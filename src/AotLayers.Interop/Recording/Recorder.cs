using System.Buffers;
using System.Diagnostics;

namespace AotLayers.Interop;

/// <summary>
/// Writes calls to a recording. What is on disk is loadable at every moment: the open calls are named at the end of the file, a finished
/// call replaces its opening, and nothing waits in a buffer. Failing to write never disturbs the recorded program: see
/// <see cref="Failure"/>. Thread-safe.
/// </summary>
public sealed partial class Recorder : IDisposable, ICallWriterHost
{
    private readonly Lock _lock = new();
    private readonly RecordingJournal _journal;
    private readonly RecorderOptions _options;
    private readonly Action<ReadOnlyMemory<byte>>? _finished;
    private readonly Action<NativeApiInfo>? _registered;
    private readonly Stack<CallInProgress> _pool = new();
    private readonly ArrayBufferWriter<byte> _line = new(1024);
    private readonly Dictionary<int, int> _threads = [];
    private readonly Dictionary<string, RecordedApi> _apis = new(StringComparer.Ordinal);
    private readonly Dictionary<string, NativeApiInfo> _registeredApis = new(StringComparer.Ordinal);
    private readonly HashSet<ContentHash> _stored = [];
    private readonly HandleSymbols _handles = new();
    private RecordingOrigin _origin;
    private CallInProgress? _spare;
    private bool _headerStale;
    private bool _ended;
    private long _nextSeq = 1;

    internal Recorder(
        RecordingSink sink,
        RecorderOptions options,
        Action<ReadOnlyMemory<byte>>? finished = null,
        Action<NativeApiInfo>? registered = null)
    {
        _options = options;
        _finished = finished;
        _registered = registered;
        _origin = options.Origin;
        _journal = new RecordingJournal(sink, RecordingHeader.Write(_origin, options.Data, _apis));
    }

    /// <summary>
    /// The first failure to write (full disk, a call after the end). Nothing is written after it; what was written stays loadable.
    /// </summary>
    public Exception? Failure { get; private set; }

    DataPolicy ICallWriterHost.Data => _options.Data;

    /// <summary>Creates or replaces a recording file.</summary>
    /// <exception cref="IOException">The file cannot be created.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be created.</exception>
    public static Recorder Create(string path, RecorderOptions options)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentNullException.ThrowIfNull(options);
        return Create(new FileRecordingSink(path), options);
    }

    /// <summary>Records to a seekable and readable stream, from its beginning. The stream stays open.</summary>
    public static Recorder Create(Stream stream, RecorderOptions options)
    {
        ArgumentNullException.ThrowIfNull(stream);
        ArgumentNullException.ThrowIfNull(options);
        return Create(new StreamRecordingSink(stream), options);
    }

    /// <summary>
    /// Takes an API's facts into the header: library, signatures, handles, which exports are there. Recording decorators call it when
    /// they are made.
    /// </summary>
    /// <exception cref="InvalidOperationException">Another API with this name is recorded already.</exception>
    public void Register(INativeApi api)
    {
        ArgumentNullException.ThrowIfNull(api);
        CheckName(api.Info);
        _registered?.Invoke(api.Info);
        if (_remote is not null)
        {
            _remote.Register(api.Info.Name, RecordedApi.Of(api));
            return;
        }

        if (api is IReplayedApi replay)
        {
            CallRecording source = replay.Replayer.Recording;
            lock (_lock)
            {
                _origin = source.Origin;
                foreach ((string name, RecordedApi facts) in source.Apis)
                {
                    _apis[name] = facts;
                }

                _headerStale = true;
            }

            return;
        }

        var probed = RecordedApi.Of(api);
        lock (_lock)
        {
            _headerStale |= _apis.TryAdd(api.Info.Name, probed);
        }
    }

    // Two APIs of one name would be one in the file, with the signatures of the first.
    private void CheckName(NativeApiInfo api)
    {
        lock (_lock)
        {
            if (_registeredApis.TryAdd(api.Name, api) || _registeredApis[api.Name] is var known && known.IsSame(api))
            {
                return;
            }

            throw new InvalidOperationException(
                $"Two APIs are named '{api.Name}', one of {known.Library}, one of {api.Library}; recordings know an API by its name, so "
                    + "give each a name of its own.");
        }
    }

    /// <summary>
    /// Begins a call: write <see cref="CallInProgress.In"/>, then <see cref="CallInProgress.Start"/>. Dispose the result.
    /// </summary>
    public CallInProgress Enter(NativeApiInfo api, string function)
    {
        CallInProgress? call = Interlocked.Exchange(ref _spare, null);
        if (call is null)
        {
            lock (_lock)
            {
                _pool.TryPop(out call);
            }
        }

        call ??= new CallInProgress(this);
        call.Api = api;
        call.Function = function;
        call.State = CallState.Entered;
        if (_options.Rules is { } rules)
        {
            call.In.Apply(rules, function);
            call.Out.Apply(rules, function);
        }

        return call;
    }

    /// <summary>Writes the footer: the recording is complete, unless calls are still open.</summary>
    public void Complete()
    {
        lock (_lock)
        {
            if (_ended || Failure is not null || _remote is not null)
            {
                return;
            }

            _ended = true;
            try
            {
                RefreshHeader();
                _journal.End(RecordingHeader.WriteEnd(_journal.Lines, !_journal.InFlight.Any()));
                _journal.Compress();
            }
            catch (Exception e) when (IsWriteFailure(e))
            {
                GiveUp(e, null);
            }
        }
    }

    /// <summary>Closes the file. Without <see cref="Complete"/> it stays incomplete, and says so.</summary>
    public void Dispose()
    {
        lock (_lock)
        {
            if (!_ended && Failure is null && _remote is null)
            {
                try
                {
                    RefreshHeader();
                    _journal.Stop();
                }
                catch (Exception e) when (IsWriteFailure(e))
                {
                    GiveUp(e, null);
                }
            }

            _ended = true;
            _journal?.Dispose();
        }
    }

    bool ICallWriterHost.IsStored(in ContentHash hash)
    {
        lock (_lock)
        {
            return Failure is not null || _stored.Contains(hash);
        }
    }

    string ICallWriterHost.Use(string kind, nint value)
    {
        lock (_lock)
        {
            return _handles.Use(kind, value);
        }
    }

    string ICallWriterHost.Produce(string kind, nint value)
    {
        lock (_lock)
        {
            return _handles.Produce(kind, value);
        }
    }

    string ICallWriterHost.Consume(string kind, nint value)
    {
        lock (_lock)
        {
            return _handles.Consume(kind, value);
        }
    }

    string ICallWriterHost.Keep(string kind, nint value)
    {
        lock (_lock)
        {
            return _handles.Keep(kind, value);
        }
    }

    /// <summary>The functions that stand for the program's.</summary>
    internal CallbackWrappers Wrappers { get; } = new();

    string ICallWriterHost.Borrow(string kind, nint value)
    {
        lock (_lock)
        {
            return _handles.Borrow(kind, value);
        }
    }

    internal void Start(CallInProgress call)
    {
        if (_remote is not null)
        {
            StartRemote(call);
            return;
        }

        lock (_lock)
        {
            call.EnterThread();
            Number(call, Environment.CurrentManagedThreadId);
        }

        call.Started = Stopwatch.GetTimestamp();
    }

    // Under the lock: from here on the call has its place in the file.
    private void Number(CallInProgress call, int threadId)
    {
        if (!_threads.TryGetValue(threadId, out int thread))
        {
            thread = _threads.Count + 1;
            _threads.Add(threadId, thread);
        }

        call.Thread = thread;
        call.Seq = _nextSeq++;
        call.State = CallState.Started;
        CallLine.WriteOpening(call.Opening, call);
        if (CanWrite())
        {
            try
            {
                RefreshHeader();
                _journal.Open(call);
            }
            catch (Exception e) when (IsWriteFailure(e))
            {
                GiveUp(e, call);
            }
        }
    }

    internal void Return(CallInProgress call, in ReturnValue value)
    {
        long duration = Stopwatch.GetTimestamp() - call.Started;
        if (_remote is null)
        {
            Return(call, value, duration);
            return;
        }

        call.State = CallState.Returned;
        call.LeaveThread();
        _remote.Finish(call, value, duration);
    }

    private void Return(CallInProgress call, in ReturnValue value, long duration)
    {
        ReturnValue result = value;
        lock (_lock)
        {
            if (result.Succeeded)
            {
                foreach ((string kind, nint handle, string ended) in call.In.EndsOnSuccess)
                {
                    _handles.End(kind, handle, ended);
                }
            }

            if (call.State != CallState.Started)
            {
                throw new InvalidOperationException($"{call.Function} returns without having been started, or a second time.");
            }

            call.State = CallState.Returned;
            call.LeaveThread();
            if (!CanWrite())
            {
                _journal.Forget(call);
                return;
            }

            _line.ResetWrittenCount();
            _line.Write(_journal.Separator);
            int lineStart = _line.WrittenCount;
            CallLine.WriteFinished(_line, call, result, _handles, _stored, _options.Timing ? duration : null);
            try
            {
                _journal.Finish(call, _line.WrittenSpan);
            }
            catch (Exception e) when (IsWriteFailure(e))
            {
                GiveUp(e, null);
                return;
            }

            _finished?.Invoke(_line.WrittenMemory[lineStart..]);
        }
    }

    internal void Release(CallInProgress call)
    {
        if (call.State == CallState.Free)
        {
            return;
        }

        if (call.State == CallState.Started)
        {
            if (_remote is not null)
            {
                call.LeaveThread();
                _remote.Abandon(call);
            }
            else
            {
                lock (_lock)
                {
                    Abandon(call);
                }
            }
        }

        call.Reset();
        if (Interlocked.CompareExchange(ref _spare, call, null) is not null)
        {
            lock (_lock)
            {
                _pool.Push(call);
            }
        }
    }

    private static Recorder Create(RecordingSink sink, RecorderOptions options)
    {
        try
        {
            return new Recorder(sink, options);
        }
        catch
        {
            sink.Dispose();
            throw;
        }
    }

    // The recorded object threw instead of answering: no native call came back, so the file forgets the opening.
    private void Abandon(CallInProgress call)
    {
        call.LeaveThread();
        if (call.Seq == _nextSeq - 1)
        {
            _nextSeq--;
        }

        if (!CanWrite())
        {
            _journal.Forget(call);
            return;
        }

        try
        {
            _journal.Close(call);
        }
        catch (Exception e) when (IsWriteFailure(e))
        {
            GiveUp(e, null);
        }
    }

    private bool CanWrite()
    {
        if (_ended)
        {
            Failure ??= new InvalidOperationException("A call came after the recording had ended; it is not in the file.");
        }

        return Failure is null;
    }

    private void RefreshHeader()
    {
        if (_headerStale)
        {
            _journal.ReplaceHeader(RecordingHeader.Write(_origin, _options.Data, _apis));
            _headerStale = false;
        }
    }

    // ArgumentOutOfRangeException is how .NET reports a file that may not become larger (EFBIG).
    private static bool IsWriteFailure(Exception e) =>
        e is IOException or UnauthorizedAccessException or ObjectDisposedException or NotSupportedException or ArgumentOutOfRangeException;

    // A failed write may have left half a line: the openings fit into the room that they had, even on a full disk.
    private void GiveUp(Exception failure, CallInProgress? opening)
    {
        Failure = failure;
        try
        {
            _journal.Stop(opening is { Slot: < 0 } ? opening : null);
        }
        catch (Exception e) when (IsWriteFailure(e))
        {
            // The loader copes with the half line; the first failure is the one to report.
            return;
        }
    }
}
