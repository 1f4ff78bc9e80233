namespace AotLayers;

/// <summary>MSWINDOWS.mountpoint belongs to links. (docs/verify/AOTV015.md)</summary>
internal sealed class MountPointRecordRule() : VerifyRule(
    "AOTV015", "mount-point-record", VerifySeverity.Warning, "MSWINDOWS.mountpoint belongs to links.")
{
    internal override void OnEntry(VerifyRun run, VerifyEntry entry)
    {
        if (entry.Kind != VerifyEntryKind.ReparsePoint && entry.Header?.Records.TryGet("MSWINDOWS.mountpoint"u8, out _) == true)
        {
            run.Report(this, entry, "it has MSWINDOWS.mountpoint and is no link: the record is without effect");
        }
    }
}
