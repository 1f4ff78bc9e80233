using System.Runtime.InteropServices;
using System.Text.Json;

namespace AotLayers.Interop;

/// <summary>
/// Which recorded calls are still to be served, in which order. The order is that in which calls were entered, over all or per handle.
/// Not thread-safe.
/// </summary>
internal sealed class CallOrder
{
    private readonly Slot[] _slots;
    private readonly Dictionary<string, Lane> _lanes = new(StringComparer.Ordinal);
    private readonly Lane _all;
    private readonly Lane _handleless;
    private Dictionary<int, Lane>? _equal;
    private readonly Dictionary<(string Api, string Function), int> _recorded = [];
    private readonly Dictionary<(string Api, string Function), int> _left = [];

    public CallOrder(CallRecording recording)
    {
        RecordedCall[] calls = [.. recording.Calls.OrderBy(c => c.Seq)];
        _slots = Array.ConvertAll(calls, c => new Slot(c));
        _all = new Lane(_slots);
        _handleless = new Lane(_slots);
        for (int i = 0; i < _slots.Length; i++)
        {
            Slot slot = _slots[i];
            _all.Positions.Add(i);
            (string, string) name = (slot.Call.Api, slot.Call.Function);
            _recorded[name] = _recorded.GetValueOrDefault(name) + 1;
            _left[name] = _recorded[name];
            slot.Handles = JsonMarshal.GetRawUtf8Value(slot.Call.In).IndexOf("$handle"u8) < 0
                ? []
                : [.. Symbols(slot.Call.In).Where(static s => !HandleSymbols.IsBorrowed(s)).Distinct()];
            if (slot.Handles.Length == 0)
            {
                _handleless.Positions.Add(i);
            }

            foreach (string symbol in slot.Handles)
            {
                if (!_lanes.TryGetValue(symbol, out Lane? lane))
                {
                    lane = new Lane(_slots);
                    _lanes.Add(symbol, lane);
                }

                lane.Positions.Add(i);
            }
        }
    }

    /// <summary>The calls that are left.</summary>
    public IEnumerable<RecordedCall> Left => _slots.Where(s => !s.Served).Select(s => s.Call);

    /// <summary>How many calls of a function were recorded.</summary>
    public int Recorded(string api, string function) => _recorded.GetValueOrDefault((api, function));

    /// <summary>How many of them are left.</summary>
    public int LeftOf(string api, string function) => _left.GetValueOrDefault((api, function));

    /// <summary>The next call over all, or null.</summary>
    public RecordedCall? Next() => _all.Next();

    /// <summary>The next call on a handle, or null.</summary>
    public RecordedCall? Next(string symbol) => _lanes.TryGetValue(symbol, out Lane? lane) ? lane.Next() : null;

    /// <summary>The calls on a handle that are left.</summary>
    public IEnumerable<RecordedCall> LeftOn(string symbol) => _lanes.TryGetValue(symbol, out Lane? lane) ? lane.Left() : [];

    /// <summary>The next call without handles whose arguments have the very same text, or null.</summary>
    public RecordedCall? NextEqual(string api, string function, ReadOnlySpan<byte> arguments)
    {
        if (_equal is null)
        {
            _equal = [];
            foreach (int position in _handleless.Positions)
            {
                int key = Hash(JsonMarshal.GetRawUtf8Value(_slots[position].Call.In));
                if (!_equal.TryGetValue(key, out Lane? lane))
                {
                    lane = new Lane(_slots);
                    _equal.Add(key, lane);
                }

                lane.Positions.Add(position);
            }
        }

        return _equal.TryGetValue(Hash(arguments), out Lane? same) && same.Next() is RecordedCall call
            && call.Function == function && call.Api == api && JsonMarshal.GetRawUtf8Value(call.In).SequenceEqual(arguments) ? call : null;
    }

    private static int Hash(ReadOnlySpan<byte> text)
    {
        HashCode hash = default;
        hash.AddBytes(text);
        return hash.ToHashCode();
    }

    /// <summary>The calls without handles that are left.</summary>
    public IEnumerable<RecordedCall> LeftWithoutHandles => _handleless.Left();

    /// <summary>The symbols of the handles that go into a call.</summary>
    public IReadOnlyList<string> Handles(RecordedCall call) => Find(call).Handles;

    /// <summary>Takes a call off the list.</summary>
    public void Serve(RecordedCall call)
    {
        Slot slot = Find(call);
        slot.Served = true;
        _left[(call.Api, call.Function)]--;
    }

    /// <summary>Takes the earlier calls on a call's handles off the list: the program left them out.</summary>
    public void SkipBefore(RecordedCall call)
    {
        foreach (string symbol in Find(call).Handles)
        {
            while (Next(symbol) is { } earlier && earlier.Seq < call.Seq)
            {
                Serve(earlier);
            }
        }
    }

    // Handles that the program never made have no order of their own.
    private static IEnumerable<string> Symbols(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object when ValueForms.Symbol(value) is string symbol => [symbol],
        JsonValueKind.Object => value.EnumerateObject().SelectMany(static p => Symbols(p.Value)),
        JsonValueKind.Array => value.EnumerateArray().SelectMany(static v => Symbols(v)),
        _ => [],
    };

    private Slot Find(RecordedCall call)
    {
        int low = 0;
        int high = _slots.Length - 1;
        while (low < high)
        {
            int middle = (low + high) / 2;
            if (_slots[middle].Call.Seq < call.Seq)
            {
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }

        return _slots[low];
    }

    private sealed class Slot(RecordedCall call)
    {
        public RecordedCall Call { get; } = call;

        public string[] Handles { get; set; } = [];

        public bool Served { get; set; }
    }

    private sealed class Lane(Slot[] slots)
    {
        private int _first;

        public List<int> Positions { get; } = [];

        public RecordedCall? Next()
        {
            while (_first < Positions.Count && slots[Positions[_first]].Served)
            {
                _first++;
            }

            return _first < Positions.Count ? slots[Positions[_first]].Call : null;
        }

        public IEnumerable<RecordedCall> Left()
        {
            Next();
            for (int i = _first; i < Positions.Count; i++)
            {
                if (!slots[Positions[i]].Served)
                {
                    yield return slots[Positions[i]].Call;
                }
            }
        }
    }
}
