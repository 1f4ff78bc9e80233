namespace AotLayers;

/// <summary>What verifying a layer came to.</summary>
public sealed class VerifySummary
{
    /// <summary>Which source it was: <c>tar</c>, <c>folder</c>, <c>base</c> or <c>stream</c>.</summary>
    public required string Kind { get; init; }

    /// <summary>Files, directories and links, without whiteouts and alternate streams.</summary>
    public required long Entries { get; init; }

    /// <summary>Whiteouts.</summary>
    public required long Tombstones { get; init; }

    /// <summary>Entries that are hard links.</summary>
    public required long HardLinks { get; init; }

    /// <summary>Sizes of all files together, in bytes.</summary>
    public required long FileBytes { get; init; }

    /// <summary>Size of the tar in bytes, before compression; 0 for other sources.</summary>
    public required long TarBytes { get; init; }

    /// <summary>Bytes of the file; 0 for other sources.</summary>
    public required long Bytes { get; init; }

    /// <summary><c>sha256:</c> and 64 hex digits over the tar before compression; null where it was not read to its end.</summary>
    public string? DiffId { get; init; }

    /// <summary><c>sha256:</c> and 64 hex digits over the file; null where it was not read to its end.</summary>
    public string? Digest { get; init; }

    /// <summary>Number of errors, those that were not told included.</summary>
    public required long Errors { get; init; }

    /// <summary>Number of warnings.</summary>
    public required long Warnings { get; init; }

    /// <summary>Number of notes.</summary>
    public required long Notes { get; init; }

    /// <summary>Findings that were counted and not told.</summary>
    public required long NotTold { get; init; }

    /// <summary>Rules that were not asked, and why.</summary>
    public required IReadOnlyList<KeyValuePair<VerifyRule, string>> Disabled { get; init; }

    /// <summary>Whether there is a finding of this severity or a worse one.</summary>
    /// <param name="severity">The mildest that counts.</param>
    public bool HasFindings(VerifySeverity severity) =>
        Errors > 0 || (severity <= VerifySeverity.Warning && Warnings > 0) || (severity <= VerifySeverity.Note && Notes > 0);
}
