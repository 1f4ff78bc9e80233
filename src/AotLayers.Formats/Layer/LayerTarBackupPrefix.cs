using System.Buffers;
using System.Buffers.Text;
using System.Text;

namespace AotLayers.Formats;

/// <summary>
/// The records of a backup stream that come before the data, made of a tar header (docs/formats/layer-tar.md#back-to-a-backup-stream):
/// security, extended attributes, reparse point, and the header of the DATA stream.
/// </summary>
internal static class LayerTarBackupPrefix
{
    /// <summary>Writes the records.</summary>
    /// <param name="header">The entry's header.</param>
    /// <param name="entry">Its name, for errors.</param>
    /// <param name="output">Receives the records.</param>
    /// <exception cref="LayerFormatException">A PAX record is malformed.</exception>
    public static void Write(TarHeader header, string entry, ArrayBufferWriter<byte> output)
    {
        byte[] security = ReadSecurity(header.Records, entry);
        if (security.Length > 0)
        {
            WriteRecord(output, BackupStreamId.SecurityData, security);
        }

        List<ExtendedAttribute>? attributes = ReadExtendedAttributes(header.Records, entry);
        if (attributes is not null)
        {
            WriteRecord(output, BackupStreamId.EaData, ExtendedAttributes.Encode(attributes));
        }

        if (header.Records.TryGet(LosslessKeys.Reparse, out ReadOnlySpan<byte> reparse))
        {
            byte[] buffer = Decode(reparse, "AOTLAYERS.reparse", entry);
            ReparsePoint.ReadTag(buffer);
            WriteRecord(output, BackupStreamId.ReparseData, buffer);
        }
        else if (header.TypeFlag == TarTypeFlag.SymbolicLink)
        {
            bool mountPoint = LayerTarKeys.TryGet(header.Records, LayerTarKeys.MountPoint, out _);
            var point = ReparsePoint.FromTarget(WindowsPath.FromSlash(header.LinkName), mountPoint);
            WriteRecord(output, BackupStreamId.ReparseData, point.Encode());
        }

        if (header.TypeFlag is TarTypeFlag.RegularFile or TarTypeFlag.ContiguousFile)
        {
            // The attribute alone makes no file sparse; the mark of the record does (docs/formats/backup-stream.md#sparse-files).
            bool sparse = (LayerTarHeader.ReadInfo(header, entry).FileAttributes & WindowsFileAttributes.SparseFile) != 0;
            WriteHeader(output, new BackupStreamHeader(
                BackupStreamId.Data, header.Size, sparse ? BackupStreamAttributes.Sparse : BackupStreamAttributes.None));
        }
    }

    /// <summary>Writes the header of a record; its payload follows elsewhere.</summary>
    public static void WriteHeader(ArrayBufferWriter<byte> output, in BackupStreamHeader header) =>
        output.Advance(BackupStreamWriter.Encode(header, output.GetSpan(BackupStreamWriter.EncodedLength(header))));

    private static void WriteRecord(ArrayBufferWriter<byte> output, BackupStreamId id, ReadOnlySpan<byte> payload)
    {
        WriteHeader(output, new BackupStreamHeader(id, payload.Length));
        output.Write(payload);
    }

    private static byte[] ReadSecurity(PaxRecords records, string entry)
    {
        if (records.TryGet(LayerTarKeys.RawSecurityDescriptor, out ReadOnlySpan<byte> text))
        {
            return Decode(text, "MSWINDOWS.rawsd", entry);
        }

        return LayerTarKeys.TryGet(records, LayerTarKeys.SecurityDescriptorText, out text) && !text.IsEmpty
            ? SecurityDescriptor.FromSddl(Wtf8.GetString(text)).Encode()
            : [];
    }

    /// <summary>Sorted by name: the order of a PAX header is that of its writer, and Go readers lose even that one.</summary>
    private static List<ExtendedAttribute>? ReadExtendedAttributes(PaxRecords records, string entry)
    {
        List<ExtendedAttribute>? attributes = null;
        for (int i = 0; i < records.Count; i++)
        {
            ReadOnlySpan<byte> key = records.KeyAt(i);
            if (key.StartsWith(LayerTarKeys.ExtendedAttributePrefix))
            {
                attributes ??= [];
                byte[] name = key[LayerTarKeys.ExtendedAttributePrefix.Length..].ToArray();
                attributes.Add(new ExtendedAttribute(name, Decode(records.ValueAt(i), Encoding.Latin1.GetString(key), entry)));
            }
        }

        attributes?.Sort(static (x, y) => x.Name.Span.SequenceCompareTo(y.Name.Span));
        return attributes;
    }

    /// <summary>Decodes the base64 of a record.</summary>
    public static byte[] Decode(ReadOnlySpan<byte> text, string key, string entry)
    {
        // Programs that are not Go leave the padding off.
        ReadOnlySpan<byte> padding = text.EndsWith("="u8) || (text.Length & 3) is 0 or 1 ? [] : "=="u8[..(4 - (text.Length & 3))];
        byte[] padded = [.. text, .. padding];
        byte[] bytes = new byte[Base64.GetMaxDecodedFromUtf8Length(padded.Length)];
        return Base64.DecodeFromUtf8(padded, bytes, out int used, out int written) == OperationStatus.Done && used == padded.Length
            ? bytes[..written]
            : throw new LayerFormatException($"{key} is no base64", entry);
    }
}
