using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace AotLayers.Cli.Output;

/// <summary>The JSON that the program prints, without reflection.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, GenerationMode = JsonSourceGenerationMode.Serialization)]
[JsonSerializable(typeof(ErrorReport))]
[JsonSerializable(typeof(ExportResult))]
[JsonSerializable(typeof(RecordingCheckResult))]
internal sealed partial class CliJson : JsonSerializerContext
{
    /// <summary>Quotes and letters of paths stay as they are: nothing of this goes into a web page.</summary>
    public static CliJson Readable { get; } = new(new JsonSerializerOptions(Default.Options) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
}
