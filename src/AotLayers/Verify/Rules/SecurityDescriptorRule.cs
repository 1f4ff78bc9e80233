namespace AotLayers;

/// <summary>Security descriptors are well-formed. (docs/verify/AOTV060.md)</summary>
internal sealed class SecurityDescriptorRule() : VerifyRule(
    "AOTV060", "security-descriptor", VerifySeverity.Error, "Security descriptors are well-formed.")
{
    internal override void OnEntry(VerifyRun run, VerifyEntry entry)
    {
        if (entry.Security?.Problem is { } problem)
        {
            run.Report(this, entry, problem);
        }
    }
}
