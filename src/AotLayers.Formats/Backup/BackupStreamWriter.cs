using System.Buffers;
using System.Buffers.Binary;
using System.Globalization;

namespace AotLayers.Formats;

/// <summary>
/// Writes the records of a Win32 backup stream (docs/formats/backup-stream.md#records). Does not own the stream it writes.
/// </summary>
public sealed class BackupStreamWriter
{
    private readonly Stream _output;
    private BackupStreamHeader _current;
    private long _missing;

    /// <summary>Writes to <paramref name="output"/>.</summary>
    public BackupStreamWriter(Stream output)
    {
        ArgumentNullException.ThrowIfNull(output);
        _output = output;
    }

    /// <summary>Name used in errors.</summary>
    public string? EntryName { get; set; }

    /// <summary>Bytes that a header takes on the wire, name and sparse offset included.</summary>
    public static int EncodedLength(in BackupStreamHeader header) =>
        BackupStreamHeader.EncodedSize + (2 * header.Name.Length) + (header.Id == BackupStreamId.SparseBlock ? 8 : 0);

    /// <summary>Encodes a header.</summary>
    /// <param name="header">What to encode.</param>
    /// <param name="destination">Room for <see cref="EncodedLength"/> bytes.</param>
    /// <returns>Number of bytes written.</returns>
    public static int Encode(in BackupStreamHeader header, Span<byte> destination)
    {
        bool sparse = header.Id == BackupStreamId.SparseBlock;
        int nameBytes = 2 * header.Name.Length;
        BinaryPrimitives.WriteUInt32LittleEndian(destination, (uint)header.Id);
        BinaryPrimitives.WriteUInt32LittleEndian(destination[4..], (uint)header.Attributes);
        BinaryPrimitives.WriteInt64LittleEndian(destination[8..], sparse ? checked(header.Size + 8) : header.Size);
        BinaryPrimitives.WriteInt32LittleEndian(destination[16..], nameBytes);
        Utf16Bytes.Write(header.Name, destination[20..]);
        if (sparse)
        {
            BinaryPrimitives.WriteInt64LittleEndian(destination[(20 + nameBytes)..], header.SparseOffset);
        }

        return EncodedLength(header);
    }

    /// <summary>Starts a record.</summary>
    /// <exception cref="LayerFormatException">The previous record is not complete, or the header breaks a bound.</exception>
    public void WriteHeader(in BackupStreamHeader header)
    {
        Finish();
        if (header.Size < 0 || 2 * header.Name.Length > BackupStreamHeader.MaxNameBytes)
        {
            throw new LayerFormatException("backup stream header out of bounds", EntryName, header.Id, header.Name);
        }

        int length = EncodedLength(header);
        byte[] rented = ArrayPool<byte>.Shared.Rent(length);
        try
        {
            Encode(header, rented);
            _output.Write(rented, 0, length);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(rented);
        }

        _current = header;
        _missing = header.Size;
    }

    /// <summary>Writes payload of the current record.</summary>
    /// <exception cref="LayerFormatException">More bytes than the header announced; nothing of them is written.</exception>
    public void Write(ReadOnlySpan<byte> payload)
    {
        if (payload.Length > _missing)
        {
            throw new LayerFormatException(
                string.Create(CultureInfo.InvariantCulture, $"too many bytes by {payload.Length - _missing}"),
                EntryName,
                _current.Id,
                _current.Name);
        }

        _output.Write(payload);
        _missing -= payload.Length;
    }

    /// <summary>Writes a whole record.</summary>
    /// <exception cref="LayerFormatException">The previous record is not complete, or the payload does not have the size of the
    /// header.</exception>
    public void WriteRecord(BackupStreamId id, ReadOnlySpan<byte> payload)
    {
        WriteHeader(new BackupStreamHeader(id, payload.Length));
        Write(payload);
    }

    /// <summary>Checks that the last record is complete.</summary>
    /// <exception cref="LayerFormatException">Bytes are missing.</exception>
    public void Finish()
    {
        if (_missing > 0)
        {
            throw new LayerFormatException(
                string.Create(CultureInfo.InvariantCulture, $"missing {_missing} bytes"), EntryName, _current.Id, _current.Name);
        }
    }
}
