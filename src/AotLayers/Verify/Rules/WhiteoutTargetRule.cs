namespace AotLayers;

/// <summary>What a whiteout hides is in a parent. (docs/verify/AOTV053.md)</summary>
internal sealed class WhiteoutTargetRule() : VerifyRule(
    "AOTV053", "whiteout-target", VerifySeverity.Warning, "What a whiteout hides is in a parent.")
{
    internal override void OnEntry(VerifyRun run, VerifyEntry entry)
    {
        if (entry.Kind == VerifyEntryKind.Whiteout && entry.Node >= 0 && run.Parents.Count > 0
            && !LayerNames.TryFind(run.Parents, entry.Target, out _))
        {
            run.Report(this, entry, $"no parent has '{entry.Target}': the whiteout hides nothing");
        }
    }
}
