using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace AotLayers.Interop;

/// <summary>What a recording says about one API.</summary>
/// <param name="Library">The library file of the declarations.</param>
/// <param name="Hash">Signature hash of the declarations.</param>
public sealed record RecordedApi(string Library, string Hash)
{
    /// <summary>True when the library could not be loaded.</summary>
    public bool Missing { get; init; }

    /// <summary>The exports that the library did not have, in declaration order.</summary>
    public IReadOnlyList<string> Absent { get; init; } = [];

    /// <summary>Asks an API for its facts.</summary>
    internal static RecordedApi Of(INativeApi api)
    {
        NativeApiInfo info = api.Info;
        List<string> absent = [];
        bool missing = false;
        foreach (string export in info.Exports)
        {
            switch (api.Probe(export))
            {
                case ExportStatus.LibraryMissing:
                    missing = true;
                    break;
                case ExportStatus.ExportMissing:
                    absent.Add(export);
                    break;
                default:
                    break;
            }
        }

        return new RecordedApi(info.Library, info.SignatureHash) { Missing = missing, Absent = missing ? [] : absent };
    }
}

/// <summary>Writes a recording's first and last lines.</summary>
internal static class RecordingHeader
{
    /// <summary>Value of <c>format</c>.</summary>
    public const string Format = "aotlayers-recording";

    /// <summary>The version that is written.</summary>
    public const int Version = 1;

    private static readonly RecordingJsonContext s_json = new(new JsonSerializerOptions(RecordingJsonContext.Default.Options)
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    });

    /// <summary>Everything before the first call's line.</summary>
    public static byte[] Write(RecordingOrigin origin, DataPolicy data, IReadOnlyDictionary<string, RecordedApi> apis)
    {
        ArrayBufferWriter<byte> text = new();
        text.Write("{\"format\":\"aotlayers-recording\",\"version\":1,\"origin\":"u8);
        text.Write(JsonSerializer.SerializeToUtf8Bytes(OriginModel.From(origin), s_json.OriginModel));
        text.Write(data switch
        {
            DataPolicy.Digest => ",\"data\":\"digest\""u8,
            DataPolicy.Lengths => ",\"data\":\"lengths\""u8,
            _ => default,
        });
        text.Write(",\n\"apis\":"u8);
        text.Write(JsonSerializer.SerializeToUtf8Bytes(apis.ToDictionary(a => a.Key, a => ApiModel.From(a.Value)), s_json.DictionaryStringApiModel));
        text.Write(",\n\"calls\":["u8);
        return text.WrittenSpan.ToArray();
    }

    /// <summary>Everything after the last call's line.</summary>
    public static byte[] WriteEnd(long calls, bool complete)
    {
        ArrayBufferWriter<byte> text = new();
        text.Write("\n],\"end\":"u8);
        text.Write(JsonSerializer.SerializeToUtf8Bytes(new EndModel(calls, complete), s_json.EndModel));
        text.Write("}\n"u8);
        return text.WrittenSpan.ToArray();
    }
}

/// <summary>JSON form of <see cref="RecordingOrigin"/>.</summary>
internal sealed record OriginModel(string Kind, string Os, string Arch, string Tool, string? Program)
{
    public static OriginModel From(RecordingOrigin origin) => new(origin.Kind, origin.Os, origin.Arch, origin.Tool, origin.Program);
}

/// <summary>JSON form of <see cref="RecordedApi"/>.</summary>
internal sealed record ApiModel(string Library, string Hash, bool? Missing, string[]? Absent)
{
    public static ApiModel From(RecordedApi api) => new(api.Library, api.Hash, api.Missing ? true : null, api.Absent.Count == 0 ? null : [.. api.Absent]);
}

/// <summary>JSON form of the footer.</summary>
internal sealed record EndModel(long Calls, bool Complete);

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = false,
    MaxDepth = 64)]
[JsonSerializable(typeof(OriginModel))]
[JsonSerializable(typeof(Dictionary<string, ApiModel>))]
[JsonSerializable(typeof(EndModel))]
[JsonSerializable(typeof(FaultPlanModel))]
internal sealed partial class RecordingJsonContext : JsonSerializerContext;
