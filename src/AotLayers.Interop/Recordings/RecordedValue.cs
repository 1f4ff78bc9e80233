using System.Globalization;
using System.Text.Json;

namespace AotLayers.Interop;

/// <summary>
/// One value of a recorded call, for assertions: <c>recording.Calls.Where(c =&gt; c.Function == "Read").Sum(c =&gt;
/// c.Result("buffer").Length)</c>. Reading a value as what it is not is an <see cref="InvalidOperationException"/> that shows it.
/// </summary>
public readonly struct RecordedValue
{
    private readonly CallRecording _recording;
    private readonly JsonElement _json;

    internal RecordedValue(CallRecording recording, JsonElement json)
    {
        _recording = recording;
        _json = json;
    }

    /// <summary>The value as the file has it; undefined when the call has no such value.</summary>
    public JsonElement Json => _json;

    /// <summary>Whether the call has the value.</summary>
    public bool Exists => _json.ValueKind != JsonValueKind.Undefined;

    /// <summary>Whether it is null: no text, no handle, no struct.</summary>
    public bool IsNull => _json.ValueKind == JsonValueKind.Null;

    /// <summary>Number of elements of an array.</summary>
    public int Count => _json.ValueKind == JsonValueKind.Array ? _json.GetArrayLength() : throw Not("an array");

    /// <summary>Length of a buffer in bytes.</summary>
    public long Length => ValueForms.Length(_json) is >= 0 and long length ? length : throw Not("a buffer");

    /// <summary>Room of an out-buffer, in elements.</summary>
    public long Room => ValueForms.RoomOf(_json) is >= 0 and long room ? room : throw Not("room for a buffer");

    /// <summary>Symbol of a handle: <c>context#1</c>.</summary>
    public string Handle => ValueForms.Symbol(_json) ?? throw Not("a handle");

    /// <summary>A field of a struct; one that is not there does not exist.</summary>
    public RecordedValue this[string field] =>
        new(_recording, _json.ValueKind == JsonValueKind.Object && _json.TryGetProperty(field, out JsonElement value) ? value : default);

    /// <summary>An element of an array.</summary>
    public RecordedValue this[int index] =>
        Count > index && index >= 0 ? new(_recording, _json[index]) : throw new ArgumentOutOfRangeException(nameof(index));

    /// <summary>The value as an integer.</summary>
    public long Int64() =>
        _json.ValueKind == JsonValueKind.Number && _json.TryGetInt64(out long number) ? number
        : _json.ValueKind == JsonValueKind.String
            && long.TryParse(_json.GetString(), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out number) ? number
        : throw Not("a 64-bit integer");

    /// <summary>The value as an unsigned integer.</summary>
    public ulong UInt64() =>
        _json.ValueKind == JsonValueKind.Number && _json.TryGetUInt64(out ulong number) ? number
        : _json.ValueKind == JsonValueKind.String
            && ulong.TryParse(_json.GetString(), NumberStyles.None, CultureInfo.InvariantCulture, out number) ? number
        : throw Not("an unsigned 64-bit integer");

    /// <summary>The value as a floating point number.</summary>
    public double Double() =>
        _json.ValueKind == JsonValueKind.Number ? _json.GetDouble()
        : _json.ValueKind == JsonValueKind.String
            && double.TryParse(_json.GetString(), NumberStyles.Float, CultureInfo.InvariantCulture, out double number) ? number
        : throw Not("a number");

    /// <summary>The value as true or false.</summary>
    public bool Bool() => _json.ValueKind is JsonValueKind.True or JsonValueKind.False ? _json.GetBoolean() : throw Not("true or false");

    /// <summary>The value as a GUID.</summary>
    public Guid Guid() => _json.ValueKind == JsonValueKind.String && _json.TryGetGuid(out Guid guid) ? guid : throw Not("a GUID");

    /// <summary>The value as text, or null.</summary>
    public string? Text() => IsNull ? null : ValueForms.Text(_json) ?? throw Not("text or null");

    /// <summary>Content of a buffer.</summary>
    /// <exception cref="InvalidOperationException">It is no buffer, or the recording does not hold the content.</exception>
    public byte[] Bytes() => Length >= 0
        ? _recording.GetData(_json) ?? throw new InvalidOperationException("The recording does not hold the content of this buffer.")
        : [];

    /// <inheritdoc/>
    public override string ToString() => Exists ? CallComparison.Show(_json) : "";

    private InvalidOperationException Not(string what) => new(Exists ? $"The value is not {what}: {this}" : "The call has no such value.");
}
