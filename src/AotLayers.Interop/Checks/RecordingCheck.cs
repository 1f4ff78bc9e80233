using System.Globalization;
using System.Text.Json;

namespace AotLayers.Interop;

/// <summary>
/// Checks a recording by itself: whether it is whole, whether it can be replayed by this build, and whether the recorded program kept to the life of its
/// handles. Where handles stand is known for the given APIs only.
/// </summary>
public sealed class RecordingCheck
{
    private readonly CallRecording _recording;
    private readonly Dictionary<string, NativeApiInfo> _apis;
    private readonly Dictionary<(string Api, string Function), NativeHandleInfo[]> _places = [];
    private readonly Dictionary<(string Api, string Symbol), HandleLife> _handles = [];
    private readonly List<RecordingFinding> _findings = [];

    private RecordingCheck(CallRecording recording, IEnumerable<NativeApiInfo> apis)
    {
        _recording = recording;
        _apis = apis.ToDictionary(api => api.Name, StringComparer.Ordinal);
        foreach (NativeApiInfo api in _apis.Values)
        {
            foreach (IGrouping<string, NativeHandleInfo> function in api.Handles.GroupBy(place => place.Function, StringComparer.Ordinal))
            {
                _places.Add((api.Name, function.Key), [.. function]);
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
            if (_apis.TryGetValue(name, out NativeApiInfo? current) && current.SignatureHash != recorded.Hash)
            {
                _findings.Add(new RecordingFinding(
                    RecordingFindingKind.ApiChanged,
                    $"the declarations of {name} have changed since (signature hash {recorded.Hash}, now {current.SignatureHash}): record again"));
            }
        }
    }

    private void CheckHandles(RecordedCall call)
    {
        foreach (NativeHandleInfo place in _places.GetValueOrDefault((call.Api, call.Function)) ?? [])
        {
            string? before = place.Parameter is null || place.Use == HandleUse.Produced ? null : Symbol(call.In, place.Parameter);
            if (before is not null)
            {
                Use(call, place, before);
            }

            string? after = place.Parameter is null ? Text(call.Ret) : Symbol(call.Out, place.Parameter);
            if (call.Succeeded && after is not null && after != before && place.Use is HandleUse.Produced or HandleUse.InOut)
            {
                _handles[(call.Api, after)] = new HandleLife(call);
            }
        }
    }

    private void Use(RecordedCall call, NativeHandleInfo place, string symbol)
    {
        if (!_handles.TryGetValue((call.Api, symbol), out HandleLife? life))
        {
            // Handles of a kind that the API never makes come from elsewhere, such as the pseudo handle of the process.
            if (_apis[call.Api].Handles.Any(other => other.Kind == place.Kind && other.Use is HandleUse.Produced or HandleUse.InOut))
            {
                Add(RecordingFindingKind.HandleUnknown, call, $"{call} uses {symbol}, which no recorded call made");
            }

            return;
        }

        bool ends = place.Use == HandleUse.Consumed || (place.ConsumedWhen is { } flag && IsNotZero(call.In, flag));
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
            case JsonValueKind.Object when element.TryGetProperty("sha256"u8, out JsonElement hash):
                if (_recording.GetData(element) is null)
                {
                    Add(RecordingFindingKind.DataMissing, call, $"{call} has a buffer whose content (sha256 {hash}) is not in the recording");
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
                string.Create(CultureInfo.InvariantCulture, $"seq {call.Seq} {call.Api}!{call.Function} on thread {call.Thread} had not come back when the recording ended"),
                call.Seq));
        }

        if (!_recording.Complete)
        {
            _findings.Add(new RecordingFinding(
                RecordingFindingKind.Incomplete,
                string.Create(CultureInfo.InvariantCulture, $"the recording is incomplete: it has no end after {_recording.Calls.Count} finished calls")));
            return;
        }

        foreach (((_, string symbol), HandleLife life) in _handles)
        {
            if (life.EndedBy is null)
            {
                Add(RecordingFindingKind.HandleLeaked, life.MadeBy, $"{symbol}, made by {life.MadeBy}, was never ended");
            }
        }
    }

    private void Add(RecordingFindingKind kind, RecordedCall call, string message) => _findings.Add(new RecordingFinding(kind, message, call.Seq, call.Line));

    private static string? Symbol(JsonElement arguments, string name) =>
        arguments.ValueKind == JsonValueKind.Object && arguments.TryGetProperty(name, out JsonElement value) ? Text(value) : null;

    private static string? Text(JsonElement value) => value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static bool IsNotZero(JsonElement arguments, string name) =>
        arguments.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out long number) && number != 0;

    private sealed class HandleLife(RecordedCall madeBy)
    {
        public RecordedCall MadeBy { get; } = madeBy;

        public RecordedCall? EndedBy { get; set; }
    }
}
