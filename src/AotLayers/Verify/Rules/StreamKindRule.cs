using System.Globalization;
using AotLayers.Formats;

namespace AotLayers;

/// <summary>Backup streams have records only that programs which export layers know. (docs/verify/AOTV068.md)</summary>
internal sealed class StreamKindRule() : VerifyRule(
    "AOTV068", "stream-kind", VerifySeverity.Warning, "Backup streams have records only that programs which export layers know.")
{
    internal override void OnEntry(VerifyRun run, VerifyEntry entry)
    {
        if (entry.Metadata is not { } metadata)
        {
            return;
        }

        foreach (LayerStreamMetadata stream in metadata.OtherStreams)
        {
            if (stream.Id is < BackupStreamId.Data or > BackupStreamId.TxfsData)
            {
                run.Report(this, entry, string.Create(
                    CultureInfo.InvariantCulture, $"a record of kind {(uint)stream.Id} ({BackupStreamIds.NameOf(stream.Id)}): go-winio stops at it"));
            }
        }

        foreach (LayerStreamMetadata stream in metadata.AlternateStreams)
        {
            if (stream.IsSparse)
            {
                run.Report(this, entry, $"the alternate stream '{stream.BareName}' is sparse: go-winio stops at it");
            }
        }
    }
}
