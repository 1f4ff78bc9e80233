namespace AotLayers;

/// <summary>The layer is one of Windows: its trees are Files, Hives and UtilityVM. (docs/verify/AOTV003.md)</summary>
internal sealed class LinuxLayerRule() : VerifyRule(
    "AOTV003", "linux-layer", VerifySeverity.Error, "The layer is one of Windows: its trees are Files, Hives and UtilityVM.")
{
    private static readonly string[] s_names =
    [
        "bin", "boot", "dev", "etc", "home", "lib", "lib64", "media", "mnt", "opt", "proc", "root", "run", "sbin", "srv", "sys", "tmp",
        "usr", "var",
    ];

    internal override bool SeesForeignEntries => true;

    internal override void OnEntry(VerifyRun run, VerifyEntry entry)
    {
        if (entry.Top == LayerTop.Other && !run.HasLinuxName)
        {
            int end = entry.Name.IndexOf('\\', StringComparison.Ordinal);
            run.HasLinuxName = Array.IndexOf(s_names, end < 0 ? entry.Name : entry.Name[..end]) >= 0;
        }
    }

    internal override void OnEnd(VerifyRun run)
    {
        if (run.LooksLikeLinux)
        {
            run.Report(this, null, -1, "this is a layer of Linux: it has bin, etc, usr or the like, and no Files");
        }
    }
}
