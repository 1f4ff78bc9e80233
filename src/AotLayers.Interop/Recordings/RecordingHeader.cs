using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace AotLayers.Interop;

/// <summary>Writes a recording's first and last lines.</summary>
internal static class RecordingHeader
{
    /// <summary>Value of <c>format</c>.</summary>
    public const string Format = "aotlayers-recording";

    /// <summary>The version that is written.</summary>
    public const int Version = 1;

    // The JSON is written and read by hand: the serializer, even source generated, is a tenth of the published program.
    private static readonly JsonWriterOptions s_json = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Everything before the first call's line.</summary>
    public static byte[] Write(RecordingOrigin origin, DataPolicy data, IReadOnlyDictionary<string, RecordedApi> apis)
    {
        ArrayBufferWriter<byte> text = new();
        text.Write("{\"format\":\"aotlayers-recording\",\"version\":1,\"origin\":"u8);
        using (Utf8JsonWriter json = new(text, s_json))
        {
            OriginModel.From(origin).Write(json);
        }

        text.Write(data switch
        {
            DataPolicy.Digest => ",\"data\":\"digest\""u8,
            DataPolicy.Lengths => ",\"data\":\"lengths\""u8,
            _ => default,
        });
        text.Write(",\n\"apis\":"u8);
        using (Utf8JsonWriter json = new(text, s_json))
        {
            json.WriteStartObject();
            foreach ((string name, RecordedApi api) in apis)
            {
                json.WritePropertyName(name);
                ApiModel.From(api).Write(json);
            }

            json.WriteEndObject();
        }

        text.Write(",\n\"calls\":["u8);
        return text.WrittenSpan.ToArray();
    }

    /// <summary>Everything after the last call's line.</summary>
    public static byte[] WriteEnd(long calls, bool complete)
    {
        ArrayBufferWriter<byte> text = new();
        text.Write("\n],\"end\":"u8);
        using (Utf8JsonWriter json = new(text, s_json))
        {
            new EndModel(calls, complete).Write(json);
        }

        text.Write("}\n"u8);
        return text.WrittenSpan.ToArray();
    }
}

/// <summary>JSON form of <see cref="RecordingOrigin"/>.</summary>
internal sealed record OriginModel(string Kind, string Os, string Arch, string Tool, string? Program)
{
    public static OriginModel From(RecordingOrigin origin) => new(origin.Kind, origin.Os, origin.Arch, origin.Tool, origin.Program);

    public static OriginModel Read(JsonElement json) =>
        new(json.Text("kind"), json.Text("os"), json.Text("arch"), json.Text("tool"), json.TextOrNull("program"));

    public void Write(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteString("kind", Kind);
        json.WriteString("os", Os);
        json.WriteString("arch", Arch);
        json.WriteString("tool", Tool);
        if (Program is not null)
        {
            json.WriteString("program", Program);
        }

        json.WriteEndObject();
    }
}

/// <summary>JSON form of <see cref="RecordedApi"/>.</summary>
internal sealed record ApiModel(string Library, string Hash, bool? Missing, string[]? Absent)
{
    public static ApiModel From(RecordedApi api) => new(api.Library, api.Hash, api.Missing ? true : null, api.Absent.Count == 0 ? null : [.. api.Absent]);

    public static ApiModel Read(JsonElement json) =>
        new(json.Text("library"), json.Text("hash"), json.FlagOrNull("missing"), json.TextsOrNull("absent"));

    public static Dictionary<string, ApiModel> ReadAll(JsonElement json)
    {
        Dictionary<string, ApiModel> apis = [];
        foreach (JsonProperty api in json.EnumerateObject())
        {
            apis[api.Name] = Read(api.Value);
        }

        return apis;
    }

    public void Write(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteString("library", Library);
        json.WriteString("hash", Hash);
        if (Missing is { } missing)
        {
            json.WriteBoolean("missing", missing);
        }

        if (Absent is not null)
        {
            json.WriteStartArray("absent");
            foreach (string export in Absent)
            {
                json.WriteStringValue(export);
            }

            json.WriteEndArray();
        }

        json.WriteEndObject();
    }
}

/// <summary>JSON form of the footer.</summary>
internal sealed record EndModel(long Calls, bool Complete)
{
    public static EndModel Read(JsonElement json) => new(json.NumberOrNull("calls") ?? 0, json.FlagOrNull("complete") ?? false);

    public void Write(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteNumber("calls", Calls);
        json.WriteBoolean("complete", Complete);
        json.WriteEndObject();
    }
}
