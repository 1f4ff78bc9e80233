using AotLayers.Formats;

namespace AotLayers;

/// <summary>What an entry is, and what it has beyond its content.</summary>
[Flags]
public enum EntryTraits
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>A file.</summary>
    File = 1,

    /// <summary>A directory that is no link.</summary>
    Directory = 2,

    /// <summary>A symbolic link, to a file or a directory.</summary>
    SymbolicLink = 4,

    /// <summary>A mount point or junction.</summary>
    Junction = 8,

    /// <summary>A reparse point of any tag, those two included.</summary>
    ReparsePoint = 16,

    /// <summary>One more name of a file.</summary>
    HardLink = 32,

    /// <summary>The mark that something of a parent layer is gone.</summary>
    Tombstone = 64,

    /// <summary>Has alternate data streams.</summary>
    AlternateStreams = 128,

    /// <summary>Has extended attributes.</summary>
    ExtendedAttributes = 256,

    /// <summary>Is sparse, by its attributes or its stream.</summary>
    Sparse = 512,
}

/// <summary>Finds the traits of entries.</summary>
public static class EntryTraitsOf
{
    /// <summary>The one word for what an entry is: <c>file</c>, <c>directory</c>, <c>symlink</c>, <c>junction</c>, <c>reparse</c> (another
    /// tag), <c>link</c> (one more name of a file) or <c>tombstone</c>.</summary>
    /// <param name="traits">The entry's traits.</param>
    public static string Kind(EntryTraits traits) =>
        (traits & EntryTraits.Tombstone) != 0 ? "tombstone"
        : (traits & EntryTraits.HardLink) != 0 ? "link"
        : (traits & EntryTraits.SymbolicLink) != 0 ? "symlink"
        : (traits & EntryTraits.Junction) != 0 ? "junction"
        : (traits & EntryTraits.ReparsePoint) != 0 ? "reparse"
        : (traits & EntryTraits.Directory) != 0 ? "directory"
        : "file";

    /// <summary>The traits of an entry.</summary>
    /// <param name="entry">The entry.</param>
    /// <param name="metadata">What its backup stream says; null for a tombstone or hard link.</param>
    public static EntryTraits Find(LayerEntry entry, LayerEntryMetadata? metadata)
    {
        ArgumentNullException.ThrowIfNull(entry);
        if (entry.IsTombstone)
        {
            return EntryTraits.Tombstone;
        }

        if (entry.HardLinkTarget is not null)
        {
            return EntryTraits.HardLink;
        }

        EntryTraits traits = metadata?.ReparseTag switch
        {
            ReparseTag.SymbolicLink => EntryTraits.SymbolicLink | EntryTraits.ReparsePoint,
            ReparseTag.MountPoint => EntryTraits.Junction | EntryTraits.ReparsePoint,
            null or 0 => entry.Info.IsReparsePoint ? EntryTraits.ReparsePoint
                : entry.Info.IsDirectory ? EntryTraits.Directory : EntryTraits.File,
            _ => EntryTraits.ReparsePoint,
        };
        bool sparse = (entry.Info.FileAttributes & WindowsFileAttributes.SparseFile) != 0;
        return traits
            | (sparse || metadata?.Data is { IsSparse: true } ? EntryTraits.Sparse : 0)
            | (metadata is { AlternateStreams.Count: > 0 } ? EntryTraits.AlternateStreams : 0)
            | (metadata is { ExtendedAttributes.Count: > 0 } ? EntryTraits.ExtendedAttributes : 0);
    }
}
