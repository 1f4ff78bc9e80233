using System.Runtime.ExceptionServices;

namespace AotLayers.Interop;

/// <summary>
/// Makes the recorded callbacks of a replay again. One that came within a call, on its thread, is made within that call. One that came
/// from a thread of the library's is made on a thread of the replay's that stands for it, as soon as every call before it was made; a
/// call returns when the callbacks have that were done before it was.
/// </summary>
internal sealed class ReplayCallbacks : IDisposable
{
    private readonly Replayer _replayer;
    private readonly Lock _lock = new();
    private readonly Dictionary<long, List<RecordedCall>> _during = [];
    private readonly Dictionary<(long Of, string Parameter), ReplayedCallback> _functions = [];
    private readonly HashSet<RecordedCall> _made = [];
    private readonly LibraryThreads? _threads;

    public ReplayCallbacks(Replayer replayer)
    {
        _replayer = replayer;
        RecordedCall[] callbacks = [.. replayer.Recording.Callbacks.OrderBy(static c => c.Seq)];
        foreach (RecordedCall callback in callbacks.Where(static c => c.During != 0))
        {
            if (!_during.TryGetValue(callback.During, out List<RecordedCall>? within))
            {
                within = [];
                _during.Add(callback.During, within);
            }

            within.Add(callback);
        }

        RecordedCall[] free = [.. callbacks.Where(static c => c.During == 0)];
        _threads = free.Length == 0 ? null : new LibraryThreads(replayer, this, free);
    }

    /// <summary>There are callbacks.</summary>
    public bool Any => _replayer.Recording.Callbacks.Count > 0;

    /// <summary>The callbacks that were not made.</summary>
    public IEnumerable<RecordedCall> Left
    {
        get
        {
            _threads?.Settle();
            lock (_lock)
            {
                return [.. _replayer.Recording.Callbacks.Where(c => !_made.Contains(c))];
            }
        }
    }

    /// <summary>The program is about to make a call: in strict order, what the library's threads did before comes first.</summary>
    public void Before() => _threads?.Before();

    /// <summary>Recorded calls were matched: makes the callbacks that came within them.</summary>
    /// <param name="recorded">The call that answers.</param>
    /// <param name="served">All the recorded calls that the program's call used up.</param>
    /// <param name="functions">The functions that the program's call passes.</param>
    public void After(RecordedCall recorded, List<RecordedCall> served, List<(string Parameter, ReplayedCallback Function)>? functions)
    {
        if (!Any)
        {
            return;
        }

        lock (_lock)
        {
            foreach ((string parameter, ReplayedCallback function) in functions ?? [])
            {
                _functions[(recorded.Seq, parameter)] = function;
            }
        }

        _threads?.Start();

        // Callbacks make calls of their own: the list is this call's, but it may grow no more.
        foreach (RecordedCall call in served)
        {
            foreach (RecordedCall callback in _during.GetValueOrDefault(call.Seq) ?? [])
            {
                Make(callback);
            }
        }

        _threads?.After(recorded);
    }

    /// <summary>Makes a callback.</summary>
    public void Make(RecordedCall callback)
    {
        ReplayedCallback? function;
        lock (_lock)
        {
            _made.Add(callback);
            _functions.TryGetValue((callback.Of, callback.Function[(callback.Function.LastIndexOf('.') + 1)..]), out function);
        }

        using ReplayCall call = _replayer.EnterCallback(callback);
        if (function is not null)
        {
            function.Run(call);
        }
        else if (_replayer.Options.Order != ReplayOrder.Skipping)
        {
            throw call.Wrong($"the call that passed this function, seq {callback.Of}, was not made or passed none");
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _threads?.Dispose();

    /// <summary>Whether the function of a callback was passed.</summary>
    private bool IsPassed(RecordedCall callback)
    {
        lock (_lock)
        {
            return _functions.ContainsKey((callback.Of, callback.Function[(callback.Function.LastIndexOf('.') + 1)..]));
        }
    }

    /// <summary>The threads that stand for the library's own.</summary>
    private sealed class LibraryThreads : IDisposable
    {
        [ThreadStatic]
        private static int t_ordinal;

        private readonly object _gate = new();
        private readonly Replayer _replayer;
        private readonly ReplayCallbacks _callbacks;
        private readonly RecordedCall[] _free;
        private readonly HashSet<int> _ordinals;
        private readonly Dictionary<int, Queue<RecordedCall>> _queues = [];
        private readonly HashSet<RecordedCall> _unfinished = [];
        private ExceptionDispatchInfo? _failure;
        private int _started;
        private long _version;
        private bool _ended;

        public LibraryThreads(Replayer replayer, ReplayCallbacks callbacks, RecordedCall[] free)
        {
            _replayer = replayer;
            _callbacks = callbacks;
            _free = free;
            _ordinals = [.. free.Select(static c => c.Thread)];
        }

        /// <summary>Starts the callbacks whose time has come.</summary>
        public void Start()
        {
            long next = _replayer.NextSeq();
            bool skipping = _replayer.Options.Order == ReplayOrder.Skipping;
            lock (_gate)
            {
                while (_started < _free.Length && (_free[_started].Seq < next || (skipping && _callbacks.IsPassed(_free[_started]))))
                {
                    RecordedCall callback = _free[_started++];
                    _unfinished.Add(callback);
                    if (!_queues.TryGetValue(callback.Thread, out Queue<RecordedCall>? queue))
                    {
                        queue = new Queue<RecordedCall>();
                        _queues.Add(callback.Thread, queue);
                        new Thread(() => Run(
                            callback.Thread,
                            queue)) { IsBackground = true, Name = $"replayed library thread {callback.Thread}" }.Start();
                    }

                    queue.Enqueue(callback);
                }

                _version++;
                Monitor.PulseAll(_gate);
            }
        }

        /// <summary>Waits until the recorded order is this thread's turn.</summary>
        public void Before()
        {
            if (_replayer.Options.Order == ReplayOrder.Strict)
            {
                Start();
                WaitUntil(() => _replayer.NextThread() is var (thread, seq, index)
                    && (_ordinals.Contains(thread) ? thread == t_ordinal : t_ordinal == 0)
                    && !_unfinished.Any(c => c.Seq < seq && c.Index < index && c.Thread != t_ordinal));
            }
        }

        /// <summary>Waits for the callbacks that were done before a call came back.</summary>
        public void After(RecordedCall recorded)
        {
            Start();
            if (!WaitUntil(() => !_unfinished.Any(c => c.Index < recorded.Index && c.Thread != t_ordinal)))
            {
                RecordedCall late;
                lock (_gate)
                {
                    late = _unfinished.First(c => c.Index < recorded.Index);
                }

                throw _replayer.Fail(new ReplayException(
                    $"{_replayer.Recording.Source}, line {late.Line}: the callback {late} was done before {recorded} came back when the "
                        + $"recording was made; here it has not returned after {_replayer.Options.CallbackTimeout.TotalSeconds:0} s"));
            }
        }

        /// <summary>Waits for the callbacks that were started.</summary>
        public void Settle()
        {
            Start();
            WaitUntil(() => _unfinished.Count == 0);
        }

        /// <inheritdoc/>
        public void Dispose()
        {
            lock (_gate)
            {
                _ended = true;
                Monitor.PulseAll(_gate);
            }
        }

        // False when the time is over. The condition is evaluated outside of the gate first, since it may need the replayer's lock.
        private bool WaitUntil(Func<bool> condition)
        {
            long deadline = Environment.TickCount64 + (long)_replayer.Options.CallbackTimeout.TotalMilliseconds;
            while (true)
            {
                long version;
                lock (_gate)
                {
                    version = _version;
                    if (t_ordinal == 0)
                    {
                        _failure?.Throw();
                    }
                }

                bool holds;
                lock (_replayer.SyncRoot)
                {
                    lock (_gate)
                    {
                        holds = condition();
                    }
                }

                long left = deadline - Environment.TickCount64;
                if (holds || left <= 0)
                {
                    return holds;
                }

                lock (_gate)
                {
                    if (_version == version)
                    {
                        Monitor.Wait(_gate, (int)Math.Min(left, int.MaxValue));
                    }
                }
            }
        }

        private void Run(int ordinal, Queue<RecordedCall> queue)
        {
            t_ordinal = ordinal;
            while (true)
            {
                RecordedCall? callback;
                lock (_gate)
                {
                    while (!queue.TryDequeue(out callback))
                    {
                        if (_ended)
                        {
                            return;
                        }

                        Monitor.Wait(_gate);
                    }
                }

                try
                {
                    _callbacks.Make(callback);
                }
                catch (Exception e)
                {
                    // The library's thread has nobody to tell: the program's next call does.
                    _failure ??= ExceptionDispatchInfo.Capture(e);
                }

                lock (_gate)
                {
                    _unfinished.Remove(callback);
                    _version++;
                    Monitor.PulseAll(_gate);
                }
            }
        }
    }
}
