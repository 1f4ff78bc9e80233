using AotLayers.Formats;

namespace AotLayers;

/// <summary>No file has the name of a device. (docs/verify/AOTV032.md)</summary>
internal sealed class ReservedNameRule() : VerifyRule(
    "AOTV032", "reserved-name", VerifySeverity.Error, "No file has the name of a device.")
{
    internal override void OnEntry(VerifyRun run, VerifyEntry entry)
    {
        if (entry.Node >= 0 && WindowsDeviceName.Find(entry.Name.AsSpan(entry.Name.LastIndexOf('\\') + 1)) is { } device)
        {
            run.Report(this, entry, $"Windows takes the name for the device {device}: the import fails with access denied");
        }
    }
}
