using AotLayers.Formats;

namespace AotLayers;

/// <summary>Reparse data is well-formed. (docs/verify/AOTV064.md)</summary>
internal sealed class ReparseDataRule() : VerifyRule(
    "AOTV064", "reparse-data", VerifySeverity.Error, "Reparse data is well-formed.")
{
    internal override void OnEntry(VerifyRun run, VerifyEntry entry)
    {
        if (entry.StreamProblemId == BackupStreamId.ReparseData)
        {
            run.Report(this, entry, entry.StreamProblem!);
        }
        else if (entry.Kind == VerifyEntryKind.ReparsePoint && entry.Metadata is { ReparseData: null })
        {
            run.Report(this, entry, "its attributes say that it is a reparse point; there is no reparse data");
        }
    }
}
