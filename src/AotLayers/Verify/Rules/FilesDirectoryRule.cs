namespace AotLayers;

/// <summary>There is a directory Files. (docs/verify/AOTV021.md)</summary>
internal sealed class FilesDirectoryRule() : VerifyRule(
    "AOTV021", "files-directory", VerifySeverity.Error, "There is a directory Files.")
{
    internal override void OnEnd(VerifyRun run)
    {
        if (!run.LooksLikeLinux && !run.IsCut && !run.Has(LayerTop.Files))
        {
            run.Report(this, null, -1, "there is no Files, without which nothing can be made of a layer");
        }
    }
}
