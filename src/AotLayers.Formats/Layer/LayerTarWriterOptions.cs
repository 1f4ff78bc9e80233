namespace AotLayers.Formats;

/// <summary>Choices of <see cref="LayerTarWriter"/>. The defaults give the bytes, and so the digests, that hcsshim gives.</summary>
public sealed record LayerTarWriterOptions
{
    /// <summary>The defaults.</summary>
    public static LayerTarWriterOptions Default { get; } = new();

    /// <summary>
    /// Write the substitute name as target where the print name is empty. The default writes an empty target, as hcsshim does,
    /// and reports <see cref="LayerLossReason.ReparseTargetDiffers"/>.
    /// </summary>
    public bool RepairEmptyPrintNames { get; init; }

    /// <summary>
    /// What to do with reparse points that tar has no form for (container placeholders, WOF, ...). The default is to fail.
    /// </summary>
    public UnknownReparsePoints UnknownReparsePoints { get; init; }

    /// <summary>
    /// Keep what a tar has no place for in records of our own, which other programs ignore: then <see cref="LayerTarReader"/> gives the
    /// same backup
    /// streams back, byte for byte, and times outside of 1677 .. 2262. A source that cannot seek is copied to memory or a temporary file
    /// first.
    /// </summary>
    public bool Lossless { get; init; }
}

/// <summary>What a writer does with reparse points that tar has no form for.</summary>
public enum UnknownReparsePoints
{
    /// <summary>Refuse the entry, as hcsshim does.</summary>
    Fail,

    /// <summary>Write the entry without it, and report <see cref="LayerLossReason.ReparseTagHasNoTarForm"/>.</summary>
    Drop,

    /// <summary>Keep it in a record of our own, which other programs ignore.</summary>
    Keep,
}
