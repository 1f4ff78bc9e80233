namespace AotLayers.Formats;

/// <summary>
/// What of an entry has no place in a layer tar, told by its metadata alone (docs/formats/layer-tar.md#from-a-backup-stream,
/// docs/compatibility.md#what-is-different). The writer and the inspection of layers ask here.
/// </summary>
internal static class LayerTarLosses
{
    /// <summary>Kinds of streams that tar has no form for.</summary>
    public static bool HasNoForm(BackupStreamId id) =>
        id is BackupStreamId.Link or BackupStreamId.PropertyData or BackupStreamId.ObjectId or BackupStreamId.TxfsData;

    /// <summary>Only the target's text goes into a tar: whether it gives back the reparse data.</summary>
    /// <param name="point">The point.</param>
    /// <param name="repairEmptyPrintNames">See <see cref="LayerTarWriterOptions.RepairEmptyPrintNames"/>.</param>
    /// <param name="target">The target as tar gets it.</param>
    /// <param name="detail">What the loss names.</param>
    public static LayerLossReason? OfReparsePoint(ReparsePoint point, bool repairEmptyPrintNames, out string target, out string detail)
    {
        string name = repairEmptyPrintNames ? point.Target : point.PrintName;
        target = Wtf8.ReplaceLoneSurrogates(name);
        detail = "";
        if (!ReferenceEquals(target, name))
        {
            detail = target;
            return LayerLossReason.ReparseTargetNotUnicode;
        }

        var again = ReparsePoint.FromTarget(target, point.IsMountPoint);
        if (again.SubstituteName != point.SubstituteName || (!point.IsMountPoint && again.IsRelative != point.IsRelative))
        {
            detail = point.SubstituteName;
            return LayerLossReason.ReparseTargetDiffers;
        }

        return null;
    }
}
