namespace AotLayers;

/// <summary>MSWINDOWS.rawsd is base64 with its padding. (docs/verify/AOTV012.md)</summary>
internal sealed class SecurityRecordRule() : VerifyRule(
    "AOTV012", "security-record", VerifySeverity.Error, "MSWINDOWS.rawsd is base64 with its padding.")
{
    internal override void OnEntry(VerifyRun run, VerifyEntry entry)
    {
        if (entry.Security?.EncodingProblem is { } problem)
        {
            run.Report(this, entry, "MSWINDOWS.rawsd: " + problem);
        }
    }
}
