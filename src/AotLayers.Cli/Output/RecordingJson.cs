using System.Text.Json;
using AotLayers.App;
using AotLayers.Interop;

namespace AotLayers.Cli.Output;

/// <summary>
/// A recording for programs: the same facts and calls as <see cref="RecordingText"/>. Contents of buffers are left out: the recording has
/// them.
/// </summary>
internal static class RecordingJson
{
    /// <summary>Writes the facts of the header, and what comes after them, as one object.</summary>
    public static void Write(Stream output, CallRecording recording, Action<Utf8JsonWriter> writeMembers)
    {
        using (var json = new Utf8JsonWriter(output, JsonText.Options))
        {
            json.WriteStartObject();
            json.WriteString("file", recording.Source);
            WriteOrigin(json, recording.Origin);
            json.WriteString("data", RecordingText.Name(recording.Data));
            json.WriteBoolean("complete", recording.Complete);
            WriteApis(json, recording);
            writeMembers(json);
            json.WriteEndObject();
        }

        output.WriteByte((byte)'\n');
    }

    /// <summary>Writes the calls that were open at the end, and the given ones.</summary>
    public static void WriteCalls(Utf8JsonWriter json, CallRecording recording, IReadOnlyList<RecordedCall> calls)
    {
        json.WriteStartArray("inFlight");
        foreach (InFlightCall call in recording.InFlight)
        {
            json.WriteStartObject();
            json.WriteNumber("seq", call.Seq);
            json.WriteNumber("thread", call.Thread);
            json.WriteString("api", call.Api);
            json.WriteString("fn", call.Function);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteStartArray("calls");
        foreach (RecordedCall call in calls)
        {
            WriteWithoutData(json, call.Json);
        }

        json.WriteEndArray();
    }

    private static void WriteOrigin(Utf8JsonWriter json, RecordingOrigin origin)
    {
        json.WriteStartObject("origin");
        json.WriteString("kind", origin.Kind);
        json.WriteString("os", origin.Os);
        json.WriteString("arch", origin.Arch);
        json.WriteString("tool", origin.Tool);
        json.WriteString("program", origin.Program);
        json.WriteEndObject();
    }

    private static void WriteApis(Utf8JsonWriter json, CallRecording recording)
    {
        json.WriteStartObject("apis");
        foreach ((string name, RecordedApi api) in recording.Apis)
        {
            json.WriteStartObject(name);
            json.WriteString("library", api.Library);
            json.WriteStartObject("signatures");
            foreach ((string function, string signature) in api.Signatures)
            {
                json.WriteString(function, signature);
            }

            json.WriteEndObject();
            json.WriteBoolean("missing", api.Missing);
            json.WriteStartArray("absent");
            foreach (string export in api.Absent)
            {
                json.WriteStringValue(export);
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        json.WriteEndObject();
    }

    private static void WriteWithoutData(Utf8JsonWriter json, JsonElement value)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                bool buffer = value.TryGetProperty("$bytes"u8, out _);
                json.WriteStartObject();
                foreach (JsonProperty property in value.EnumerateObject())
                {
                    if (!(buffer && property.NameEquals("data"u8)))
                    {
                        json.WritePropertyName(property.Name);
                        WriteWithoutData(json, property.Value);
                    }
                }

                json.WriteEndObject();
                break;
            case JsonValueKind.Array:
                json.WriteStartArray();
                foreach (JsonElement item in value.EnumerateArray())
                {
                    WriteWithoutData(json, item);
                }

                json.WriteEndArray();
                break;
            default:
                value.WriteTo(json);
                break;
        }
    }
}
