using System.Text.Json;

namespace AotLayers.App;

/// <summary>What is told about the size of a folder of a layer.</summary>
public static class UsageResult
{
    /// <summary>Writes the members of the JSON form.</summary>
    /// <param name="json">Where to: inside an object.</param>
    /// <param name="usage">The sums.</param>
    public static void WriteMembers(Utf8JsonWriter json, FolderUsage usage)
    {
        ArgumentNullException.ThrowIfNull(json);
        ArgumentNullException.ThrowIfNull(usage);
        json.WriteString("path", usage.Path);
        json.WriteNumber("bytes", usage.Bytes);
        json.WriteNumber("streamBytes", usage.StreamBytes);
        json.WriteNumber("holeBytes", usage.HoleBytes);
        json.WriteNumber("files", usage.Files);
        json.WriteNumber("directories", usage.Directories);
        json.WriteNumber("reparsePoints", usage.ReparsePoints);
        json.WriteNumber("hardLinks", usage.HardLinks);
        json.WriteNumber("hardLinkBytes", usage.HardLinkBytes);
        json.WriteNumber("tombstones", usage.Tombstones);
    }
}
