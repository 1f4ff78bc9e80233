using AotLayers.Formats;

namespace AotLayers;

/// <summary>Backup streams are well-formed. (docs/verify/AOTV069.md)</summary>
internal sealed class BackupStreamRule() : VerifyRule(
    "AOTV069", "backup-stream", VerifySeverity.Error, "Backup streams are well-formed.")
{
    internal override void OnEntry(VerifyRun run, VerifyEntry entry)
    {
        if (entry.StreamProblem is { } problem && entry.StreamProblemId is not (BackupStreamId.EaData or BackupStreamId.ReparseData))
        {
            run.Report(this, entry, problem);
        }
    }
}
