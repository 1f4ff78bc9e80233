using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace AotLayers.Cli.Output;

/// <summary>
/// Writes one JSON object and a line feed. Objects write themselves: the serializer of System.Text.Json would make the program a tenth larger, for three of them.
/// </summary>
internal static class JsonOutput
{
    /// <summary>Quotes and letters of paths stay as they are: nothing of this goes into a web page.</summary>
    public static JsonWriterOptions Options { get; } = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Writes an object to a stream.</summary>
    /// <param name="output">The stream.</param>
    /// <param name="writeMembers">Writes the members.</param>
    public static void Write(Stream output, Action<Utf8JsonWriter> writeMembers)
    {
        var text = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(text, Options))
        {
            json.WriteStartObject();
            writeMembers(json);
            json.WriteEndObject();
        }

        // One write: a reader at the other end of a pipe gets all of it or nothing.
        text.Write("\n"u8);
        output.Write(text.WrittenSpan);
    }

    /// <summary>Writes an array of texts.</summary>
    public static void WriteStrings(this Utf8JsonWriter json, string name, IEnumerable<string> values)
    {
        json.WriteStartArray(name);
        foreach (string value in values)
        {
            json.WriteStringValue(value);
        }

        json.WriteEndArray();
    }

    /// <summary>Writes a number or null.</summary>
    public static void WriteNumberOrNull(this Utf8JsonWriter json, string name, long? value)
    {
        if (value is { } number)
        {
            json.WriteNumber(name, number);
        }
        else
        {
            json.WriteNull(name);
        }
    }
}
