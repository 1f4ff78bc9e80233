using System.Globalization;
using System.Text.Json;

namespace AotLayers.Interop;

/// <summary>
/// Checks a recording by itself: whether it is whole, whether it can be replayed by this build, and whether the recorded program kept to
/// the life of its handles. Where handles begin and end is taken from the given APIs, and for others from the recording's own header.
/// </summary>
public sealed class RecordingCheck
{
    private const int MaxSchemaFindings = 100;

    private readonly CallRecording _recording;
    private readonly Dictionary<string, NativeApiInfo> _apis;
    private readonly HandleLedger _handles;
    private readonly List<RecordingFinding> _findings = [];
    private int _againstSchema;

    private RecordingCheck(CallRecording recording, IEnumerable<NativeApiInfo> apis)
    {
        _recording = recording;
        _apis = apis.ToDictionary(api => api.Name, StringComparer.Ordinal);
        _handles = new HandleLedger(recording, _apis.Values) { Problem = Add };
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
        foreach (RecordedCall callback in recording.Callbacks)
        {
            check.CheckSchema(callback);
        }

        foreach (RecordedCall call in recording.Calls.OrderBy(call => call.Seq))
        {
            check.CheckSchema(call);
            check._handles.Add(call);
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
        if (RecordingSchemaCheck.Header(_recording) is { } wrong)
        {
            _findings.Add(new RecordingFinding(RecordingFindingKind.Schema, $"the header does not follow the schema: {wrong}"));
        }

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

    private void CheckSchema(RecordedCall call)
    {
        // A file that was made by another hand has the same in every line.
        if (_againstSchema < MaxSchemaFindings && RecordingSchemaCheck.Call(_recording, call) is { } wrong)
        {
            _againstSchema++;
            Add(RecordingFindingKind.Schema, call, $"{call} does not follow the schema: {wrong}");
        }
    }

    private void CheckData(RecordedCall call, JsonElement element)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Object when ValueForms.Length(element) >= 0 && element.TryGetProperty("sha256"u8, out JsonElement hash):
                byte[]? content = _recording.GetData(element);
                if (content is null)
                {
                    Add(
                        RecordingFindingKind.DataMissing,
                        call,
                        $"{call} has a buffer whose content (sha256 {hash}) is not in the recording");
                }
                else if (content.Length != ValueForms.Length(element))
                {
                    Add(RecordingFindingKind.DataMissing, call, string.Create(
                        CultureInfo.InvariantCulture,
                        $"{call} has a buffer of {ValueForms.Length(element)} bytes, its content (sha256 {hash}) has {content.Length}"));
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

        foreach (RecordedHandle handle in _handles.Handles)
        {
            if (handle.EndedBy is null && handle.MadeBy is { } madeBy)
            {
                Add(
                    handle.EndIsKnown ? RecordingFindingKind.HandleLeaked : RecordingFindingKind.HandleLifeUnknown,
                    madeBy,
                    handle.EndIsKnown
                        ? $"{handle.Symbol}, made by {madeBy}, was never ended"
                        : $"{handle.Symbol}, made by {madeBy}: the recording does not say which function ends it");
            }
        }
    }

    private void Add(RecordingFindingKind kind, RecordedCall call, string message) =>
        _findings.Add(new RecordingFinding(kind, message, call.Seq, call.Line));
}
