using System.Globalization;
using AotLayers.Formats;

namespace AotLayers;

/// <summary>The blocks of a sparse stream come in order, and do not overlap. (docs/verify/AOTV067.md)</summary>
internal sealed class SparseStreamRule() : VerifyRule(
    "AOTV067", "sparse-stream", VerifySeverity.Error, "The blocks of a sparse stream come in order, and do not overlap.")
{
    internal override void OnEntry(VerifyRun run, VerifyEntry entry)
    {
        if (entry.Metadata is not { } metadata)
        {
            return;
        }

        if (metadata.Data is { } data)
        {
            Check(run, entry, data, "DATA");
        }

        foreach (LayerStreamMetadata stream in metadata.AlternateStreams)
        {
            Check(run, entry, stream, stream.Name);
        }

        foreach (LayerStreamMetadata stream in metadata.OtherStreams)
        {
            if (stream.Id == BackupStreamId.SparseBlock)
            {
                run.Report(this, entry, "a sparse block belongs to no sparse stream");
            }
        }
    }

    private void Check(VerifyRun run, VerifyEntry entry, LayerStreamMetadata stream, string name)
    {
        long end = 0;
        foreach (LayerStreamRange range in stream.Ranges)
        {
            if (range.Offset < end)
            {
                run.Report(this, entry, string.Create(
                    CultureInfo.InvariantCulture, $"{name}: the sparse block at {range.Offset} begins before {end}, where the last one ends"));
                return;
            }

            end = range.Offset + range.Length;
        }
    }
}
