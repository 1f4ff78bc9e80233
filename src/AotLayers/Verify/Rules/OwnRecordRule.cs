using AotLayers.Formats;

namespace AotLayers;

/// <summary>Records of this program are well-formed and fit their entry. (docs/verify/AOTV017.md)</summary>
internal sealed class OwnRecordRule() : VerifyRule(
    "AOTV017", "own-record", VerifySeverity.Error, "Records of this program are well-formed and fit their entry.")
{
    internal override void OnEntry(VerifyRun run, VerifyEntry entry)
    {
        if (entry.Header is not { } header || !LayerTarRecords.HasOwn(header) || entry.Security?.EncodingProblem is not null)
        {
            return;
        }

        try
        {
            LayerTarRecords.CheckOwn(header, entry.Name);
        }
        catch (LayerFormatException e)
        {
            run.Report(this, entry, e.Reason);
        }
    }
}
