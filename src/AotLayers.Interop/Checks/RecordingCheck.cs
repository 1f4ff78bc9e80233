using System.Globalization;
using System.Text.Json;

namespace AotLayers.Interop;

/// <summary>
/// Checks a recording by itself: whether it is whole, whether it can be replayed by this build, and whether the recorded program kept to
/// the life of its handles. Where handles begin and end is taken from the given APIs, and for others from the recording's own header.
/// </summary>
public sealed class RecordingCheck
{
    private readonly CallRecording _recording;
    private readonly Dictionary<string, NativeApiInfo> _apis;
    private readonly Dictionary<(string Api, string Function), NativeHandleInfo[]> _places = [];
    private readonly Dictionary<string, HandleLife> _handles = new(StringComparer.Ordinal);
    private readonly HashSet<string> _lent = new(StringComparer.Ordinal);
    private readonly HashSet<string> _madeKinds = new(StringComparer.Ordinal);
    private readonly HashSet<string> _endedKinds = new(StringComparer.Ordinal);
    private readonly List<RecordingFinding> _findings = [];

    private RecordingCheck(CallRecording recording, IEnumerable<NativeApiInfo> apis)
    {
        _recording = recording;
        _apis = apis.ToDictionary(api => api.Name, StringComparer.Ordinal);
        foreach ((string name, RecordedApi recorded) in recording.Apis)
        {
            IReadOnlyList<NativeHandleInfo> handles = _apis.TryGetValue(name, out NativeApiInfo? known) ? known.Handles : recorded.Handles;
            foreach (IGrouping<string, NativeHandleInfo> function in handles.GroupBy(place => place.Function, StringComparer.Ordinal))
            {
                _places.Add((name, function.Key), [.. function]);
            }

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

    /// <summary>Checks a recording.</summary>
    /// <param name="recording">The recording.</param>
    /// <param name="apis">The APIs of this build.</param>
    /// <returns>What is wrong with it, in the order of the calls; empty when nothing is.</returns>
    public static IReadOnlyList<RecordingFinding> Run(CallRecording recording, IEnumerable<NativeApiInfo> apis)
    {
        ArgumentNullException.ThrowIfNull(recording);
        ArgumentNullException.ThrowIfNull(apis);
        var check = new RecordingCheck(recording, apis);
        check.CheckHeader();
        foreach (RecordedCall call in recording.Calls.OrderBy(call => call.Seq))
        {
            check.CheckHandles(call);
            if (recording.Data == DataPolicy.All)
            {
                check.CheckData(call, call.In);
                check.CheckData(call, call.Out);
            }
        }

        check.CheckEnd();
        return check._findings;
    }

    private void CheckHeader()
    {
        foreach ((string name, RecordedApi recorded) in _recording.Apis)
        {
            if (_apis.TryGetValue(name, out NativeApiInfo? current)
                && recorded.FindChange(_recording.FunctionsOf(name), f => current.FindFunction(f)?.Signature) is var (function, then, now))
            {
                _findings.Add(new RecordingFinding(
                    RecordingFindingKind.ApiChanged,
                    $"the declaration of {name}!{function} has changed since (signature {then ?? "none"}, now {now ?? "none"}): record "
                        + $"again"));
            }
        }
    }

    // What goes in was there before the call, what comes out is there after it.
    private void CheckHandles(RecordedCall call)
    {
        NativeHandleInfo[] places = _places.GetValueOrDefault((call.Api, call.Function)) ?? [];
        foreach (JsonProperty argument in call.In.EnumerateObject())
        {
            foreach (string symbol in Symbols(argument.Value))
            {
                ReadOnlySpan<char> kind = HandleSymbols.KindOf(symbol);
                Use(call, Find(places, argument.Name, kind), symbol);
            }
        }

        IEnumerable<string> given = Symbols(call.Ret);
        foreach (string symbol in call.HasResults ? given.Concat(Symbols(call.Out)) : given)
        {
            if (HandleSymbols.IsBorrowed(symbol))
            {
                _lent.Add(symbol);
            }
            else if (!_handles.TryGetValue(symbol, out HandleLife? life) || life.EndedBy is not null)
            {
                _handles[symbol] = new HandleLife(call);
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

    private void Use(RecordedCall call, NativeHandleInfo? place, string symbol)
    {
        if (!_handles.TryGetValue(symbol, out HandleLife? life))
        {
            // Handles of a kind that nobody makes come from elsewhere, such as the pseudo handle of the process.
            if (place?.Use != HandleUse.Borrowed && !_lent.Contains(symbol)
                && (!HandleSymbols.IsBorrowed(symbol) || _madeKinds.Contains(HandleSymbols.KindOf(symbol).ToString())))
            {
                Add(RecordingFindingKind.HandleUnknown, call, $"{call} uses {symbol}, which no recorded call made");
            }

            return;
        }

        bool ends = place is not null
            && (place.Use == HandleUse.Consumed
                || (place.Use == HandleUse.ConsumedOnSuccess && call.Succeeded)
                || (place.ConsumedWhen is { } flag && IsNotZero(call.In, flag)));
        if (life.EndedBy is { } end)
        {
            Add(RecordingFindingKind.HandleUsedAfterEnd, call, $"{call} {(ends ? "ends" : "uses")} {symbol}, which {end} has ended");
        }
        else if (ends)
        {
            life.EndedBy = call;
        }
    }

    private void CheckData(RecordedCall call, JsonElement element)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Object when ValueForms.Length(element) >= 0 && element.TryGetProperty("sha256"u8, out JsonElement hash):
                if (_recording.GetData(element) is null)
                {
                    Add(
                        RecordingFindingKind.DataMissing,
                        call,
                        $"{call} has a buffer whose content (sha256 {hash}) is not in the recording");
                }

                break;
            case JsonValueKind.Object:
                foreach (JsonProperty property in element.EnumerateObject())
                {
                    CheckData(call, property.Value);
                }

                break;
            case JsonValueKind.Array:
                foreach (JsonElement item in element.EnumerateArray())
                {
                    CheckData(call, item);
                }

                break;
            default:
                break;
        }
    }

    private void CheckEnd()
    {
        foreach (InFlightCall call in _recording.InFlight)
        {
            _findings.Add(new RecordingFinding(
                RecordingFindingKind.InFlight,
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"seq {call.Seq} {call.Api}!{call.Function} on thread {call.Thread} had not come back when the recording ended"),
                call.Seq));
        }

        if (!_recording.Complete)
        {
            _findings.Add(new RecordingFinding(
                RecordingFindingKind.Incomplete,
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"the recording is incomplete: it has no end after {_recording.Calls.Count} finished calls")));
            return;
        }

        foreach ((string symbol, HandleLife life) in _handles.Where(static h => h.Value.EndedBy is null))
        {
            bool known = _apis.ContainsKey(life.MadeBy.Api) || _endedKinds.Contains(HandleSymbols.KindOf(symbol).ToString());
            Add(
                known ? RecordingFindingKind.HandleLeaked : RecordingFindingKind.HandleLifeUnknown,
                life.MadeBy,
                known
                    ? $"{symbol}, made by {life.MadeBy}, was never ended"
                    : $"{symbol}, made by {life.MadeBy}: the recording does not say which function ends it");
        }
    }

    private void Add(RecordingFindingKind kind, RecordedCall call, string message) =>
        _findings.Add(new RecordingFinding(kind, message, call.Seq, call.Line));

    private static IEnumerable<string> Symbols(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object when ValueForms.Symbol(value) is string symbol => [symbol],
        JsonValueKind.Object => value.EnumerateObject().SelectMany(static p => Symbols(p.Value)),
        JsonValueKind.Array => value.EnumerateArray().SelectMany(static v => Symbols(v)),
        _ => [],
    };

    private static bool IsNotZero(JsonElement arguments, string name) =>
        arguments.TryGetProperty(name, out JsonElement value)
            && value.ValueKind == JsonValueKind.Number
            && value.TryGetInt64(out long number)
            && number != 0;

    private sealed class HandleLife(RecordedCall madeBy)
    {
        public RecordedCall MadeBy { get; } = madeBy;

        public RecordedCall? EndedBy { get; set; }
    }
}
