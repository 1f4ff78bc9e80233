namespace AotLayers.Interop;

/// <summary>
/// Which recorded calls are still to be served, in which order. The order is that in which calls were entered, over all or per handle.
/// Not thread-safe.
/// </summary>
internal sealed class CallOrder
{
    private readonly CallIndex _index;
    private readonly bool[] _served;
    private readonly int[] _leftOf;
    private readonly Lane?[] _lanes;
    private readonly Lane _withoutHandles;
    private Dictionary<int, Lane>? _equal;
    private int _first;

    public CallOrder(CallRecording recording)
    {
        _index = recording.Index;
        _served = new bool[_index.Calls.Length];
        _lanes = new Lane?[_index.Names.HandleCount];
        _leftOf = new int[_index.Names.Functions.Count];
        for (int i = 0; i < _leftOf.Length; i++)
        {
            _leftOf[i] = _index.Names.Functions[i].Calls;
        }

        _withoutHandles = new Lane(this, _index.WithoutHandles);
    }

    /// <summary>The calls that are left.</summary>
    public IEnumerable<RecordedCall> Left => _index.Calls.Where(call => !_served[call.Rank]);

    /// <summary>The calls without handles that are left.</summary>
    public IEnumerable<RecordedCall> LeftWithoutHandles => _withoutHandles.Left();

    /// <summary>How many calls of a function were recorded.</summary>
    public int Recorded(string api, string function) => _index.Names.FindFunction(api, function)?.Calls ?? 0;

    /// <summary>How many of them are left.</summary>
    public int LeftOf(string api, string function) =>
        _index.Names.FindFunction(api, function) is RecordedFunction known ? _leftOf[known.Ordinal] : 0;

    /// <summary>The next call over all, or null.</summary>
    public RecordedCall? Next()
    {
        while (_first < _served.Length && _served[_first])
        {
            _first++;
        }

        return _first < _served.Length ? _index.Calls[_first] : null;
    }

    /// <summary>The next call on a handle, or null.</summary>
    public RecordedCall? Next(string symbol) => LaneOf(symbol)?.Next();

    /// <summary>The calls on a handle that are left.</summary>
    public IEnumerable<RecordedCall> LeftOn(string symbol) => LaneOf(symbol)?.Left() ?? [];

    /// <summary>The next call without handles whose arguments have the very same text, or null.</summary>
    public RecordedCall? NextEqual(string api, string function, ReadOnlySpan<byte> arguments)
    {
        if (_equal is null)
        {
            Dictionary<int, List<int>> ranks = [];
            foreach (int rank in _index.WithoutHandles)
            {
                int hash = Hash(_index.Calls[rank].InJson.Span);
                if (!ranks.TryGetValue(hash, out List<int>? same))
                {
                    same = [];
                    ranks.Add(hash, same);
                }

                same.Add(rank);
            }

            _equal = new Dictionary<int, Lane>(ranks.Count);
            foreach ((int hash, List<int> same) in ranks)
            {
                _equal.Add(hash, new Lane(this, [.. same]));
            }
        }

        return _equal.TryGetValue(Hash(arguments), out Lane? lane) && lane.Next() is RecordedCall call
            && call.Function == function && call.Api == api && call.InJson.Span.SequenceEqual(arguments) ? call : null;
    }

    /// <summary>Takes a call off the list.</summary>
    public void Serve(RecordedCall call)
    {
        _served[call.Rank] = true;
        _leftOf[call.Entry.Ordinal]--;
    }

    /// <summary>Takes the earlier calls on a call's handles off the list: the program left them out.</summary>
    public void SkipBefore(RecordedCall call)
    {
        foreach (RecordedSymbol handle in call.Handles)
        {
            while (Next(handle.Symbol) is { } earlier && earlier.Seq < call.Seq)
            {
                Serve(earlier);
            }
        }
    }

    private static int Hash(ReadOnlySpan<byte> text)
    {
        HashCode hash = default;
        hash.AddBytes(text);
        return hash.ToHashCode();
    }

    private Lane? LaneOf(string symbol) => _index.Names.FindHandle(symbol) is RecordedSymbol { IsBorrowed: false } handle
        ? _lanes[handle.Ordinal] ??= new Lane(this, _index.On(handle))
        : null;

    /// <summary>Calls, by their ranks, of which the first one that is left comes next.</summary>
    private sealed class Lane(CallOrder order, int[] ranks)
    {
        private int _first;

        public RecordedCall? Next()
        {
            while (_first < ranks.Length && order._served[ranks[_first]])
            {
                _first++;
            }

            return _first < ranks.Length ? order._index.Calls[ranks[_first]] : null;
        }

        public IEnumerable<RecordedCall> Left()
        {
            Next();
            for (int i = _first; i < ranks.Length; i++)
            {
                if (!order._served[ranks[i]])
                {
                    yield return order._index.Calls[ranks[i]];
                }
            }
        }
    }
}
