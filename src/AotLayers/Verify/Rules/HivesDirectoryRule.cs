namespace AotLayers;

/// <summary>A layer with parents has Hives; a base layer has the hives of its system. (docs/verify/AOTV022.md)</summary>
internal sealed class HivesDirectoryRule() : VerifyRule(
    "AOTV022", "hives-directory", VerifySeverity.Warning, "A layer with parents has Hives; a base layer has the hives of its system.")
{
    internal override void OnEnd(VerifyRun run)
    {
        if (run.LooksLikeLinux || run.IsCut || !run.Has(LayerTop.Files) || run.Has(LayerTop.Hives))
        {
            return;
        }

        int system = run.Names.Find(@"Files\Windows\System32\config\SYSTEM");
        if (system < 0 || (run.Names[system] & NameFlags.Present) == 0)
        {
            run.Report(
                this,
                null,
                -1,
                @"there is neither Hives nor Files\Windows\System32\config\SYSTEM: the import stops after Files was written");
        }
    }
}
