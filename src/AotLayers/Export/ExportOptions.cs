using AotLayers.Formats;

namespace AotLayers;

/// <summary>Compression of an exported tar.</summary>
public enum LayerCompression
{
    /// <summary>Plain tar.</summary>
    None,

    /// <summary>gzip, with a header that names neither time nor operating system.</summary>
    Gzip,

    /// <summary>Zstandard.</summary>
    Zstd,
}

/// <summary>How a layer is exported.</summary>
public sealed record ExportOptions
{
    /// <summary>Compression of the output.</summary>
    public LayerCompression Compression { get; init; }

    /// <summary>Whether to compute <see cref="ExportSummary.DiffId"/> and <see cref="ExportSummary.Digest"/> on the way.</summary>
    public bool ComputeDigests { get; init; } = true;

    /// <summary>What to do with what a tar has no place for; the defaults give the bytes that hcsshim gives.</summary>
    public LayerTarWriterOptions Tar { get; init; } = LayerTarWriterOptions.Default;

    /// <summary>Told after each entry.</summary>
    public IProgress<ExportProgress>? Progress { get; init; }
}

/// <summary>How far an export is.</summary>
/// <param name="Entries">Entries and tombstones written.</param>
/// <param name="TarBytes">Bytes of tar written, before compression.</param>
/// <param name="Entry">Name of the last one.</param>
public readonly record struct ExportProgress(long Entries, long TarBytes, string Entry);

/// <summary>What was exported.</summary>
public sealed record ExportSummary
{
    /// <summary>Files, directories and links, without tombstones and alternate streams.</summary>
    public required long Entries { get; init; }

    /// <summary>Tombstones.</summary>
    public required long Tombstones { get; init; }

    /// <summary>Entries that are hard links to an earlier one.</summary>
    public required long HardLinks { get; init; }

    /// <summary>Sizes of all files together, in bytes.</summary>
    public required long FileBytes { get; init; }

    /// <summary>Size of the tar in bytes, before compression.</summary>
    public required long TarBytes { get; init; }

    /// <summary>Bytes written to the output: with <see cref="Digest"/> what an image manifest says about a layer.</summary>
    public required long Bytes { get; init; }

    /// <summary><c>sha256:</c> and 64 hex digits over the tar before compression; null when not asked for.</summary>
    public string? DiffId { get; init; }

    /// <summary><c>sha256:</c> and 64 hex digits over the output; null when not asked for.</summary>
    public string? Digest { get; init; }

    /// <summary>Compression of the output.</summary>
    public required LayerCompression Compression { get; init; }

    /// <summary>Which reader was used: <c>stream</c>, <c>folder</c>, <c>base</c> or <c>tar</c>.</summary>
    public required string Reader { get; init; }

    /// <summary>What the tar does not carry.</summary>
    public required IReadOnlyList<LayerLossRecord> Losses { get; init; }

    /// <summary>What went wrong without touching the result.</summary>
    public required IReadOnlyList<string> Warnings { get; init; }
}
