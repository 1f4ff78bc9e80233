using System.Buffers.Text;

namespace AotLayers.Formats;

/// <summary>
/// From a tar header to what Windows knows of a file (docs/formats/layer-tar.md#reading-a-header), very old layers included.
/// </summary>
internal static class LayerTarHeader
{
    /// <summary>Times and attributes of an entry.</summary>
    /// <remarks>
    /// An entry without access or change time gets its modification time. hcsshim makes the year 1754 of it, because Go's zero time
    /// wraps; nobody can want that.
    /// </remarks>
    /// <exception cref="LayerFormatException">A record is malformed.</exception>
    public static LayerFileInfo ReadInfo(TarHeader header, string entry)
    {
        PaxRecords records = header.Records;
        if (records.TryGet(LosslessKeys.Times, out ReadOnlySpan<byte> times))
        {
            return ReadTimes(times, entry) with { FileAttributes = ReadAttributes(header, entry) };
        }

        long modified = FileTime.FromUnixNanoseconds(header.ModificationTime ?? 0);
        return new LayerFileInfo(
            ReadTime(records, LayerTarKeys.CreationTime, entry) ?? ReadOldTime(records, LayerTarKeys.OldCreationTime, entry) ?? modified,
            Standard(header.AccessTime) ?? ReadOldTime(records, LayerTarKeys.OldAccessTime, entry) ?? modified,
            (records.TryGet("mtime"u8, out _) ? null : ReadOldTime(records, LayerTarKeys.OldWriteTime, entry)) ?? modified,
            Standard(header.ChangeTime) ?? ReadOldTime(records, LayerTarKeys.OldChangeTime, entry) ?? modified,
            ReadAttributes(header, entry));
    }

    private static LayerFileInfo ReadTimes(ReadOnlySpan<byte> text, string entry)
    {
        Span<long> times = stackalloc long[4];
        for (int i = 0; i < times.Length; i++)
        {
            bool last = i == times.Length - 1;
            if (!Utf8Parser.TryParse(text, out times[i], out int used)
                || (last ? used != text.Length : used == text.Length || text[used] != ','))
            {
                throw new LayerFormatException("AOTLAYERS.times is no list of four times", entry);
            }

            text = text[(last ? used : used + 1)..];
        }

        return new LayerFileInfo(times[0], times[1], times[2], times[3], 0);
    }

    private static uint ReadAttributes(TarHeader header, string entry)
    {
        if (!LayerTarKeys.TryGet(header.Records, LayerTarKeys.FileAttributes, out ReadOnlySpan<byte> text))
        {
            return header.TypeFlag == TarTypeFlag.Directory ? WindowsFileAttributes.Directory : 0;
        }

        return Utf8Parser.TryParse(text, out uint attributes, out int used) && used == text.Length
            ? attributes
            : throw new LayerFormatException("MSWINDOWS.fileattr is no 32-bit number", entry);
    }

    private static long? Standard(long? nanoseconds) => nanoseconds is { } time ? FileTime.FromUnixNanoseconds(time) : null;

    private static long? ReadTime(PaxRecords records, ReadOnlySpan<byte> key, string entry)
    {
        if (!records.TryGet(key, out ReadOnlySpan<byte> text))
        {
            return null;
        }

        return PaxTime.TryParse(text, out long time)
            ? FileTime.FromUnixNanoseconds(time)
            : throw new LayerFormatException("LIBARCHIVE.creationtime is no time", entry);
    }

    private static long? ReadOldTime(PaxRecords records, ReadOnlySpan<byte> key, string entry)
    {
        if (!LayerTarKeys.TryGet(records, key, out ReadOnlySpan<byte> text))
        {
            return null;
        }

        return Utf8Parser.TryParse(text, out ulong time, out int used) && used == text.Length
            ? unchecked((long)time)
            : throw new LayerFormatException("a FILETIME record is no 64-bit number", entry);
    }
}
