using System.Security.Cryptography;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace AotLayers.Interop;

/// <summary>
/// Writes a recording, or some of its calls, in the recorder's own layout: one call per line, each content where it comes first. What the
/// recorder wrote comes out byte for byte. For tools that trim or redact.
/// </summary>
public static class CallRecordingWriter
{
    private static readonly JsonWriterOptions s_options =
        new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    /// <summary>Writes calls of a recording.</summary>
    /// <param name="recording">The recording.</param>
    /// <param name="destination">Where to; stays open.</param>
    /// <param name="calls">The calls, in the order in which they are written; all of them when null. Their numbers and handles keep their
    /// names.</param>
    /// <param name="replaceText">Changes the texts in the arguments (handles and buffer contents are none; integers beyond 2^53 are texts
    /// here); null leaves them.</param>
    /// <param name="replaceContent">Changes the contents of buffers, each distinct one once, without changing their length; null leaves
    /// them.</param>
    /// <param name="origin">Another origin for the header; null for that of the recording.</param>
    /// <exception cref="InvalidOperationException">A changed content has another length.</exception>
    public static void Write(
        CallRecording recording,
        Stream destination,
        IEnumerable<RecordedCall>? calls = null,
        Func<string, string>? replaceText = null,
        Func<byte[], byte[]>? replaceContent = null,
        RecordingOrigin? origin = null)
    {
        ArgumentNullException.ThrowIfNull(recording);
        ArgumentNullException.ThrowIfNull(destination);
        destination.Write(RecordingHeader.Write(origin ?? recording.Origin, recording.Data, recording.Apis));
        Dictionary<string, string> stored = new(StringComparer.Ordinal);
        long count = 0;
        using MemoryStream line = new();
        using Utf8JsonWriter writer = new(line, s_options);
        foreach (RecordedCall call in Lines(recording, calls))
        {
            line.SetLength(0);
            writer.Reset();
            writer.WriteStartObject();
            foreach (JsonProperty property in call.Json.EnumerateObject())
            {
                writer.WritePropertyName(property.Name);
                bool arguments = property.Name is "in" or "out";
                Write(writer, property.Value, new Context(recording, stored, arguments ? replaceText : null, replaceContent));
            }

            writer.WriteEndObject();
            writer.Flush();
            destination.Write(count == 0 ? "\n"u8 : ",\n"u8);
            destination.Write(line.GetBuffer().AsSpan(0, (int)line.Length));
            count++;
        }

        destination.Write(RecordingHeader.WriteEnd(count, recording.Complete));
    }

    // The callbacks of the chosen calls come with them, in the order of the file.
    private static IEnumerable<RecordedCall> Lines(CallRecording recording, IEnumerable<RecordedCall>? calls)
    {
        if (recording.Callbacks.Count == 0)
        {
            return calls ?? recording.Calls;
        }

        List<RecordedCall> chosen = [.. calls ?? recording.Calls];
        HashSet<long> seqs = [.. chosen.Select(static c => c.Seq)];
        chosen.AddRange(recording.Callbacks.Where(c => seqs.Contains(c.Of) && (c.During == 0 || seqs.Contains(c.During))));
        chosen.Sort(static (a, b) => a.Index.CompareTo(b.Index));
        return chosen;
    }

    private static void Write(Utf8JsonWriter writer, JsonElement value, Context context)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object when ValueForms.Length(value) >= 0 && value.TryGetProperty("sha256"u8, out JsonElement sha):
                WriteBuffer(writer, value, sha.GetString()!, context);
                break;
            case JsonValueKind.Object when ValueForms.Symbol(value) is not null || ValueForms.PointerSymbol(value) is not null:
                writer.WriteRawValue(value.GetRawText(), skipInputValidation: true);
                break;
            case JsonValueKind.Object when context.Replace is not null && ValueForms.Text(value) is string text:
                WriteText(writer, context.Replace(text));
                break;
            case JsonValueKind.Object:
                writer.WriteStartObject();
                foreach (JsonProperty property in value.EnumerateObject())
                {
                    writer.WritePropertyName(property.Name);
                    Write(writer, property.Value, context);
                }

                writer.WriteEndObject();
                break;
            case JsonValueKind.Array:
                writer.WriteStartArray();
                foreach (JsonElement item in value.EnumerateArray())
                {
                    Write(writer, item, context);
                }

                writer.WriteEndArray();
                break;
            case JsonValueKind.String:
                string original = value.GetString()!;
                WriteText(writer, context.Replace is null ? original : context.Replace(original));
                break;
            default:
                writer.WriteRawValue(value.GetRawText(), skipInputValidation: true);
                break;
        }
    }

    private static void WriteBuffer(Utf8JsonWriter writer, JsonElement buffer, string hash, Context context)
    {
        byte[]? data = null;
        if (!context.Stored.TryGetValue(hash, out string? written))
        {
            data = context.Recording.GetData(buffer);
            written = hash;
            if (data is not null && context.ReplaceContent is not null)
            {
                int length = data.Length;
                data = context.ReplaceContent(data);
                written = Convert.ToHexStringLower(SHA256.HashData(data));
                if (data.Length != length)
                {
                    throw new InvalidOperationException("A content that is replaced keeps its length.");
                }
            }

            if (data is not null)
            {
                // Two contents may have become one.
                data = context.ReplaceContent is not null && context.Stored.ContainsKey(written) ? null : data;
                context.Stored.Add(hash, written);
                context.Stored.TryAdd(written, written);
            }
        }

        writer.WriteStartObject();
        writer.WriteNumber(ValueForms.Bytes, ValueForms.Length(buffer));
        writer.WriteString("sha256"u8, written);
        if (data is not null)
        {
            writer.WriteBase64String("data"u8, data);
        }

        writer.WriteEndObject();
    }

    private static void WriteText(Utf8JsonWriter writer, string text)
    {
        if (Utf16Text.IsWellFormed(text))
        {
            writer.WriteStringValue(text);
            return;
        }

        writer.WriteStartObject();
        writer.WriteString(ValueForms.Utf16, Utf16Text.ToHex(text));
        writer.WriteEndObject();
    }

    // Stored has the digest under which each content was written.
    private readonly record struct Context(
        CallRecording Recording,
        Dictionary<string, string> Stored,
        Func<string, string>? Replace,
        Func<byte[], byte[]>? ReplaceContent);
}
