namespace AotLayers;

/// <summary>The target of a hard link is a file that came before it, or one of a parent. (docs/verify/AOTV040.md)</summary>
internal sealed class HardLinkTargetRule() : VerifyRule(
    "AOTV040", "hard-link-target", VerifySeverity.Error, "The target of a hard link is a file that came before it, or one of a parent.")
{
    internal override void OnEnd(VerifyRun run)
    {
        if (!run.IsCut)
        {
            run.OpenLinks.Find(run, (link, offset, target, state) => Tell(run, link, offset, target, state));
        }
    }

    private void Tell(VerifyRun run, string link, long offset, string target, HardLinkState state)
    {
        switch (state)
        {
            case HardLinkState.Later:
                run.Report(this, link, offset, $"its target '{target}' comes only after it");
                break;
            case HardLinkState.LacksFiles:
                run.Report(this, link, offset, $@"its target '{target}' is in no tree of the layer: 'Files\{target}' is meant");
                break;
            case HardLinkState.Missing:
                run.Report(
                    this,
                    link,
                    offset,
                    $"its target '{target}' is not in this layer{(run.Parents.Count == 0 ? "" : " and in none of its parents")}");
                break;
            default:
                break;
        }
    }
}
