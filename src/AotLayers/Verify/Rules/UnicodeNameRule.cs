using AotLayers.Formats;

namespace AotLayers;

/// <summary>Names are Unicode. (docs/verify/AOTV033.md)</summary>
internal sealed class UnicodeNameRule() : VerifyRule(
    "AOTV033", "unicode-name", VerifySeverity.Warning, "Names are Unicode.")
{
    internal override void OnEntry(VerifyRun run, VerifyEntry entry)
    {
        if (!ReferenceEquals(Wtf8.ReplaceLoneSurrogates(entry.Name), entry.Name))
        {
            run.Report(this, entry, "its name has a lone surrogate, which most programs lose");
        }
    }
}
