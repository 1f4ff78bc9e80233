using System.Buffers;
using System.Buffers.Binary;
using System.Globalization;

namespace AotLayers.Formats;

/// <summary>Reads the records of a Win32 backup stream (docs/formats/backup-stream.md#records). Does not own the stream it reads.</summary>
public sealed class BackupStreamReader
{
    private const int SkipBufferSize = 64 * 1024;

    private Stream _source;
    private bool _canSeek;
    private long _remaining;
    private BackupStreamHeader _current;

    /// <summary>Reads from the current position of <paramref name="source"/>.</summary>
    public BackupStreamReader(Stream source)
    {
        ArgumentNullException.ThrowIfNull(source);
        _source = source;
        _canSeek = source.CanSeek;
    }

    /// <summary>Bytes consumed since the start, names and headers included.</summary>
    public long Position { get; private set; }

    /// <summary>Payload bytes of the current record not yet read.</summary>
    public long Remaining => _remaining;

    /// <summary>The record last returned by <see cref="NextHeader"/>.</summary>
    public BackupStreamHeader Current => _current;

    /// <summary>Name used in errors.</summary>
    public string? EntryName { get; set; }

    /// <summary>Starts over on another source, at its current position.</summary>
    public void Reset(Stream source)
    {
        ArgumentNullException.ThrowIfNull(source);
        _source = source;
        _canSeek = source.CanSeek;
        _remaining = 0;
        _current = default;
        Position = 0;
    }

    /// <summary>Skips what is left of the current record and reads the next header.</summary>
    /// <param name="header">The header, when the result is true.</param>
    /// <returns>False at the end of the stream.</returns>
    /// <exception cref="LayerFormatException">The stream is cut or malformed.</exception>
    public bool NextHeader(out BackupStreamHeader header)
    {
        SkipRemaining();
        header = default;
        Span<byte> raw = stackalloc byte[BackupStreamHeader.EncodedSize];
        int got = _source.ReadAtLeast(raw, raw.Length, throwOnEndOfStream: false);
        if (got == 0)
        {
            _current = default;
            return false;
        }

        long start = Position;
        Position += got;
        if (got < raw.Length)
        {
            throw new LayerFormatException(
                string.Create(CultureInfo.InvariantCulture, $"backup stream header is cut: {got} of {raw.Length} bytes"),
                EntryName,
                offset: start);
        }

        var id = (BackupStreamId)BinaryPrimitives.ReadUInt32LittleEndian(raw);
        var attributes = (BackupStreamAttributes)BinaryPrimitives.ReadUInt32LittleEndian(raw[4..]);
        long size = BinaryPrimitives.ReadInt64LittleEndian(raw[8..]);
        uint nameSize = BinaryPrimitives.ReadUInt32LittleEndian(raw[16..]);
        if (size < 0)
        {
            throw new LayerFormatException(
                string.Create(CultureInfo.InvariantCulture, $"backup stream size {size} is negative"), EntryName, id, offset: start);
        }

        if ((nameSize & 1) != 0 || nameSize > BackupStreamHeader.MaxNameBytes)
        {
            throw new LayerFormatException(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"backup stream name of {nameSize} bytes: must be even and at most {BackupStreamHeader.MaxNameBytes}"),
                EntryName,
                id,
                offset: start);
        }

        string name = nameSize == 0 ? "" : ReadName(id, (int)nameSize);
        long sparseOffset = 0;
        if (id == BackupStreamId.SparseBlock)
        {
            if (size < 8)
            {
                throw new LayerFormatException(
                    string.Create(CultureInfo.InvariantCulture, $"sparse block of {size} bytes has no room for its offset"),
                    EntryName,
                    id,
                    offset: start);
            }

            Span<byte> offset = raw[..8];
            ReadRequired(offset, id, name);
            sparseOffset = BinaryPrimitives.ReadInt64LittleEndian(offset);
            size -= 8;
            if (sparseOffset < 0 || sparseOffset > long.MaxValue - size)
            {
                throw new LayerFormatException(
                    string.Create(CultureInfo.InvariantCulture, $"sparse block at offset {sparseOffset} with {size} bytes"),
                    EntryName,
                    id,
                    offset: start);
            }
        }

        _remaining = size;
        _current = header = new BackupStreamHeader(id, size, attributes, name, sparseOffset);
        return true;
    }

    /// <summary>Reads payload of the current record.</summary>
    /// <returns>Number of bytes read; 0 at the end of the record, or for an empty buffer.</returns>
    /// <exception cref="LayerFormatException">The stream ends inside the record.</exception>
    public int Read(Span<byte> buffer)
    {
        if (_remaining == 0 || buffer.IsEmpty)
        {
            return 0;
        }

        int got = _source.Read(buffer[..(int)Math.Min(buffer.Length, _remaining)]);
        if (got == 0)
        {
            throw Cut();
        }

        _remaining -= got;
        Position += got;
        return got;
    }

    /// <summary>Reads all that is left of the current record.</summary>
    /// <param name="destination">At least <see cref="Remaining"/> bytes.</param>
    /// <exception cref="LayerFormatException">The stream ends inside the record.</exception>
    public void ReadToEnd(Span<byte> destination)
    {
        destination = destination[..checked((int)_remaining)];
        while (!destination.IsEmpty)
        {
            destination = destination[Read(destination)..];
        }
    }

    /// <summary>Skips what is left of the current record.</summary>
    /// <exception cref="LayerFormatException">The stream ends inside the record.</exception>
    public void SkipRemaining()
    {
        if (_remaining == 0)
        {
            return;
        }

        if (_canSeek)
        {
            // Seeking beyond the end succeeds silently, so the end is checked first.
            if (_remaining > _source.Length - _source.Position)
            {
                throw Cut();
            }

            _source.Seek(_remaining, SeekOrigin.Current);
            Position += _remaining;
            _remaining = 0;
            return;
        }

        byte[] buffer = ArrayPool<byte>.Shared.Rent((int)Math.Min(SkipBufferSize, _remaining));
        try
        {
            while (_remaining > 0)
            {
                Read(buffer);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private string ReadName(BackupStreamId id, int bytes)
    {
        byte[] rented = ArrayPool<byte>.Shared.Rent(bytes);
        try
        {
            Span<byte> raw = rented.AsSpan(0, bytes);
            ReadRequired(raw, id, null);
            return Utf16Bytes.GetString(raw);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(rented);
        }
    }

    private void ReadRequired(Span<byte> destination, BackupStreamId id, string? name)
    {
        int got = _source.ReadAtLeast(destination, destination.Length, throwOnEndOfStream: false);
        Position += got;
        if (got < destination.Length)
        {
            throw new LayerFormatException("backup stream header is cut", EntryName, id, name, Position);
        }
    }

    private LayerFormatException Cut() => new(
        string.Create(CultureInfo.InvariantCulture, $"backup stream ends with {_remaining} of {_current.Size} bytes of a record missing"),
        EntryName,
        _current.Id,
        _current.Name,
        Position);
}
