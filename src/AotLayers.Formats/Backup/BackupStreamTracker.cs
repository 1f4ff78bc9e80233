using System.Buffers.Binary;

namespace AotLayers.Formats;

/// <summary>
/// Follows a backup stream by the bytes that pass to somebody else, to say in which record an error lies
/// (docs/formats/backup-stream.md#records). Seeks to records that were seen are followed too. Bytes that are no backup stream end the
/// following, not the reading.
/// </summary>
public sealed class BackupStreamTracker
{
    private readonly List<Record> _records = [];
    private readonly byte[] _header = new byte[BackupStreamHeader.EncodedSize];
    private byte[] _name = [];
    private int _got;
    private int _nameSize;
    private long _remaining;
    private bool _inPayload;
    private bool _lost;

    /// <summary>Bytes from the start of the stream to the next one.</summary>
    public long Position { get; private set; }

    /// <summary>The record that the next byte belongs to; null between two records, and where it is not known.</summary>
    public BackupStreamId? StreamId => _inPayload && !_lost ? _records[^1].Id : null;

    /// <summary>Name of that record's stream; empty without one.</summary>
    public string StreamName => _inPayload && !_lost ? _records[^1].Name : "";

    /// <summary>Whether a record of a kind has begun.</summary>
    public bool HasSeen(BackupStreamId id)
    {
        foreach (Record record in _records)
        {
            if (record.Id == id)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Starts over with another stream.</summary>
    public void Reset()
    {
        _records.Clear();
        Position = 0;
        ExpectHeader();
        _lost = false;
    }

    /// <summary>Bytes were read.</summary>
    public void Advance(ReadOnlySpan<byte> bytes)
    {
        Position += bytes.Length;
        while (!bytes.IsEmpty && !_lost)
        {
            if (_inPayload)
            {
                int skipped = (int)Math.Min(_remaining, bytes.Length);
                _remaining -= skipped;
                bytes = bytes[skipped..];
                if (_remaining == 0)
                {
                    ExpectHeader();
                }

                continue;
            }

            bytes = bytes[TakeHeader(bytes, Position - bytes.Length)..];
        }
    }

    /// <summary>The position was changed.</summary>
    public void Seek(long position)
    {
        if (position == Position)
        {
            return;
        }

        Position = position;

        // What comes after is read again, and may be passed over in another way.
        while (_records.Count > 0 && _records[^1].Start >= position)
        {
            _records.RemoveAt(_records.Count - 1);
        }

        long end = _records.Count == 0 ? 0 : _records[^1].End;
        ExpectHeader();
        _lost = position > end || (_records.Count > 0 && position < _records[^1].PayloadStart);
        if (!_lost && position < end)
        {
            _inPayload = true;
            _remaining = end - position;
        }
    }

    private void ExpectHeader()
    {
        _inPayload = false;
        _got = 0;
        _nameSize = 0;
    }

    private int TakeHeader(ReadOnlySpan<byte> bytes, long at)
    {
        if (_got < _header.Length)
        {
            int taken = Math.Min(_header.Length - _got, bytes.Length);
            bytes[..taken].CopyTo(_header.AsSpan(_got));
            _got += taken;
            if (_got == _header.Length)
            {
                BeginRecord(at + taken);
            }

            return taken;
        }

        int missing = _header.Length + _nameSize - _got;
        int part = Math.Min(missing, bytes.Length);
        bytes[..part].CopyTo(_name.AsSpan(_got - _header.Length));
        _got += part;
        if (part == missing)
        {
            BeginPayload(at + part, Utf16Bytes.GetString(_name.AsSpan(0, _nameSize)));
        }

        return part;
    }

    private void BeginRecord(long at)
    {
        uint nameSize = BinaryPrimitives.ReadUInt32LittleEndian(_header.AsSpan(16));
        if (BinaryPrimitives.ReadInt64LittleEndian(_header.AsSpan(8)) < 0
            || (nameSize & 1) != 0
            || nameSize > BackupStreamHeader.MaxNameBytes)
        {
            _lost = true;
            return;
        }

        _nameSize = (int)nameSize;
        if (_nameSize == 0)
        {
            BeginPayload(at, "");
        }
        else if (_name.Length < _nameSize)
        {
            _name = new byte[_nameSize];
        }
    }

    private void BeginPayload(long at, string name)
    {
        var id = (BackupStreamId)BinaryPrimitives.ReadUInt32LittleEndian(_header);
        _remaining = BinaryPrimitives.ReadInt64LittleEndian(_header.AsSpan(8));
        if (_remaining > long.MaxValue - at)
        {
            _lost = true;
            return;
        }

        _records.Add(new Record(at - _nameSize - _header.Length, at, at + _remaining, id, name));
        if (_remaining == 0)
        {
            ExpectHeader();
        }
        else
        {
            _inPayload = true;
        }
    }

    private readonly record struct Record(long Start, long PayloadStart, long End, BackupStreamId Id, string Name);
}
