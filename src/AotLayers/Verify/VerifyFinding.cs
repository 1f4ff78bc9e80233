namespace AotLayers;

/// <summary>Something that a rule found in a layer.</summary>
public sealed class VerifyFinding
{
    internal VerifyFinding(VerifyRule rule, string? entry, long offset, string message)
    {
        Rule = rule;
        Entry = entry;
        Offset = offset;
        Message = message;
    }

    /// <summary>The rule.</summary>
    public VerifyRule Rule { get; }

    /// <summary>Name of the entry, with backslashes where it has a sound name, otherwise as it is; null where the whole layer is
    /// meant.</summary>
    public string? Entry { get; }

    /// <summary>Where the entry's header lies in the uncompressed tar, in bytes; -1 where there is none.</summary>
    public long Offset { get; }

    /// <summary>What is wrong, without the entry's name: one sentence without a full stop.</summary>
    public string Message { get; }
}
