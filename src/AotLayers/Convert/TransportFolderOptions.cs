namespace AotLayers;

/// <summary>How a transport folder is written.</summary>
public sealed class TransportFolderOptions
{
    /// <summary>
    /// Keep what the folder cannot hold in a file of its own beside <c>tombstones.txt</c>: all four times, hard links, metadata of what is
    /// not below <c>Files</c>. Windows does not know the file.
    /// </summary>
    public bool Lossless { get; init; }

    /// <summary>
    /// Whether entries that the folder cannot hold (names that the file system has no place for, whiteouts outside of <c>Files</c>) are
    /// left out and told as losses; otherwise they are errors.
    /// </summary>
    public bool SkipUnsupported { get; init; }
}

/// <summary>What was written to a transport folder.</summary>
public sealed class TransportFolderSummary
{
    /// <summary>Files, directories and links.</summary>
    public required long Entries { get; init; }

    /// <summary>Tombstones.</summary>
    public required long Tombstones { get; init; }

    /// <summary>Hard links, which are copies there.</summary>
    public required long HardLinks { get; init; }

    /// <summary>Sizes of all files of the layer together, in bytes.</summary>
    public required long FileBytes { get; init; }

    /// <summary>Which reader was used.</summary>
    public required string Reader { get; init; }

    /// <summary>What the folder does not hold.</summary>
    public required IReadOnlyList<LayerLossRecord> Losses { get; init; }

    /// <summary>What went wrong without touching the result.</summary>
    public required IReadOnlyList<string> Warnings { get; init; }
}
