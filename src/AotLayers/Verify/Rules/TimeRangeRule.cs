using System.Buffers.Text;
using System.Text;
using AotLayers.Formats;

namespace AotLayers;

/// <summary>Times are between 1677 and 2262, as far as nanoseconds in 64 bits reach. (docs/verify/AOTV066.md)</summary>
internal sealed class TimeRangeRule() : VerifyRule(
    "AOTV066", "time-range", VerifySeverity.Warning, "Times are between 1677 and 2262, as far as nanoseconds in 64 bits reach.")
{
    private const long MaxSeconds = long.MaxValue / 1_000_000_000;

    internal override void OnEntry(VerifyRun run, VerifyEntry entry)
    {
        if (entry.Kind is VerifyEntryKind.Whiteout or VerifyEntryKind.Stream)
        {
            return;
        }

        if (entry.Header is { } header)
        {
            // With times of this program's own the others are not looked at.
            if (!header.Records.TryGet("AOTLAYERS.times"u8, out _))
            {
                CheckRecord(run, entry, header, "mtime"u8);
                CheckRecord(run, entry, header, "atime"u8);
                CheckRecord(run, entry, header, "ctime"u8);
                CheckRecord(run, entry, header, "LIBARCHIVE.creationtime"u8);
            }
        }
        else if (entry.Info is { } info)
        {
            CheckTime(run, entry, "creation", info.CreationTime);
            CheckTime(run, entry, "access", info.LastAccessTime);
            CheckTime(run, entry, "write", info.LastWriteTime);
            CheckTime(run, entry, "change", info.ChangeTime);
        }
    }

    private void CheckRecord(VerifyRun run, VerifyEntry entry, TarHeader header, ReadOnlySpan<byte> key)
    {
        if (!header.Records.TryGet(key, out ReadOnlySpan<byte> text))
        {
            return;
        }

        int dot = text.IndexOf((byte)'.');
        ReadOnlySpan<byte> whole = dot < 0 ? text : text[..dot];
        bool number = Utf8Parser.TryParse(whole, out long seconds, out int used) && used == whole.Length;
        if (number ? seconds is >= MaxSeconds or <= -MaxSeconds : !whole.IsEmpty && !whole.ContainsAnyExceptInRange((byte)'-', (byte)'9'))
        {
            run.Report(
                this,
                entry,
                $"{Encoding.ASCII.GetString(key)} is {Encoding.ASCII.GetString(text)}: outside of 1677 to 2262 programs read another time");
        }
    }

    private void CheckTime(VerifyRun run, VerifyEntry entry, string which, long time)
    {
        if (FileTime.FromUnixNanoseconds(FileTime.ToUnixNanoseconds(time)) != time)
        {
            run.Report(this, entry, $"its {which} time is {FileTime.ToText(time)}: outside of 1677 to 2262 a tar tells another time");
        }
    }
}
