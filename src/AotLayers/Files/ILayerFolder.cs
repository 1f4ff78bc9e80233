using AotLayers.Formats;

namespace AotLayers;

/// <summary>
/// A folder that holds a layer or a transport folder. Names are relative to it, with backslashes; "" is the folder itself.
/// </summary>
internal interface ILayerFolder
{
    /// <summary>The folder's path as its file system spells it, for errors.</summary>
    string Root { get; }

    /// <summary>Whether there is something of that name.</summary>
    bool Exists(string name);

    /// <summary>What a directory holds, in the order of the names' UTF-8 bytes (docs/formats/names.md#order).</summary>
    IReadOnlyList<LayerFolderItem> List(string directory);

    /// <summary>Opens a file or directory for reading, without following a reparse point.</summary>
    ILayerFile Open(string name);
}

/// <summary>One item of a directory listing.</summary>
/// <param name="Name">Base name.</param>
/// <param name="Attributes">FILE_ATTRIBUTE_* bits.</param>
/// <param name="Size">Size in bytes as the listing has it.</param>
internal readonly record struct LayerFolderItem(string Name, uint Attributes, long Size)
{
    /// <summary>A directory that is none by a reparse point: only such a one is walked into.</summary>
    public bool IsRealDirectory =>
        (Attributes & (WindowsFileAttributes.Directory | WindowsFileAttributes.ReparsePoint)) == WindowsFileAttributes.Directory;
}

/// <summary>An open file or directory of an <see cref="ILayerFolder"/>.</summary>
internal interface ILayerFile : IDisposable
{
    /// <summary>Times and attributes.</summary>
    LayerFileInfo GetInfo();

    /// <summary>Hard links; null when the file system does not tell.</summary>
    LayerLinks? GetLinks();

    /// <summary>
    /// The file's bytes from <paramref name="origin"/> on, as a stream that can seek and whose position 0 is there. Does not own the
    /// file.
    /// </summary>
    Stream OpenContent(long origin);

    /// <summary>The file's backup stream. Does not own the file.</summary>
    /// <param name="security">Whether it starts with the security descriptor.</param>
    Stream OpenBackup(bool security);
}
