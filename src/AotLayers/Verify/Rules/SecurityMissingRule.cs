namespace AotLayers;

/// <summary>Files and directories have a security descriptor. (docs/verify/AOTV061.md)</summary>
internal sealed class SecurityMissingRule() : VerifyRule(
    "AOTV061", "security-missing", VerifySeverity.Warning, "Files and directories have a security descriptor.")
{
    internal override void OnEntry(VerifyRun run, VerifyEntry entry)
    {
        if (entry.IsFileOrDirectory && entry.Security is null && entry.StreamProblem is null && HardLinkTargets.IsLinkable(entry.Name))
        {
            run.Report(this, entry, "it has no security descriptor: it gets the one that its directory hands down");
        }
    }
}
