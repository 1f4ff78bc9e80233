using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace AotLayers.Interop;

/// <summary>Writes and reads a recording's first and last lines.</summary>
internal static class RecordingHeader
{
    /// <summary>Value of <c>format</c>.</summary>
    public const string Format = "aotlayers-recording";

    /// <inheritdoc cref="Format"/>
    public static ReadOnlySpan<byte> FormatUtf8 => "aotlayers-recording"u8;

    /// <summary>The version that is written, and the only one that is read.</summary>
    public const int Version = 2;

    // The JSON is written and read by hand: the serializer, even source generated, is a tenth of the published program.
    private static readonly JsonWriterOptions s_json = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Everything before the first call's line: origin in the first line, then one line per API.</summary>
    public static byte[] Write(RecordingOrigin origin, DataPolicy data, IReadOnlyDictionary<string, RecordedApi> apis)
    {
        ArrayBufferWriter<byte> text = new();
        text.Write("{\"format\":\"aotlayers-recording\",\"version\":2,\"origin\":"u8);
        using Utf8JsonWriter json = new(text, s_json);
        WriteOrigin(json, origin);
        Next(text, json, data switch
        {
            DataPolicy.Digest => ",\"data\":\"digest\",\n\"apis\":{"u8,
            DataPolicy.Lengths => ",\"data\":\"lengths\",\n\"apis\":{"u8,
            _ => ",\n\"apis\":{"u8,
        });
        bool first = true;
        foreach ((string name, RecordedApi api) in apis)
        {
            text.Write(first ? "\n"u8 : ",\n"u8);
            first = false;
            json.WriteStringValue(name);
            Next(text, json, ":"u8);
            WriteApi(json, api);
            Next(text, json, default);
        }

        text.Write("},\n\"calls\":["u8);
        return text.WrittenSpan.ToArray();
    }

    /// <summary>Everything after the last call's line.</summary>
    public static byte[] WriteEnd(long calls, bool complete) =>
        System.Text.Encoding.UTF8.GetBytes(string.Create(
            System.Globalization.CultureInfo.InvariantCulture,
            $"\n],\"end\":{{\"calls\":{calls},\"complete\":{(complete ? "true" : "false")}}}}}\n"));

    /// <summary>Reads <c>origin</c>.</summary>
    /// <exception cref="BoundedJsonException">It lacks something.</exception>
    public static RecordingOrigin ReadOrigin(BoundedJsonValue json) =>
        TextOrNull(json, "kind") is RecordingOrigin.Live or RecordingOrigin.Simulated
            ? new(Text(json, "kind"), Text(json, "os"), Text(json, "arch"), Text(json, "tool"), TextOrNull(json, "program"))
            : throw json.Error("it needs kind, live or simulated");

    /// <summary>Reads <c>apis</c>.</summary>
    /// <exception cref="BoundedJsonException">Something is missing or of another form.</exception>
    public static Dictionary<string, RecordedApi> ReadApis(BoundedJsonValue json)
    {
        Dictionary<string, RecordedApi> apis = new(StringComparer.Ordinal);
        json.RequireObject();
        foreach (BoundedJsonValue.JsonMember api in json.Members)
        {
            apis[api.Name] = ReadApi(api.Value);
        }

        return apis;
    }

    private static RecordedApi ReadApi(BoundedJsonValue json)
    {
        Dictionary<string, string> signatures = new(StringComparer.Ordinal);
        foreach (BoundedJsonValue.JsonMember signature in json.Required("signatures").RequireObject().Members)
        {
            signatures[signature.Name] = signature.Value.Text();
        }

        List<NativeHandleInfo> handles = [];
        foreach (BoundedJsonValue place in json.Member("handles")?.Items() ?? [])
        {
            int known = Array.IndexOf(s_uses, Text(place, "use"));
            handles.Add(known >= 0
                ? new NativeHandleInfo(
                    Text(place, "fn"),
                    TextOrNull(place, "at"),
                    Text(place, "kind"),
                    (HandleUse)known,
                    TextOrNull(place, "consumedWhen"))
                : throw place.Error($"a handle's use is none of {string.Join(", ", s_uses)}"));
        }

        List<string> absent = [];
        foreach (BoundedJsonValue export in json.Member("absent")?.Items() ?? [])
        {
            absent.Add(export.Text());
        }

        return new RecordedApi(Text(json, "library"))
        {
            Missing = json.Member("missing")?.Bool() ?? false,
            Absent = absent,
            Signatures = signatures,
            Handles = handles,
        };
    }

    private static string Text(BoundedJsonValue json, string name) => json.Required(name).Text();

    private static string? TextOrNull(BoundedJsonValue json, string name) => json.Member(name)?.Text();

    // In the order of HandleUse.
    private static readonly string[] s_uses = ["used", "produced", "consumed", "inOut", "consumedOnSuccess", "borrowed"];

    private static void WriteOrigin(Utf8JsonWriter json, RecordingOrigin origin)
    {
        json.WriteStartObject();
        json.WriteString("kind", origin.Kind);
        json.WriteString("os", origin.Os);
        json.WriteString("arch", origin.Arch);
        json.WriteString("tool", origin.Tool);
        if (origin.Program is not null)
        {
            json.WriteString("program", origin.Program);
        }

        json.WriteEndObject();
    }

    private static void WriteApi(Utf8JsonWriter json, RecordedApi api)
    {
        json.WriteStartObject();
        json.WriteString("library", api.Library);
        if (api.Missing)
        {
            json.WriteBoolean("missing", true);
        }

        if (api.Absent.Count > 0)
        {
            json.WriteStartArray("absent");
            foreach (string export in api.Absent)
            {
                json.WriteStringValue(export);
            }

            json.WriteEndArray();
        }

        json.WriteStartObject("signatures");
        foreach ((string function, string signature) in api.Signatures)
        {
            json.WriteString(function, signature);
        }

        json.WriteEndObject();
        if (api.Handles.Count > 0)
        {
            json.WriteStartArray("handles");
            foreach (NativeHandleInfo place in api.Handles)
            {
                WriteHandle(json, place);
            }

            json.WriteEndArray();
        }

        json.WriteEndObject();
    }

    private static void WriteHandle(Utf8JsonWriter json, NativeHandleInfo place)
    {
        json.WriteStartObject();
        json.WriteString("fn", place.Function);
        if (place.Parameter is not null)
        {
            json.WriteString("at", place.Parameter);
        }

        json.WriteString("kind", place.Kind);
        json.WriteString("use", s_uses[(int)place.Use]);
        if (place.ConsumedWhen is not null)
        {
            json.WriteString("consumedWhen", place.ConsumedWhen);
        }

        json.WriteEndObject();
    }

    // The layout of lines is ours, what stands between them the writer's.
    private static void Next(ArrayBufferWriter<byte> text, Utf8JsonWriter json, ReadOnlySpan<byte> between)
    {
        json.Flush();
        text.Write(between);
        json.Reset();
    }
}
