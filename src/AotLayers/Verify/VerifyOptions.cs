namespace AotLayers;

/// <summary>How a layer is verified.</summary>
public sealed class VerifyOptions
{
    /// <summary>Names of the parents, nearest first; empty where they are not known.</summary>
    public IReadOnlyList<LayerNames> Parents { get; init; } = [];

    /// <summary>Rules that are not asked, and why: id or short name to reason.</summary>
    public IReadOnlyDictionary<string, string> Disabled { get; init; } = new Dictionary<string, string>();

    /// <summary><c>sha256:</c> and 64 hex digits that the tar before compression must have; null for no demand.</summary>
    public string? ExpectDiffId { get; init; }

    /// <summary>The same of the file as it is; null for no demand.</summary>
    public string? ExpectDigest { get; init; }

    /// <summary>Bytes that the file must have, as a manifest says them; null for no demand.</summary>
    public long? ExpectSize { get; init; }

    /// <summary>How many findings of one rule are told; all are counted. 0 for no limit.</summary>
    public int FindingsPerRule { get; init; } = 100;

    /// <summary>Told of each finding at once.</summary>
    public Action<VerifyFinding>? OnFinding { get; init; }
}
