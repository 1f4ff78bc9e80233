namespace AotLayers.Formats;

/// <summary>What an entry of a layer tar is.</summary>
public enum LayerTarEntryKind
{
    /// <summary>A file.</summary>
    File,

    /// <summary>A directory.</summary>
    Directory,

    /// <summary>A symbolic link or mount point, of a file or a directory.</summary>
    ReparsePoint,

    /// <summary>One more name of a file of this layer or of a parent.</summary>
    HardLink,

    /// <summary>Something that the parents have and this layer has not.</summary>
    Tombstone,
}

/// <summary>An entry of a layer tar, as Windows sees it.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Name">Name with backslashes, relative to the layer, checked to stay inside of it. Of tombstones: the name of what is
/// gone.</param>
/// <param name="Size">Size of a file in bytes, otherwise 0.</param>
/// <param name="Info">Times and attributes; all zero for tombstones.</param>
/// <param name="LinkTarget">Of hard links the name of the other entry, of reparse points the target as text, otherwise empty.</param>
/// <param name="HeaderOffset">Where the entry's header block starts in the archive, in bytes.</param>
public sealed record LayerTarEntry(
    LayerTarEntryKind Kind,
    string Name,
    long Size,
    LayerFileInfo Info,
    string LinkTarget,
    long HeaderOffset);
