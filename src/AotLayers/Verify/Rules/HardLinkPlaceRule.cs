namespace AotLayers;

/// <summary>Hard links lead from file to file, below Files or UtilityVM\Files. (docs/verify/AOTV042.md)</summary>
internal sealed class HardLinkPlaceRule() : VerifyRule(
    "AOTV042", "hard-link-place", VerifySeverity.Error, @"Hard links lead from file to file, below Files or UtilityVM\Files.")
{
    internal override void OnEntry(VerifyRun run, VerifyEntry entry)
    {
        if (entry.Kind != VerifyEntryKind.HardLink || entry.Node < 0)
        {
            return;
        }

        if (!HardLinkTargets.IsLinkable(entry.Name))
        {
            run.Report(this, entry, @"hard links can only be below Files and UtilityVM\Files");
            return;
        }

        int target = run.Names.Find(entry.Target);
        NameFlags flags = target < 0 ? 0 : run.Names[target];
        if (target == entry.Node)
        {
            run.Report(this, entry, "it is a hard link to itself");
        }
        else if ((flags & (NameFlags.Directory | NameFlags.ReparsePoint)) != 0)
        {
            run.Report(
                this, entry, $"its target '{entry.Target}' is a {((flags & NameFlags.Directory) != 0 ? "directory" : "link")}, no file");
        }
    }
}
