namespace AotLayers;

/// <summary>Names that are the same to Windows are spelt the same. (docs/verify/AOTV026.md)</summary>
internal sealed class CaseClashRule() : VerifyRule(
    "AOTV026", "case-clash", VerifySeverity.Error, "Names that are the same to Windows are spelt the same.")
{
    internal override void OnEntry(VerifyRun run, VerifyEntry entry)
    {
        if (entry.OtherSpelling is not { } other)
        {
            return;
        }

        run.Report(this, entry, (run.Names[entry.Node] & NameFlags.Present) != 0
            ? $"'{other}' came before: Windows does not tell them apart"
            : $"before it was spelt '{other}': systems that heed case see two directories");
    }
}
