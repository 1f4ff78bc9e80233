using AotLayers.Formats;

namespace AotLayers;

/// <summary>One verification: the rules, the names of the layer so far, and what was found.</summary>
internal sealed class VerifyRun
{
    private readonly VerifyOptions _options;
    private readonly List<VerifyRule> _rules = [];
    private readonly List<KeyValuePair<VerifyRule, string>> _disabled = [];
    private readonly long[] _perRule;
    private readonly long[] _perSeverity = new long[(int)VerifySeverity.Error + 1];
    private readonly VerifyRule?[] _byIndex;
    private long _notTold;

    /// <exception cref="ArgumentException">A rule that is to be switched off is none, or has no reason.</exception>
    public VerifyRun(VerifyOptions options)
    {
        _options = options;
        VerifyRule[] all = VerifyRules.Create();
        _perRule = new long[all.Length];
        _byIndex = new VerifyRule?[all.Length];
        foreach ((string id, string reason) in options.Disabled)
        {
            VerifyRule rule = Array.Find(all, rule => rule.Id == id || rule.Name == id)
                ?? throw new ArgumentException($"'{id}' is no rule", nameof(options));
            if (string.IsNullOrWhiteSpace(reason))
            {
                throw new ArgumentException($"rule {rule.Id} can only be switched off with a reason", nameof(options));
            }

            _disabled.Add(new KeyValuePair<VerifyRule, string>(rule, reason));
        }

        foreach (VerifyRule rule in all)
        {
            if (!_disabled.Exists(pair => pair.Key == rule))
            {
                _rules.Add(rule);
                _byIndex[rule.Index] = rule;
            }
        }
    }

    /// <summary>Names of all entries before this one.</summary>
    public NameTree Names { get; } = new();

    /// <summary>Names of the parents, nearest first.</summary>
    public IReadOnlyList<LayerNames> Parents => _options.Parents;

    /// <summary>Hard links whose target had not come when they came.</summary>
    public HardLinkTargets OpenLinks { get; } = new();

    /// <summary>Descriptors that came last.</summary>
    public SecurityVerdicts Security { get; } = new();

    /// <summary>What is demanded of the digests.</summary>
    public VerifyOptions Options => _options;

    /// <summary>Whether the source is a tar.</summary>
    public bool IsTar { get; init; }

    /// <summary>Whether reading ended before the layer did.</summary>
    public bool IsCut { get; private set; }

    /// <summary>Which trees the layer has: one bit for each <see cref="LayerTop"/>.</summary>
    public int Tops { get; private set; }

    /// <summary>Whether a top-level name was met that only Linux has, and none of a Windows layer.</summary>
    public bool LooksLikeLinux => HasLinuxName && (Tops & ~(1 << (int)LayerTop.Other)) == 0;

    /// <summary>Whether a top-level name was met that only Linux has.</summary>
    public bool HasLinuxName { get; set; }

    public long Entries { get; private set; }

    public long Tombstones { get; private set; }

    public long HardLinks { get; private set; }

    public long FileBytes { get; private set; }

    /// <summary>Bytes of the tar and of the file, and their digests; set before the end.</summary>
    public long TarBytes { get; set; }

    public long Bytes { get; set; }

    public string? DiffId { get; set; }

    public string? Digest { get; set; }

    /// <summary>Tells of a finding about an entry.</summary>
    public void Report(VerifyRule rule, VerifyEntry entry, string message) => Report(rule, entry.Name, entry.Offset, message);

    /// <summary>Tells of a finding.</summary>
    /// <param name="rule">The rule.</param>
    /// <param name="entry">The entry; null for the whole layer.</param>
    /// <param name="offset">Where its header lies; -1 where it lies nowhere.</param>
    /// <param name="message">What is wrong.</param>
    public void Report(VerifyRule rule, string? entry, long offset, string message)
    {
        _perSeverity[(int)rule.Severity]++;
        if (++_perRule[rule.Index] > _options.FindingsPerRule && _options.FindingsPerRule > 0)
        {
            _notTold++;
            return;
        }

        _options.OnFinding?.Invoke(new VerifyFinding(rule, entry, offset, message));
    }

    /// <summary>Tells that the source cannot be read any further.</summary>
    /// <param name="index">Place of the rule that says so.</param>
    /// <param name="entry">The entry at work.</param>
    /// <param name="offset">Where in the tar.</param>
    /// <param name="message">What is wrong.</param>
    public void ReportCut(int index, string? entry, long offset, string message)
    {
        IsCut = true;
        if (_byIndex[index] is { } rule)
        {
            Report(rule, entry, offset, message);
        }
    }

    /// <summary>Asks the rules about an entry, then counts it in.</summary>
    public void Visit(VerifyEntry entry)
    {
        entry.Top = TopOf(entry.Name);
        Tops |= 1 << (int)entry.Top;
        Place(entry);
        OpenLinks.Add(this, entry);
        foreach (VerifyRule rule in _rules)
        {
            if (entry.Top != LayerTop.Other || rule.SeesForeignEntries)
            {
                rule.OnEntry(this, entry);
            }
        }

        Count(entry);
    }

    /// <summary>Asks the rules about the whole.</summary>
    public VerifySummary End(string kind)
    {
        foreach (VerifyRule rule in _rules)
        {
            rule.OnEnd(this);
        }

        return new VerifySummary
        {
            Kind = kind,
            Entries = Entries,
            Tombstones = Tombstones,
            HardLinks = HardLinks,
            FileBytes = FileBytes,
            TarBytes = TarBytes,
            Bytes = Bytes,
            DiffId = DiffId,
            Digest = Digest,
            Errors = _perSeverity[(int)VerifySeverity.Error],
            Warnings = _perSeverity[(int)VerifySeverity.Warning],
            Notes = _perSeverity[(int)VerifySeverity.Note],
            NotTold = _notTold,
            Disabled = _disabled,
        };
    }

    /// <summary>Whether the layer has a tree.</summary>
    public bool Has(LayerTop top) => (Tops & (1 << (int)top)) != 0;

    private static LayerTop TopOf(string name)
    {
        int end = name.IndexOfAny(['\\', ':']);
        ReadOnlySpan<char> top = end < 0 ? name : name.AsSpan(0, end);
        return NtfsNameComparer.Equals(top, LayerTops.Files) ? LayerTop.Files
            : NtfsNameComparer.Equals(top, LayerTops.Hives) ? LayerTop.Hives
            : NtfsNameComparer.Equals(top, LayerTops.UtilityVm) ? LayerTop.UtilityVm
            : LayerTop.Other;
    }

    private void Place(VerifyEntry entry)
    {
        if (!entry.HasSafeName || entry.Kind == VerifyEntryKind.Stream)
        {
            return;
        }

        string name = entry.Kind == VerifyEntryKind.Whiteout ? entry.Target : entry.Name;
        if (name.Length == 0)
        {
            return;
        }

        entry.Node = Names.Add(name, out bool same);
        entry.OtherSpelling = same ? null : Names.PathOf(entry.Node);
    }

    private void Count(VerifyEntry entry)
    {
        if (entry.Kind == VerifyEntryKind.Whiteout)
        {
            Tombstones++;
        }
        else if (entry.Kind != VerifyEntryKind.Stream)
        {
            Entries++;
            HardLinks += entry.Kind == VerifyEntryKind.HardLink ? 1 : 0;
            FileBytes += entry.Size;
        }

        if (entry.Node >= 0)
        {
            Names[entry.Node] |= entry.Kind switch
            {
                VerifyEntryKind.Whiteout => NameFlags.Hidden,
                VerifyEntryKind.Directory => NameFlags.Present | NameFlags.Directory,
                VerifyEntryKind.ReparsePoint => NameFlags.Present | NameFlags.ReparsePoint,
                _ => NameFlags.Present,
            };
        }
    }
}
