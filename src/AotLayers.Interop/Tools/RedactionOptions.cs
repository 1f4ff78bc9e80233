namespace AotLayers.Interop;

/// <summary>What a redaction leaves, and what it never leaves.</summary>
public sealed class RedactionOptions
{
    /// <summary>
    /// Texts, and parts of paths, that stay as they are; <c>*</c> and <c>?</c> stand for any characters and for one, letters fit in any
    /// case. What the program itself passes to every machine (names of fixed folders, modes, queries) has to stay for a replay.
    /// </summary>
    public IReadOnlyList<string> Keep { get; init; } = [];

    /// <summary>Says of a part of a path that it stays; null for none.</summary>
    public Func<string, bool>? IsFixed { get; init; }

    /// <summary>Ends of parts that stay while what is before them is replaced, as <c>.exe</c> would be.</summary>
    public IReadOnlyList<string> Suffixes { get; init; } = [];

    /// <summary>
    /// What is replaced wherever it stands inside of what stays; <c>*</c> is any run of letters, digits, <c>_</c>, <c>-</c> and
    /// <c>.</c>, and <c>?</c> is one of these; letters fit in any case.
    /// </summary>
    public IReadOnlyList<string> Patterns { get; init; } = [];

    /// <summary>Replaces the contents of buffers by zeros of the same length.</summary>
    public bool BlankContents { get; init; }
}
