using System.Buffers;
using System.Text.Json;

namespace AotLayers.App;

/// <summary>
/// Writes results and errors as JSON. Objects write themselves: the serializer of System.Text.Json would make the program a tenth larger,
/// for a few of them.
/// </summary>
public static class JsonText
{
    /// <summary>Quotes and letters of paths stay as they are: nothing of this goes into a web page.</summary>
    public static JsonWriterOptions Options { get; } = new() { Encoder = new ExactJsonEncoder() };

    /// <summary>One object as UTF-8, without a line feed.</summary>
    /// <param name="writeMembers">Writes the members.</param>
    public static ReadOnlySpan<byte> OfObject(Action<Utf8JsonWriter> writeMembers) => Build(writeMembers).WrittenSpan;

    /// <summary>Writes one object and a line feed.</summary>
    /// <param name="output">The stream.</param>
    /// <param name="writeMembers">Writes the members.</param>
    public static void WriteLine(Stream output, Action<Utf8JsonWriter> writeMembers)
    {
        ArgumentNullException.ThrowIfNull(output);
        ArrayBufferWriter<byte> text = Build(writeMembers);

        // One write: a reader at the other end of a pipe gets all of it or nothing.
        text.Write("\n"u8);
        output.Write(text.WrittenSpan);
    }

    /// <summary>Writes an array of texts.</summary>
    public static void WriteStrings(this Utf8JsonWriter json, string name, IEnumerable<string> values)
    {
        ArgumentNullException.ThrowIfNull(json);
        ArgumentNullException.ThrowIfNull(values);
        json.WriteStartArray(name);
        foreach (string value in values)
        {
            json.WriteStringValue(value);
        }

        json.WriteEndArray();
    }

    /// <summary>Writes what was lost, an object for each loss.</summary>
    internal static void WriteLosses(this Utf8JsonWriter json, IReadOnlyList<LayerLossRecord> losses)
    {
        json.WriteStartArray("losses");
        foreach (LayerLossRecord loss in losses)
        {
            json.WriteStartObject();
            json.WriteString("entry", loss.Entry);
            json.WriteString("reason", loss.Reason);
            json.WriteString("description", loss.Description);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    /// <summary>Writes a number or null.</summary>
    public static void WriteNumberOrNull(this Utf8JsonWriter json, string name, long? value)
    {
        ArgumentNullException.ThrowIfNull(json);
        if (value is { } number)
        {
            json.WriteNumber(name, number);
        }
        else
        {
            json.WriteNull(name);
        }
    }

    private static ArrayBufferWriter<byte> Build(Action<Utf8JsonWriter> writeMembers)
    {
        ArgumentNullException.ThrowIfNull(writeMembers);
        var text = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(text, Options))
        {
            json.WriteStartObject();
            writeMembers(json);
            json.WriteEndObject();
        }

        return text;
    }
}
