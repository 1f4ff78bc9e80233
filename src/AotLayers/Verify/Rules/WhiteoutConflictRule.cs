namespace AotLayers;

/// <summary>Nothing is in the layer that it hides. (docs/verify/AOTV052.md)</summary>
internal sealed class WhiteoutConflictRule() : VerifyRule(
    "AOTV052", "whiteout-conflict", VerifySeverity.Error, "Nothing is in the layer that it hides.")
{
    internal override void OnEntry(VerifyRun run, VerifyEntry entry)
    {
        if (entry.Node < 0)
        {
            return;
        }

        bool whiteout = entry.Kind == VerifyEntryKind.Whiteout;
        if ((run.Names[entry.Node] & (whiteout ? NameFlags.Present : NameFlags.Hidden)) != 0)
        {
            run.Report(this, entry, whiteout
                ? $"'{entry.Target}' is in this layer: the import removes what it has just written"
                : "this layer has a whiteout of it: the import removes what it has just written");
        }
    }
}
