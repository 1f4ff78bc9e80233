using System.Text.Json.Serialization;

namespace AotLayers.Cli.Output;

/// <summary>The JSON that the program prints, without reflection.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, GenerationMode = JsonSourceGenerationMode.Serialization)]
[JsonSerializable(typeof(ErrorReport))]
[JsonSerializable(typeof(ExportResult))]
[JsonSerializable(typeof(RecordingCheckResult))]
internal sealed partial class CliJson : JsonSerializerContext;
