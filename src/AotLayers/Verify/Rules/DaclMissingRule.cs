namespace AotLayers;

/// <summary>Security descriptors say who may do what. (docs/verify/AOTV062.md)</summary>
internal sealed class DaclMissingRule() : VerifyRule(
    "AOTV062", "dacl-missing", VerifySeverity.Warning, "Security descriptors say who may do what.")
{
    internal override void OnEntry(VerifyRun run, VerifyEntry entry)
    {
        if (entry.Security is { HasNoDacl: true })
        {
            run.Report(this, entry, "its security descriptor has no DACL: everybody may change it");
        }
    }
}
