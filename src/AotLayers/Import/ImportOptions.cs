namespace AotLayers;

/// <summary>How a layer is imported.</summary>
public sealed record ImportOptions
{
    /// <summary>
    /// <c>sha256:</c> and 64 hex digits that the tar before compression must have; null for no demand. A mismatch imports nothing.
    /// </summary>
    public string? ExpectDiffId { get; init; }

    /// <summary>The same of the file as it is; null for no demand.</summary>
    public string? ExpectDigest { get; init; }

    /// <summary>Told after each entry.</summary>
    public IProgress<ImportProgress>? Progress { get; init; }
}

/// <summary>How far an import is.</summary>
/// <param name="Entries">Entries, links and tombstones written.</param>
/// <param name="Bytes">Bytes of the tar read, before compression.</param>
/// <param name="Entry">Name of the last one.</param>
public readonly record struct ImportProgress(long Entries, long Bytes, string Entry);

/// <summary>What was imported.</summary>
public sealed record ImportSummary
{
    /// <summary>Files, directories and links, without tombstones and alternate streams.</summary>
    public required long Entries { get; init; }

    /// <summary>Tombstones.</summary>
    public required long Tombstones { get; init; }

    /// <summary>Entries that are hard links.</summary>
    public required long HardLinks { get; init; }

    /// <summary>Sizes of all files together, in bytes.</summary>
    public required long FileBytes { get; init; }

    /// <summary>Size of the tar in bytes, before compression.</summary>
    public required long TarBytes { get; init; }

    /// <summary>Bytes of the file.</summary>
    public required long Bytes { get; init; }

    /// <summary><c>sha256:</c> and 64 hex digits over the tar before compression.</summary>
    public required string DiffId { get; init; }

    /// <summary><c>sha256:</c> and 64 hex digits over the file.</summary>
    public required string Digest { get; init; }

    /// <summary>Which writer was used: <c>stream</c>, <c>folder</c> or <c>base</c>.</summary>
    public required string Writer { get; init; }

    /// <summary>What went wrong without touching the result.</summary>
    public required IReadOnlyList<string> Warnings { get; init; }
}
