namespace AotLayers;

/// <summary>No entry comes twice. (docs/verify/AOTV025.md)</summary>
internal sealed class DuplicateEntryRule() : VerifyRule(
    "AOTV025", "duplicate-entry", VerifySeverity.Error, "No entry comes twice.")
{
    internal override void OnEntry(VerifyRun run, VerifyEntry entry)
    {
        if (entry.Node < 0 || entry.OtherSpelling is not null)
        {
            return;
        }

        NameFlags before = entry.Kind == VerifyEntryKind.Whiteout ? NameFlags.Hidden : NameFlags.Present;
        if ((run.Names[entry.Node] & before) != 0)
        {
            run.Report(this, entry, "it comes twice");
        }
    }
}
