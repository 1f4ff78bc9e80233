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
    /// Leave reparse points out that tar has no form for (container placeholders, WOF, ...), and report
    /// <see cref="LayerLossReason.ReparseTagHasNoTarForm"/>. The default is to fail.
    /// </summary>
    public bool DropUnknownReparsePoints { get; init; }
}
