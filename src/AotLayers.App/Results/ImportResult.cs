using System.Text.Json;

namespace AotLayers.App;

/// <summary>What is told about a finished import.</summary>
/// <param name="Layer">The layer, as it was named.</param>
/// <param name="Input">The file, or <c>-</c>.</param>
/// <param name="Summary">What was imported.</param>
public sealed record ImportResult(string Layer, string Input, ImportSummary Summary)
{
    /// <summary>Writes the members of the JSON form.</summary>
    /// <param name="json">Where to: inside an object.</param>
    public void WriteMembers(Utf8JsonWriter json)
    {
        ArgumentNullException.ThrowIfNull(json);
        json.WriteString("layer", Layer);
        json.WriteString("input", Input);
        json.WriteNumber("entries", Summary.Entries);
        json.WriteNumber("tombstones", Summary.Tombstones);
        json.WriteNumber("hardLinks", Summary.HardLinks);
        json.WriteNumber("bytes", Summary.Bytes);
        json.WriteNumber("tarBytes", Summary.TarBytes);
        json.WriteNumber("fileBytes", Summary.FileBytes);
        json.WriteString("diffId", Summary.DiffId);
        json.WriteString("digest", Summary.Digest);
        json.WriteString("writer", Summary.Writer);
        json.WriteStrings("warnings", Summary.Warnings);
    }
}
