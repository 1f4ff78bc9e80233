namespace AotLayers;

/// <summary>
/// One rule that a layer has to keep (docs/verify/README.md#rules). The same object is asked about every entry of one layer, and may
/// remember what it saw; each verification has rules of its own.
/// </summary>
public abstract class VerifyRule
{
    private protected VerifyRule(string id, string name, VerifySeverity severity, string text)
    {
        Id = id;
        Name = name;
        Severity = severity;
        Text = text;
    }

    /// <summary>Id for scripts, <c>AOTV001</c>: it never means another rule.</summary>
    public string Id { get; }

    /// <summary>Short name for people, <c>parent-order</c>.</summary>
    public string Name { get; }

    /// <summary>How bad a breach is.</summary>
    public VerifySeverity Severity { get; }

    /// <summary>What a sound layer does: one sentence.</summary>
    public string Text { get; }

    /// <summary>Place of the rule in <see cref="VerifyRules.All"/>.</summary>
    internal int Index { get; set; }

    /// <summary>Whether the rule is asked about entries outside of <c>Files</c>, <c>Hives</c> and <c>UtilityVM</c>, too.</summary>
    internal virtual bool SeesForeignEntries => false;

    /// <summary>An entry, before it counts as one of the layer.</summary>
    internal virtual void OnEntry(VerifyRun run, VerifyEntry entry)
    {
    }

    /// <summary>The layer was read to its end, or as far as it can be.</summary>
    internal virtual void OnEnd(VerifyRun run)
    {
    }
}
