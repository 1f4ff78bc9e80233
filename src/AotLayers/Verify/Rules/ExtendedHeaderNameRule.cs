namespace AotLayers;

/// <summary>Names of extended headers do not change from run to run. (docs/verify/AOTV006.md)</summary>
internal sealed class ExtendedHeaderNameRule() : VerifyRule(
    "AOTV006", "extended-header-name", VerifySeverity.Warning, "Names of extended headers do not change from run to run.")
{
    internal override void OnEntry(VerifyRun run, VerifyEntry entry)
    {
        const string Folder = "PaxHeaders.";
        string name = entry.Header?.ExtendedHeaderName ?? "";
        int start = name.IndexOf(Folder, StringComparison.Ordinal);
        if (start < 0)
        {
            return;
        }

        int end = name.IndexOf('/', start);
        ReadOnlySpan<char> number = name.AsSpan(start + Folder.Length, (end < 0 ? name.Length : end) - start - Folder.Length);
        if (number is not ("0" or "X"))
        {
            run.Report(
                this, entry, $"its extended header is named '{name}' after a process: the digest is another one each time");
        }
    }
}
