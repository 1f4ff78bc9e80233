namespace AotLayers.Interop;

/// <summary>
/// Some calls of a recording, and what they need to be replayed: the calls that made their handles, those that end them, the end of the
/// lists that they read, and the calls around callbacks.
/// </summary>
public sealed class RecordingTrim
{
    private readonly CallRecording _recording;
    private readonly Dictionary<string, RecordedHandle> _handles = new(StringComparer.Ordinal);
    private readonly Dictionary<string, RecordedCall> _listEnds = new(StringComparer.Ordinal);
    private readonly Dictionary<long, RecordedCall> _bySeq = [];
    private readonly Dictionary<long, List<RecordedCall>> _callbacks = [];
    private readonly HashSet<RecordedCall> _kept = [];
    private readonly Queue<RecordedCall> _new = [];
    private readonly List<string> _symbols = [];

    private RecordingTrim(CallRecording recording, IEnumerable<NativeApiInfo> apis)
    {
        _recording = recording;
        foreach (RecordedCall callback in recording.Callbacks)
        {
            if (!_callbacks.TryGetValue(callback.During, out List<RecordedCall>? during))
            {
                during = [];
                _callbacks.Add(callback.During, during);
            }

            during.Add(callback);
        }

        foreach (RecordedHandle handle in RecordedHandle.Of(recording, apis))
        {
            _handles[handle.Symbol] = handle;
        }
    }

    /// <summary>The calls to keep, in the order of the file: for <see cref="CallRecordingWriter"/>.</summary>
    public IReadOnlyList<RecordedCall> Calls { get; private set; } = [];

    /// <summary>How many were chosen.</summary>
    public int Chosen { get; private set; }

    /// <summary>How many were added for the chosen ones.</summary>
    public int Needed { get; private set; }

    /// <summary>How many were added since they have to do with no handle.</summary>
    public int WithoutHandles { get; private set; }

    /// <summary>Chooses.</summary>
    /// <param name="recording">The recording.</param>
    /// <param name="filter">The calls that are wanted.</param>
    /// <param name="apis">The APIs of this build, for the life of handles.</param>
    /// <param name="bare">Leaves out the calls that no handle goes into or comes out of, unless they are chosen. They are kept otherwise:
    /// programs ask for names, versions and folders before they open what the recording is about.</param>
    public static RecordingTrim Of(CallRecording recording, RecordedCallFilter filter, IEnumerable<NativeApiInfo> apis, bool bare = false)
    {
        ArgumentNullException.ThrowIfNull(recording);
        ArgumentNullException.ThrowIfNull(filter);
        ArgumentNullException.ThrowIfNull(apis);
        RecordingTrim trim = new(recording, apis);
        trim.Index();
        foreach (RecordedCall call in filter.Select(recording))
        {
            trim.KeepWithCallbacks(call);
        }

        trim.Chosen = trim._kept.Count;
        trim.AddNeeds();
        trim.Needed = trim._kept.Count - trim.Chosen;
        if (!bare)
        {
            foreach (RecordedCall call in recording.Calls)
            {
                if (!trim._kept.Contains(call) && !trim.HasHandles(call))
                {
                    trim.Keep(call);
                    trim.WithoutHandles++;
                }
            }

            int before = trim._kept.Count;
            trim.AddNeeds();
            trim.Needed += trim._kept.Count - before;
        }

        trim.Calls = [.. trim._kept.OrderBy(static call => call.Index)];
        return trim;
    }

    private static string ListKey(string symbol, RecordedCall call) => $"{symbol} {call.Api}!{call.Function}";

    // The last call of a function on a handle that is about no entry and fails is the end of a list.
    private void Index()
    {
        CallEntries entries = new();
        foreach (RecordedCall call in _recording.Calls.OrderBy(static call => call.Seq))
        {
            _bySeq[call.Seq] = call;
            string? entry = entries.Next(call);
            foreach (string symbol in entries.Handles)
            {
                string key = ListKey(symbol, call);
                if (entry is null && !call.HasResults)
                {
                    _listEnds[key] = call;
                }
                else
                {
                    _listEnds.Remove(key);
                }
            }
        }
    }

    private void KeepWithCallbacks(RecordedCall call)
    {
        if (!call.IsCallback)
        {
            Keep(call);
            return;
        }

        KeepSeq(call.Of);
        KeepSeq(call.During);
    }

    private void KeepSeq(long seq)
    {
        if (_bySeq.TryGetValue(seq, out RecordedCall? call))
        {
            Keep(call);
        }
    }

    private void Keep(RecordedCall call)
    {
        if (_kept.Add(call))
        {
            _new.Enqueue(call);
        }
    }

    private void AddNeeds()
    {
        while (_new.TryDequeue(out RecordedCall? call))
        {
            AddHandles(call);
            foreach (RecordedCall callback in _callbacks.GetValueOrDefault(call.Seq) ?? [])
            {
                KeepSeq(callback.Of);
                AddHandles(callback);
            }
        }
    }

    private void AddHandles(RecordedCall call)
    {
        _symbols.Clear();
        Collect(call);
        foreach (string symbol in _symbols)
        {
            if (!_handles.TryGetValue(symbol, out RecordedHandle? handle))
            {
                continue;
            }

            if (handle.MadeBy is { } maker)
            {
                Keep(maker);
            }

            if (handle.EndedBy is { } end)
            {
                Keep(end);
            }

            if (_listEnds.TryGetValue(ListKey(symbol, call), out RecordedCall? last))
            {
                Keep(last);
            }
        }
    }

    private bool HasHandles(RecordedCall call)
    {
        _symbols.Clear();
        Collect(call);
        return _symbols.Exists(_handles.ContainsKey);
    }

    private void Collect(RecordedCall call)
    {
        RecordedSymbols.Collect(call.In, _symbols);
        RecordedSymbols.Collect(call.Ret, _symbols);
        if (call.HasResults)
        {
            RecordedSymbols.Collect(call.Out, _symbols);
        }
    }
}
