using System.Text.Json;

namespace AotLayers.App;

/// <summary>What is told about a finished conversion: what was written, and what was lost.</summary>
public sealed class ConvertResult
{
    /// <summary>The source, as it was named.</summary>
    public required string Source { get; init; }

    /// <summary>The destination, as it was named.</summary>
    public required string Destination { get; init; }

    /// <summary>What it became.</summary>
    public required ConvertTarget Target { get; init; }

    /// <summary>Which reader was used.</summary>
    public required string Reader { get; init; }

    /// <summary>Files, directories and links, without tombstones and alternate streams.</summary>
    public required long Entries { get; init; }

    /// <summary>Tombstones.</summary>
    public required long Tombstones { get; init; }

    /// <summary>Entries that are hard links, or in a folder copies in their place.</summary>
    public required long HardLinks { get; init; }

    /// <summary>Sizes of all files together, in bytes.</summary>
    public required long FileBytes { get; init; }

    /// <summary>Of a tar: what was exported; null for other destinations.</summary>
    public ExportSummary? Tar { get; init; }

    /// <summary>What the destination does not hold.</summary>
    public required IReadOnlyList<LayerLossRecord> Losses { get; init; }

    /// <summary>What went wrong without touching the result.</summary>
    public required IReadOnlyList<string> Warnings { get; init; }

    /// <summary>Number of losses of each kind, in the order in which the kinds came.</summary>
    public IReadOnlyList<KeyValuePair<string, int>> CountLosses()
    {
        var kinds = new List<string>();
        var counts = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (LayerLossRecord loss in Losses)
        {
            if (!counts.TryGetValue(loss.Reason, out int count))
            {
                kinds.Add(loss.Reason);
            }

            counts[loss.Reason] = count + 1;
        }

        return kinds.ConvertAll(kind => new KeyValuePair<string, int>(kind, counts[kind]));
    }

    /// <summary>Writes the members of the JSON form.</summary>
    /// <param name="json">Where to: inside an object.</param>
    public void WriteMembers(Utf8JsonWriter json)
    {
        ArgumentNullException.ThrowIfNull(json);
        json.WriteString("source", Source);
        json.WriteString("destination", Destination);
        json.WriteString("target", OptionWords.Target.NameOf(Target));
        json.WriteString("reader", Reader);
        json.WriteNumber("entries", Entries);
        json.WriteNumber("tombstones", Tombstones);
        json.WriteNumber("hardLinks", HardLinks);
        json.WriteNumber("fileBytes", FileBytes);
        json.WriteNumberOrNull("bytes", Tar?.Bytes);
        json.WriteNumberOrNull("tarBytes", Tar?.TarBytes);
        json.WriteString("diffId", Tar?.DiffId);
        json.WriteString("digest", Tar?.Digest);
        json.WriteString("compression", Tar is null ? null : OptionWords.Compression.NameOf(Tar.Compression));
        json.WriteStartObject("lossKinds");
        foreach ((string kind, int count) in CountLosses())
        {
            json.WriteNumber(kind, count);
        }

        json.WriteEndObject();
        json.WriteLosses(Losses);
        json.WriteStrings("warnings", Warnings);
    }
}
