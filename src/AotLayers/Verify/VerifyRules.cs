namespace AotLayers;

/// <summary>The table of rules (docs/verify/README.md#rules).</summary>
public static class VerifyRules
{
    /// <summary>Place of <see cref="ArchiveRule"/>.</summary>
    internal const int Archive = 0;

    /// <summary>Place of <see cref="ArchiveEndRule"/>.</summary>
    internal const int ArchiveEnd = 1;

    /// <summary>Place of <see cref="BackupStreamRule"/>.</summary>
    internal const int BackupStream = 49;

    /// <summary>All rules, by id. For looking at: a verification makes its own.</summary>
    public static IReadOnlyList<VerifyRule> All { get; } = Create();

    /// <summary>Finds a rule.</summary>
    /// <param name="idOrName"><c>AOTV023</c> or <c>parent-order</c>.</param>
    /// <returns>The rule; null where there is none.</returns>
    public static VerifyRule? Find(string idOrName)
    {
        foreach (VerifyRule rule in All)
        {
            if (rule.Id == idOrName || rule.Name == idOrName)
            {
                return rule;
            }
        }

        return null;
    }

    /// <summary>Makes the rules of one verification.</summary>
    internal static VerifyRule[] Create()
    {
        VerifyRule[] rules =
        [
            new ArchiveRule(),
            new ArchiveEndRule(),
            new LinuxLayerRule(),
            new EntryTypeRule(),
            new DigestRule(),
            new ExtendedHeaderNameRule(),
            new GnuSparseRule(),
            new LayerSizeRule(),
            new FileAttributesMissingRule(),
            new FileAttributesRule(),
            new SecurityRecordRule(),
            new AttributeRecordRule(),
            new UnknownKeyRule(),
            new MountPointRecordRule(),
            new CreationTimeRule(),
            new OwnRecordRule(),
            new BuildTimeRule(),
            new LayoutRule(),
            new FilesDirectoryRule(),
            new HivesDirectoryRule(),
            new ParentOrderRule(),
            new ParentKindRule(),
            new DuplicateEntryRule(),
            new CaseClashRule(),
            new UtilityVmRule(),
            new UnsafeNameRule(),
            new InvalidNameRule(),
            new ReservedNameRule(),
            new UnicodeNameRule(),
            new StreamOrderRule(),
            new HardLinkTargetRule(),
            new HardLinkParentRule(),
            new HardLinkPlaceRule(),
            new LinkTargetTreeRule(),
            new LinkTargetRule(),
            new LinkCountRule(),
            new OpaqueWhiteoutRule(),
            new WhiteoutFormRule(),
            new WhiteoutConflictRule(),
            new WhiteoutTargetRule(),
            new SecurityDescriptorRule(),
            new SecurityMissingRule(),
            new DaclMissingRule(),
            new ExtendedAttributesRule(),
            new ReparseDataRule(),
            new ReparseTagRule(),
            new TimeRangeRule(),
            new SparseStreamRule(),
            new StreamKindRule(),
            new BackupStreamRule(),
            new RegistryHiveRule(),
        ];
        for (int i = 0; i < rules.Length; i++)
        {
            rules[i].Index = i;
        }

        return rules;
    }
}
