using AotLayers.Formats;

namespace AotLayers;

/// <summary>Each directory comes as an entry of its own before what is in it. (docs/verify/AOTV023.md)</summary>
internal sealed class ParentOrderRule() : VerifyRule(
    "AOTV023", "parent-order", VerifySeverity.Error, "Each directory comes as an entry of its own before what is in it.")
{
    internal override void OnEntry(VerifyRun run, VerifyEntry entry)
    {
        if (entry.Node < 0 || entry.Kind == VerifyEntryKind.Whiteout)
        {
            return;
        }

        int parent = run.Names.ParentOf(entry.Node);
        if ((run.Names[parent] & (NameFlags.Present | NameFlags.AbsenceTold)) == 0)
        {
            run.Names[parent] |= NameFlags.AbsenceTold;
            run.Report(this, entry, $"its directory '{WindowsPath.DirectoryName(entry.Name)}' has no entry before it");
        }
    }
}
