namespace AotLayers.App;

/// <summary>What a front end was asked to verify, whichever way its options were written.</summary>
public sealed class VerifyRequest
{
    /// <summary>How the front end's users write options.</summary>
    public required OptionSpelling Spelling { get; init; }

    /// <summary>A layer tar, a transport folder or a recording; <c>-</c> where standard input is given.</summary>
    public required string Source { get; init; }

    /// <summary>The same for its parents, nearest first.</summary>
    public IReadOnlyList<string> Parents { get; init; } = [];

    /// <summary>Rules that are not asked: id or name, an equals sign, the reason.</summary>
    public IReadOnlyList<string> Disabled { get; init; } = [];

    /// <summary>Digest that the tar must have before compression; null for no demand.</summary>
    public string? ExpectDiffId { get; init; }

    /// <summary>Digest that the file must have; null for no demand.</summary>
    public string? ExpectDigest { get; init; }

    /// <summary>How many findings of one rule are told; 0 for all.</summary>
    public int FindingsPerRule { get; init; } = 100;

    /// <summary>Checks the request and makes options of it.</summary>
    /// <param name="parents">Names of the parents.</param>
    /// <param name="onFinding">Told of each finding.</param>
    /// <exception cref="UsageException">It makes no sense; the message names the option.</exception>
    internal VerifyOptions ToOptions(IReadOnlyList<LayerNames> parents, Action<VerifyFinding> onFinding)
    {
        CheckDigest(ExpectDiffId, "expectDiffId");
        CheckDigest(ExpectDigest, "expectDigest");
        if (FindingsPerRule < 0)
        {
            throw new UsageException($"{Spelling.Name("limit")} is a number of findings; 0 for all");
        }

        return new VerifyOptions
        {
            Parents = parents,
            Disabled = ReadDisabled(),
            ExpectDiffId = ExpectDiffId,
            ExpectDigest = ExpectDigest,
            FindingsPerRule = FindingsPerRule,
            OnFinding = onFinding,
        };
    }

    private Dictionary<string, string> ReadDisabled()
    {
        string option = Spelling.Name("disable");
        var disabled = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (string text in Disabled)
        {
            int equals = text.IndexOf('=', StringComparison.Ordinal);
            string id = equals < 0 ? text : text[..equals];
            VerifyRule rule = VerifyRules.Find(id)
                ?? throw new UsageException($"{option}: '{id}' is no rule; rules are AOTV001 and so on, or names such as parent-order");
            if (equals < 0 || string.IsNullOrWhiteSpace(text[(equals + 1)..]))
            {
                throw new UsageException($"{option}: say why after an equals sign, {rule.Id}=reason; the reason is part of the result");
            }

            if (!disabled.TryAdd(rule.Id, text[(equals + 1)..].Trim()))
            {
                throw new UsageException($"{option}: {rule.Id} is switched off twice");
            }
        }

        return disabled;
    }

    private void CheckDigest(string? digest, string key)
    {
        if (digest is not null && !LayerImporter.IsDigest(digest))
        {
            throw new UsageException($"{Spelling.Name(key)} expects sha256: and 64 lower-case hexadecimal digits, not '{digest}'");
        }
    }
}
