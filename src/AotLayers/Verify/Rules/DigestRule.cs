using System.Globalization;

namespace AotLayers;

/// <summary>Digest, diffID and size are those that were demanded. (docs/verify/AOTV005.md)</summary>
internal sealed class DigestRule() : VerifyRule(
    "AOTV005", "digest", VerifySeverity.Error, "Digest, diffID and size are those that were demanded.")
{
    internal override void OnEnd(VerifyRun run)
    {
        if (run.IsCut || !run.IsTar)
        {
            return;
        }

        Compare(run, "diffID", run.Options.ExpectDiffId, run.DiffId);
        Compare(run, "digest", run.Options.ExpectDigest, run.Digest);
        if (run.Options.ExpectSize is { } size && size != run.Bytes)
        {
            run.Report(
                this, null, -1, string.Create(CultureInfo.InvariantCulture, $"the file has {run.Bytes} bytes, not {size} as demanded"));
        }
    }

    private void Compare(VerifyRun run, string what, string? expected, string? actual)
    {
        if (expected is not null && expected != actual)
        {
            run.Report(this, null, -1, $"the {what} is {actual}, not {expected} as demanded");
        }
    }
}
