using System.Runtime.InteropServices;
using System.Text.Json;

namespace AotLayers.Interop;

/// <summary>
/// What a program passes to a replayed call, as the recorder would write it. Parsed only where it differs from the recording.
/// </summary>
internal sealed class ProgramArguments
{
    private ReadOnlyMemory<byte> _utf8;
    private JsonElement? _json;

    /// <summary>The text.</summary>
    public ReadOnlySpan<byte> Utf8 => _utf8.Span;

    /// <summary>The values.</summary>
    public JsonElement Json => _json ??= JsonDocument.Parse(_utf8.ToArray()).RootElement;

    /// <summary>Takes the arguments of another call. The text has to stay until the next one.</summary>
    public void Set(ReadOnlyMemory<byte> utf8)
    {
        _utf8 = utf8;
        _json = null;
    }

    /// <summary>Whether recorded arguments have the very same text.</summary>
    public bool AreWrittenAs(JsonElement recorded) => JsonMarshal.GetRawUtf8Value(recorded).SequenceEqual(_utf8.Span);
}
