using System.Text.Json;

namespace AotLayers.Interop;

/// <summary>
/// Follows the handles of a recording from call to call: made, used, ended. Where handles begin and end is taken from the given APIs, and
/// for others from the recording's own header. Not thread-safe.
/// </summary>
internal sealed class HandleLedger
{
    private readonly Dictionary<string, Dictionary<string, NativeHandleInfo[]>> _places = new(StringComparer.Ordinal);
    private readonly Dictionary<string, RecordedHandle> _live = new(StringComparer.Ordinal);
    private readonly HashSet<string> _apis = new(StringComparer.Ordinal);
    private readonly HashSet<string> _lent = new(StringComparer.Ordinal);
    private readonly HashSet<string> _madeKinds = new(StringComparer.Ordinal);
    private readonly HashSet<string> _endedKinds = new(StringComparer.Ordinal);
    private readonly List<RecordedHandle> _handles = [];
    private readonly List<string> _symbols = [];

    public HandleLedger(CallRecording recording, IEnumerable<NativeApiInfo> apis)
    {
        var known = apis.ToDictionary(static api => api.Name, StringComparer.Ordinal);
        foreach ((string name, RecordedApi recorded) in recording.Apis)
        {
            IReadOnlyList<NativeHandleInfo> handles = recorded.Handles;
            if (known.TryGetValue(name, out NativeApiInfo? api))
            {
                handles = api.Handles;
                _apis.Add(name);
            }

            _places.Add(
                name,
                handles.GroupBy(static place => place.Function, StringComparer.Ordinal)
                    .ToDictionary(static function => function.Key, static function => function.ToArray(), StringComparer.Ordinal));
            foreach (NativeHandleInfo place in handles)
            {
                foreach (string kind in place.Kind.Split('|'))
                {
                    _ = place.Use is HandleUse.Produced or HandleUse.InOut && _madeKinds.Add(kind);
                    _ = (place.Use is HandleUse.Consumed or HandleUse.ConsumedOnSuccess || place.ConsumedWhen is not null)
                        && _endedKinds.Add(kind);
                }
            }
        }
    }

    /// <summary>Told what is wrong with a use of a handle.</summary>
    public Action<RecordingFindingKind, RecordedCall, string>? Problem { get; init; }

    /// <summary>All handles so far, in the order in which they appeared.</summary>
    public IReadOnlyList<RecordedHandle> Handles => _handles;

    /// <summary>Takes in the next call, in the order in which calls were entered.</summary>
    public void Add(RecordedCall call)
    {
        NativeHandleInfo[] places = _places.TryGetValue(call.Api, out Dictionary<string, NativeHandleInfo[]>? functions)
            && functions.TryGetValue(call.Function, out NativeHandleInfo[]? found) ? found : [];

        // What goes in was there before the call, what comes out is there after it.
        foreach (JsonProperty argument in call.In.EnumerateObject())
        {
            _symbols.Clear();
            RecordedSymbols.Collect(argument.Value, _symbols);
            foreach (string symbol in _symbols)
            {
                Use(call, Find(places, argument.Name, HandleSymbols.KindOf(symbol)), symbol);
            }
        }

        _symbols.Clear();
        RecordedSymbols.Collect(call.Ret, _symbols);
        if (call.HasResults)
        {
            RecordedSymbols.Collect(call.Out, _symbols);
        }

        foreach (string symbol in _symbols)
        {
            if (HandleSymbols.IsBorrowed(symbol))
            {
                _lent.Add(symbol);
            }
            else if (!_live.TryGetValue(symbol, out RecordedHandle? life) || life.EndedBy is not null)
            {
                _live[symbol] = New(symbol, call);
            }
        }
    }

    private static NativeHandleInfo? Find(NativeHandleInfo[] places, string argument, ReadOnlySpan<char> kind)
    {
        foreach (NativeHandleInfo place in places)
        {
            // A handle in a struct stands at "argument.field", one in an array at "argument".
            if (place.Parameter is { } at
                && (at == argument || at.StartsWith(argument + ".", StringComparison.Ordinal))
                && HandleSymbols.HasKind(place.Kind, kind))
            {
                return place;
            }
        }

        return null;
    }

    private static bool IsNotZero(JsonElement arguments, string name) =>
        arguments.TryGetProperty(name, out JsonElement value)
            && value.ValueKind == JsonValueKind.Number
            && value.TryGetInt64(out long number)
            && number != 0;

    private void Use(RecordedCall call, NativeHandleInfo? place, string symbol)
    {
        if (!_live.TryGetValue(symbol, out RecordedHandle? life))
        {
            // Handles of a kind that nobody makes come from elsewhere, such as the pseudo handle of the process.
            if (place?.Use != HandleUse.Borrowed && !_lent.Contains(symbol)
                && (!HandleSymbols.IsBorrowed(symbol) || _madeKinds.Contains(HandleSymbols.KindOf(symbol).ToString())))
            {
                Problem?.Invoke(RecordingFindingKind.HandleUnknown, call, $"{call} uses {symbol}, which no recorded call made");
            }

            return;
        }

        bool ends = place is not null
            && (place.Use == HandleUse.Consumed
                || (place.Use == HandleUse.ConsumedOnSuccess && call.Succeeded)
                || (place.ConsumedWhen is { } flag && IsNotZero(call.In, flag)));
        life.Uses++;
        life.LastUse = call;
        if (life.EndedBy is { } end)
        {
            Problem?.Invoke(
                RecordingFindingKind.HandleUsedAfterEnd,
                call,
                $"{call} {(ends ? "ends" : "uses")} {symbol}, which {end} has ended");
        }
        else if (ends)
        {
            life.EndedBy = call;
        }
    }

    private RecordedHandle New(string symbol, RecordedCall madeBy)
    {
        RecordedHandle handle = new(
            symbol,
            madeBy,
            _apis.Contains(madeBy.Api) || _endedKinds.Contains(HandleSymbols.KindOf(symbol).ToString()));
        _handles.Add(handle);
        return handle;
    }
}
