using System.Text;
using NJsonSchema;
using NJsonSchema.Validation;
using Xunit;

namespace AotLayers.Replay.Tests.Recordings;

/// <summary>The committed JSON schema. Everything that the tests record is checked against it.</summary>
internal static class RecordingSchema
{
    private static readonly JsonSchema s_schema = JsonSchema.FromFileAsync(Path.Combine(
        AppContext.BaseDirectory,
        "recordings",
        "recording.schema.json")).GetAwaiter().GetResult();

    public static IReadOnlyList<string> Errors(string recording) => [.. s_schema.Validate(recording).SelectMany(Flatten)];

    public static void Check(byte[] recording) => Assert.Empty(Errors(Encoding.UTF8.GetString(recording)));

    private static IEnumerable<string> Flatten(ValidationError error) => [$"{error.Path} {error.Kind} line {error.LineNumber}"];
}
