using System.Text.Json;

namespace AotLayers.App;

/// <summary>What is told about a finished export.</summary>
/// <param name="Layer">The layer, as it was named.</param>
/// <param name="Output">The file, or <c>-</c>.</param>
/// <param name="Summary">What was exported.</param>
public sealed record ExportResult(string Layer, string Output, ExportSummary Summary)
{
    /// <summary>Writes the members of the JSON form.</summary>
    /// <param name="json">Where to: inside an object.</param>
    public void WriteMembers(Utf8JsonWriter json)
    {
        ArgumentNullException.ThrowIfNull(json);
        json.WriteString("layer", Layer);
        json.WriteString("output", Output);
        json.WriteNumber("entries", Summary.Entries);
        json.WriteNumber("tombstones", Summary.Tombstones);
        json.WriteNumber("hardLinks", Summary.HardLinks);
        json.WriteNumber("bytes", Summary.Bytes);
        json.WriteNumber("tarBytes", Summary.TarBytes);
        json.WriteNumber("fileBytes", Summary.FileBytes);
        json.WriteString("diffId", Summary.DiffId);
        json.WriteString("digest", Summary.Digest);
        json.WriteString("compression", OptionWords.Compression.NameOf(Summary.Compression));
        json.WriteString("reader", Summary.Reader);
        json.WriteLosses(Summary.Losses);
        json.WriteStrings("warnings", Summary.Warnings);
    }
}
