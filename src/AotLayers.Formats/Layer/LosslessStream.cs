using System.Buffers;

namespace AotLayers.Formats;

/// <summary>Where the payload of a record comes from when a backup stream is made of a tar entry again.</summary>
internal enum LosslessSource : byte
{
    /// <summary>It is in the record itself.</summary>
    Inline = 0,

    /// <summary>The data of the tar entry, or of the entry of an alternate stream; of sparse blocks a stretch of it.</summary>
    TarData = 1,

    /// <summary>The records of the tar header give it: security, extended attributes, reparse data.</summary>
    TarHeader = 2,
}

/// <summary>One record of a backup stream as <see cref="LosslessStream"/> keeps it.</summary>
/// <param name="Source">Where the payload comes from.</param>
/// <param name="Header">The record's header.</param>
/// <param name="Payload">The payload, except that of <see cref="LosslessSource.TarData"/>.</param>
internal readonly record struct LosslessItem(LosslessSource Source, BackupStreamHeader Header, ReadOnlyMemory<byte> Payload);

/// <summary>
/// How a backup stream was made, for <see cref="LosslessKeys.Stream"/>: a version byte, then for each record in order a byte of
/// <see cref="LosslessSource"/>, the record's header as in the stream, and, where it is inline, its payload. So the same stream comes
/// back byte for
/// byte: order, attributes, sparse maps, streams of directories, flags of extended attributes, reparse data, object ids.
/// </summary>
internal static class LosslessStream
{
    /// <summary>Longest form that is written, in bytes: as base64 it has to fit beside the other records of an entry.</summary>
    public const int MaxSize = 700 * 1024;

    private const byte Version = 1;

    /// <summary>Describes a backup stream.</summary>
    /// <param name="reader">At the start of the stream.</param>
    /// <param name="header">The tar header that was made of it.</param>
    /// <param name="entry">Name of the entry, for errors.</param>
    /// <param name="output">Receives the description.</param>
    /// <returns>
    /// Whether it is needed: false when the tar header alone gives the same stream. Null when it is longer than <see cref="MaxSize"/>.
    /// </returns>
    public static bool? Describe(BackupStreamReader reader, TarHeader header, string entry, ArrayBufferWriter<byte> output)
    {
        List<LosslessItem> given = ReadPrefix(header, entry);
        var used = new HashSet<BackupStreamId>();
        bool plain = true;
        bool hasData = false;
        bool parentInTar = false;
        int index = 0;
        output.Write<byte>([Version]);
        for (; reader.NextHeader(out BackupStreamHeader record); index++)
        {
            byte[]? payload = null;
            LosslessSource source = LosslessSource.Inline;
            switch (record.Id)
            {
                case BackupStreamId.Data or BackupStreamId.AlternateData:
                    hasData |= record.Id == BackupStreamId.Data;
                    parentInTar = hasData;
                    source = hasData ? LosslessSource.TarData : LosslessSource.Inline;
                    break;
                case BackupStreamId.SparseBlock when parentInTar:
                    source = LosslessSource.TarData;
                    break;
                case BackupStreamId.SecurityData or BackupStreamId.EaData or BackupStreamId.ReparseData
                    when record.Size is > 0 and <= MaxSize:
                    payload = new byte[record.Size];
                    reader.ReadToEnd(payload);
                    ReadOnlyMemory<byte> known = given.Find(item => item.Header.Id == record.Id).Payload;
                    source = known.Span.SequenceEqual(payload) && used.Add(record.Id) ? LosslessSource.TarHeader : LosslessSource.Inline;
                    break;
            }

            plain &= source != LosslessSource.Inline && record.Attributes == 0 && (index < given.Count
                ? record.Id == given[index].Header.Id
                : record.Id == BackupStreamId.AlternateData && record.Name.EndsWith(":$DATA", StringComparison.Ordinal));
            long inline = source == LosslessSource.Inline ? record.Size : 0;
            if (output.WrittenCount + 1 + BackupStreamWriter.EncodedLength(record) + inline > MaxSize)
            {
                return null;
            }

            output.Write<byte>([(byte)source]);
            LayerTarBackupPrefix.WriteHeader(output, record);
            if (source == LosslessSource.Inline)
            {
                payload ??= ReadPayload(reader);
                output.Write(payload);
            }
        }

        return !(plain && index >= given.Count);
    }

    /// <summary>Reads a description.</summary>
    /// <param name="bytes">The description.</param>
    /// <param name="header">The tar header it came with.</param>
    /// <param name="entry">Name of the entry, for errors.</param>
    /// <exception cref="LayerFormatException">It is malformed, or wants something that the tar header has not.</exception>
    public static List<LosslessItem> Parse(byte[] bytes, TarHeader header, string entry)
    {
        if (bytes.Length == 0 || bytes[0] != Version)
        {
            throw Invalid("of an unknown version", entry);
        }

        List<LosslessItem> given = ReadPrefix(header, entry);
        var items = new List<LosslessItem>();
        using var input = new MemoryStream(bytes, 1, bytes.Length - 1);
        var reader = new BackupStreamReader(input) { EntryName = entry };
        while (input.ReadByte() is var source and >= 0)
        {
            // Each record is read on its own: what is not inline does not follow.
            reader.Reset(input);
            if (source > (int)LosslessSource.TarHeader || !reader.NextHeader(out BackupStreamHeader record))
            {
                throw Invalid("malformed", entry);
            }

            ReadOnlyMemory<byte> payload = default;
            if (source == (int)LosslessSource.Inline)
            {
                payload = record.Size <= input.Length - input.Position ? ReadPayload(reader) : throw Invalid("cut", entry);
            }
            else if (source == (int)LosslessSource.TarHeader)
            {
                payload = given.Find(item => item.Header.Id == record.Id).Payload;
                if (payload.IsEmpty || payload.Length != record.Size)
                {
                    throw Invalid($"not that of this entry ({BackupStreamIds.NameOf(record.Id)})", entry);
                }
            }

            items.Add(new LosslessItem((LosslessSource)source, record, payload));
        }

        return items;
    }

    private static byte[] ReadPayload(BackupStreamReader reader)
    {
        byte[] payload = new byte[reader.Remaining];
        reader.ReadToEnd(payload);
        return payload;
    }

    /// <summary>The records that the tar header gives by itself, DATA without its payload.</summary>
    private static List<LosslessItem> ReadPrefix(TarHeader header, string entry)
    {
        var bytes = new ArrayBufferWriter<byte>();
        LayerTarBackupPrefix.Write(header, entry, bytes);
        var items = new List<LosslessItem>();
        using var stream = new MemoryStream(bytes.WrittenSpan.ToArray());
        var reader = new BackupStreamReader(stream);
        while (stream.Position < stream.Length && reader.NextHeader(out BackupStreamHeader record))
        {
            bool data = record.Id == BackupStreamId.Data;
            items.Add(new LosslessItem(LosslessSource.TarHeader, record, data ? default(ReadOnlyMemory<byte>) : ReadPayload(reader)));
            if (data)
            {
                break;
            }
        }

        return items;
    }

    private static LayerFormatException Invalid(string problem, string entry) => new($"AOTLAYERS.stream is {problem}", entry);
}
