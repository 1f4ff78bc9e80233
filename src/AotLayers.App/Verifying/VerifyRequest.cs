
namespace AotLayers.App;

/// <summary>What a front end was asked to verify, whichever way its options were written.</summary>
public sealed class VerifyRequest
{
    /// <summary>The layer.</summary>
    public required LayerRequest Layer { get; init; }

    /// <summary>Parents, nearest first, as sources of their own.</summary>
    public IReadOnlyList<string> Parents { get; init; } = [];

    /// <summary>Rules that are not asked: id or name, an equals sign, the reason.</summary>
    public IReadOnlyList<string> Disabled { get; init; } = [];

    /// <summary>Digest that the tar must have before compression; null for no demand.</summary>
    public string? ExpectDiffId { get; init; }

    /// <summary>Digest that the file must have; null for no demand.</summary>
    public string? ExpectDigest { get; init; }

    /// <summary>How many findings of one rule are told; 0 for all.</summary>
    public int FindingsPerRule { get; init; } = 100;

    private OptionSpelling Spelling => Layer.Spelling;

    /// <summary>Reads a request of the C interface.</summary>
    /// <param name="source">The source.</param>
    /// <param name="json">Its options; null for none.</param>
    /// <exception cref="UsageException">An option is wrong; the message names it.</exception>
    public static VerifyRequest FromJson(string source, string? json)
    {
        List<string> disabled = [];
        long limit = 100;
        LayerRequest layer = JsonOptions.Read(
            new LayerRequest { Spelling = OptionSpelling.Json, Source = source },
            json,
            JsonOptions.VerifyKeys,
            (key, value) =>
            {
                switch (key)
                {
                    case "disable":
                        disabled = JsonOptions.Texts(key, value);
                        return true;
                    case "limit":
                        limit = JsonOptions.Number(key, value);
                        return true;
                    default:
                        return false;
                }
            });
        return new VerifyRequest
        {
            Layer = SplitParents(layer, out IReadOnlyList<string> parents),
            Parents = parents,
            Disabled = disabled,
            FindingsPerRule = (int)Math.Clamp(limit, -1, int.MaxValue),
            ExpectDiffId = layer.ExpectDiffId,
            ExpectDigest = layer.ExpectDigest,
        };
    }

    /// <summary>Parents of a source that needs no machine are sources of their own, which are only looked into.</summary>
    /// <param name="layer">The layer, with its parents.</param>
    /// <param name="parents">The parents that are sources.</param>
    /// <returns>The layer as it is read.</returns>
    public static LayerRequest SplitParents(LayerRequest layer, out IReadOnlyList<string> parents)
    {
        ArgumentNullException.ThrowIfNull(layer);
        parents = layer.Hcs is null && !layer.Merged ? layer.Parents : [];
        return layer with { Parents = parents.Count > 0 ? [] : layer.Parents, ExpectDiffId = null, ExpectDigest = null };
    }

    /// <summary>Checks the request and makes options of it.</summary>
    /// <param name="parents">Names of the parents.</param>
    /// <param name="layer">What the layer's image says of it; null for a layer without one.</param>
    /// <param name="onFinding">Told of each finding.</param>
    /// <exception cref="UsageException">It makes no sense; the message names the option.</exception>
    internal VerifyOptions ToOptions(IReadOnlyList<LayerNames> parents, ContainerImageLayer? layer, Action<VerifyFinding> onFinding)
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
            ExpectDiffId = ExpectDiffId ?? layer?.DiffId,
            ExpectDigest = ExpectDigest ?? layer?.Digest,
            ExpectSize = layer is { Size: >= 0 } ? layer.Size : null,
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
