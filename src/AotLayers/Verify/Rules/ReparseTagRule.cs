using AotLayers.Formats;

namespace AotLayers;

/// <summary>Reparse points are symbolic links and mount points, which a tar can hold. (docs/verify/AOTV065.md)</summary>
internal sealed class ReparseTagRule() : VerifyRule(
    "AOTV065", "reparse-tag", VerifySeverity.Warning, "Reparse points are symbolic links and mount points, which a tar can hold.")
{
    internal override void OnEntry(VerifyRun run, VerifyEntry entry)
    {
        if (entry.Metadata is { ReparseTag: not 0 and not ReparseTag.SymbolicLink and not ReparseTag.MountPoint } metadata)
        {
            run.Report(this, entry, $"{ReparseTag.Describe(metadata.ReparseTag)} has no tar form: hcsshim stops the whole export at it");
        }
    }
}
