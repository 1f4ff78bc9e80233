namespace AotLayers;

/// <summary>Registry hives are whole and valid: an empty one stops the import. (docs/verify/AOTV070.md)</summary>
internal sealed class RegistryHiveRule() : VerifyRule(
    "AOTV070", "registry-hive", VerifySeverity.Error, "Registry hives are whole and valid: an empty one stops the import.")
{
    internal override void OnEntry(VerifyRun run, VerifyEntry entry)
    {
        if (entry.HiveProblem is { } problem)
        {
            run.Report(this, entry, "invalid registry hive: " + problem);
        }
    }
}
