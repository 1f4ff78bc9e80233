using System.Buffers;
using System.Globalization;
using System.Text;

namespace AotLayers.Formats;

/// <summary>
/// What <see cref="LayerTarWriterOptions.Lossless"/> adds: how the backup stream was made, and times that PAX cannot tell.
/// </summary>
public sealed partial class LayerTarWriter
{
    private readonly ArrayBufferWriter<byte> _description = new();
    private readonly List<LayerLoss> _pendingLosses = [];

    /// <summary>Losses are none when the stream is kept; when its description is too long, they are reported after all.</summary>
    private void KeepStream(string name, Stream source, long start)
    {
        source.Position = start;
        Restart(name, source);
        _description.ResetWrittenCount();
        bool? needed = LosslessStream.Describe(_reader, _header, name, _description);
        if (needed == true && Room(_header.Records) < Base64Length(_description.WrittenCount))
        {
            needed = null;
        }

        if (needed == true)
        {
            _header.Records.SetBase64(LosslessKeys.Stream, _description.WrittenSpan);
        }
        else if (needed is null)
        {
            foreach (LayerLoss loss in _pendingLosses)
            {
                Report(loss);
            }

            Report(new LayerLoss(name, BackupStreamId.None, "", source.Length - start, LayerLossReason.StreamTooComplexToKeep));
        }

        _pendingLosses.Clear();
    }

    /// <summary>Keeps times that do not come back from PAX times: those outside of what 64 bits of nanoseconds hold.</summary>
    private static void KeepTimes(TarHeader header, in LayerFileInfo info)
    {
        if (Survives(info.CreationTime) && Survives(info.LastAccessTime) && Survives(info.LastWriteTime) && Survives(info.ChangeTime))
        {
            return;
        }

        string times = string.Create(
            CultureInfo.InvariantCulture, $"{info.CreationTime},{info.LastAccessTime},{info.LastWriteTime},{info.ChangeTime}");
        header.Records.Set(LosslessKeys.Times, Encoding.ASCII.GetBytes(times));

        static bool Survives(long time) => FileTime.FromUnixNanoseconds(FileTime.ToUnixNanoseconds(time)) == time;
    }

    private static int Base64Length(int length) => (length + 2) / 3 * 4;

    /// <summary>Bytes that one more record may have, its key and length included.</summary>
    private static int Room(PaxRecords records) => PaxRecords.MaxTextSize - records.EncodedLength() - 4096;
}
