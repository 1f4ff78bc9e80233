using System.Text.Json;

namespace AotLayers.App;

/// <summary>What is told about an extraction.</summary>
public static class ExtractResult
{
    /// <summary>Writes the members of the JSON form.</summary>
    /// <param name="json">Where to: inside an object.</param>
    /// <param name="source">The layer, as it was named.</param>
    /// <param name="folder">The folder, as it was named.</param>
    /// <param name="summary">What was done.</param>
    public static void WriteMembers(Utf8JsonWriter json, string source, string folder, ExtractSummary summary)
    {
        ArgumentNullException.ThrowIfNull(json);
        ArgumentNullException.ThrowIfNull(summary);
        json.WriteString("source", source);
        json.WriteString("folder", folder);
        json.WriteNumber("files", summary.Files);
        json.WriteNumber("directories", summary.Directories);
        json.WriteNumber("symbolicLinks", summary.SymbolicLinks);
        json.WriteNumber("hardLinks", summary.HardLinks);
        json.WriteNumber("copiedLinks", summary.CopiedLinks);
        json.WriteNumber("bytes", summary.Bytes);
        json.WriteNumber("skipped", summary.Skipped);
        json.WriteStrings("tombstones", summary.Tombstones);
        json.WriteStartObject("notInFolder");
        json.WriteNumber("securityDescriptors", summary.SecurityDescriptors);
        json.WriteNumber("extendedAttributes", summary.ExtendedAttributes);
        json.WriteNumber("alternateStreams", summary.AlternateStreams);
        json.WriteNumber("otherRecords", summary.OtherRecords);
        json.WriteEndObject();
        json.WriteStartArray("problems");
        foreach (ExtractProblem problem in summary.Problems)
        {
            json.WriteStartObject();
            json.WriteString("entry", problem.Entry);
            json.WriteString("reason", problem.Reason);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }
}
