namespace AotLayers;

/// <summary>Targets of hard links outside of the layer are known to be in a parent. (docs/verify/AOTV041.md)</summary>
internal sealed class HardLinkParentRule() : VerifyRule(
    "AOTV041", "hard-link-parent", VerifySeverity.Warning, "Targets of hard links outside of the layer are known to be in a parent.")
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
        if (state == HardLinkState.Unknown)
        {
            run.Report(this, link, offset, $"its target '{target}' is not in this layer: name the parents to look for it there");
        }
    }
}
