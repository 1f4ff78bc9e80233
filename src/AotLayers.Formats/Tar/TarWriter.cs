using System.Globalization;

namespace AotLayers.Formats;

/// <summary>
/// Writes tar archives byte for byte as Go's archive/tar does, so that layer digests stay what they are
/// (docs/formats/tar-blocks.md#headers). One pass, nothing but one header is held in memory. System.Formats.Tar cannot do it: it names
/// PAX headers by process id, adds records, and sorts none. Does not own its stream.
/// </summary>
public sealed class TarWriter
{
    private static readonly byte[] s_zeros = new byte[2 * TarBlock.Size];

    private readonly Stream _output;
    private readonly PaxRecords _records = new();
    private byte[] _buffer = new byte[4096];
    private byte[] _name = new byte[512];
    private byte[] _link = new byte[512];
    private string _entry = "";
    private long _missing;
    private int _padding;
    private bool _finished;

    /// <summary>Writes to <paramref name="output"/>.</summary>
    public TarWriter(Stream output)
    {
        ArgumentNullException.ThrowIfNull(output);
        _output = output;
    }

    /// <summary>Bytes written so far.</summary>
    public long BytesWritten { get; private set; }

    /// <summary>Data bytes that the current entry still needs.</summary>
    public long Remaining => _missing;

    /// <summary>Starts an entry.</summary>
    /// <exception cref="LayerFormatException">The previous entry lacks data, or tar cannot hold this one.</exception>
    public void WriteHeader(TarHeader header)
    {
        ArgumentNullException.ThrowIfNull(header);
        ObjectDisposedException.ThrowIf(_finished, this);
        EndEntry();
        if (header.TypeFlag is TarTypeFlag.RegularFile or TarTypeFlag.CharacterDevice or TarTypeFlag.BlockDevice or TarTypeFlag.Fifo
            && header.Name.EndsWith('/'))
        {
            throw new LayerFormatException("name of a file ends with a slash", header.Name);
        }

        bool specified = header.Format != TarFormatChoice.Unspecified;
        long? modified = specified ? header.ModificationTime : RoundToSeconds(header.ModificationTime);
        ReadOnlySpan<byte> name = Encode(header.Name, ref _name);
        ReadOnlySpan<byte> link = Encode(header.LinkName, ref _link);
        bool splits = TarBlock.TrySplitName(name, out int prefixLength);
        CheckFields(header);
        CollectRecords(header, name, link, modified, specified);

        // USTAR can hold a long ASCII name when it splits; everything else that made a record needs PAX, and so do records that were
        // asked for.
        bool ustar = header.Records.Count == 0
            && (_records.Count == 0 || (_records.Count == 1 && splits && _records.KeyAt(0).SequenceEqual("path"u8)));
        int start = ustar || _records.Count == 0 ? 0 : WriteRecords(header.Name, name);
        Span<byte> block = Reserve(start, TarBlock.Size);
        block.Clear();
        if (ustar && splits)
        {
            TarBlock.WriteText(TarBlock.Prefix(block), name[..prefixLength]);
            name = name[(prefixLength + 1)..];
        }

        FillBlock(block, header, name, link, PaxTime.Split(modified ?? 0).Seconds);
        Emit(_buffer.AsSpan(0, start + TarBlock.Size));
        _entry = header.Name;
        _missing = header.IsHeaderOnly ? 0 : header.Size;
        _padding = (int)(-_missing & (TarBlock.Size - 1));
    }

    /// <summary>Writes data of the current entry.</summary>
    /// <exception cref="LayerFormatException">More data than the header announced; nothing of it is written.</exception>
    public void Write(ReadOnlySpan<byte> data)
    {
        if (data.Length > _missing)
        {
            throw new LayerFormatException(
                string.Create(CultureInfo.InvariantCulture, $"{data.Length - _missing} bytes more than the tar header says"), _entry);
        }

        Emit(data);
        _missing -= data.Length;
    }

    /// <summary>Writes zeros as data of the current entry.</summary>
    /// <exception cref="LayerFormatException">More data than the header announced.</exception>
    public void WriteZeros(long count, CancellationToken cancellationToken = default)
    {
        while (count > 0)
        {
            cancellationToken.ThrowIfCancellationRequested();
            int now = (int)Math.Min(count, ZeroBlock.Bytes.Length);
            Write(ZeroBlock.Bytes.AsSpan(0, now));
            count -= now;
        }
    }

    /// <summary>Ends the archive: two zero blocks, no more. Without it an archive is not complete.</summary>
    /// <exception cref="LayerFormatException">The last entry lacks data.</exception>
    public void Finish()
    {
        if (_finished)
        {
            return;
        }

        EndEntry();
        Emit(s_zeros);
        _output.Flush();
        _finished = true;
    }

    private static long? RoundToSeconds(long? nanoseconds)
    {
        if (nanoseconds is not { } time)
        {
            return null;
        }

        (long seconds, long fraction) = PaxTime.Split(time);
        return (seconds + (fraction >= 500_000_000 ? 1 : 0)) * 1_000_000_000;
    }

    private static ReadOnlySpan<byte> Encode(string text, ref byte[] buffer)
    {
        int length = Wtf8.GetByteCount(text);
        if (length > buffer.Length)
        {
            buffer = new byte[Math.Max(length, buffer.Length * 2)];
        }

        return buffer.AsSpan(0, Wtf8.GetBytes(text, buffer));
    }

    /// <summary>Layers have no owners: nothing is allocated for none.</summary>
    private static ReadOnlySpan<byte> EncodeOwner(string name) => name.Length == 0 ? [] : Wtf8.GetBytes(name);

    private static bool IsStandardKey(ReadOnlySpan<byte> key) =>
        key.SequenceEqual("path"u8) || key.SequenceEqual("linkpath"u8) || key.SequenceEqual("size"u8)
        || key.SequenceEqual("uid"u8) || key.SequenceEqual("gid"u8) || key.SequenceEqual("uname"u8) || key.SequenceEqual("gname"u8)
        || key.SequenceEqual("mtime"u8) || key.SequenceEqual("atime"u8) || key.SequenceEqual("ctime"u8)
        || key.StartsWith("GNU.sparse."u8);

    private static void CheckFields(TarHeader header)
    {
        string? problem = header.Size < 0 ? "negative size"
            : !TarBlock.FitsOctal(8, header.Mode) ? "mode out of range"
            : header.Name.Contains('\0') || header.LinkName.Contains('\0') ? "name contains NUL"
            : header.TypeFlag is TarTypeFlag.ExtendedHeader or TarTypeFlag.GlobalExtendedHeader or TarTypeFlag.GnuLongName
                or TarTypeFlag.GnuLongLink or TarTypeFlag.GnuSparse
                ? "type of entry cannot be written"
            : null;
        if (problem is not null)
        {
            throw new LayerFormatException(problem, header.Name);
        }
    }

    private void CollectRecords(TarHeader header, ReadOnlySpan<byte> name, ReadOnlySpan<byte> link, long? modified, bool specified)
    {
        _records.Clear();
        SetText("path"u8, name, TarBlock.NameSize);
        SetText("linkpath"u8, link, TarBlock.NameSize);
        SetText("uname"u8, EncodeOwner(header.UserName), 32);
        SetText("gname"u8, EncodeOwner(header.GroupName), 32);
        SetNumber("uid"u8, header.UserId, 8);
        SetNumber("gid"u8, header.GroupId, 8);
        SetNumber("size"u8, header.Size, 12);
        if (modified is { } time)
        {
            (long seconds, long fraction) = PaxTime.Split(time);
            if (fraction != 0 || !TarBlock.FitsOctal(12, seconds))
            {
                _records.SetTime("mtime"u8, time);
            }
        }

        if (specified && header.AccessTime is { } accessed)
        {
            _records.SetTime("atime"u8, accessed);
        }

        if (specified && header.ChangeTime is { } changed)
        {
            _records.SetTime("ctime"u8, changed);
        }

        for (int i = 0; i < header.Records.Count; i++)
        {
            if (!IsStandardKey(header.Records.KeyAt(i)))
            {
                _records.Set(header.Records.KeyAt(i), header.Records.ValueAt(i));
            }
        }
    }

    private void SetText(ReadOnlySpan<byte> key, ReadOnlySpan<byte> text, int fieldSize)
    {
        if (text.Length > fieldSize || !TarBlock.IsAscii(text))
        {
            _records.Set(key, text);
        }
    }

    private void SetNumber(ReadOnlySpan<byte> key, long value, int fieldSize)
    {
        if (!TarBlock.FitsOctal(fieldSize, value))
        {
            _records.Set(key, value);
        }
    }

    /// <summary>Puts the PAX header, its records and their padding into the buffer.</summary>
    private int WriteRecords(string entry, ReadOnlySpan<byte> name)
    {
        _records.Sort();
        for (int i = 0; i < _records.Count; i++)
        {
            if (!_records.IsValid(i, out string? problem))
            {
                throw new LayerFormatException(problem, entry);
            }
        }

        int length = _records.EncodedLength();
        if (length > PaxRecords.MaxTextSize)
        {
            throw new LayerFormatException(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"PAX records of {length} bytes: readers take at most {PaxRecords.MaxTextSize}"), entry);
        }

        int padded = (length + TarBlock.Size - 1) & -TarBlock.Size;
        Span<byte> all = Reserve(0, Math.Max(TarBlock.Size + padded, name.Length + PaxHeaderName.Extra));
        Span<byte> pathField = stackalloc byte[TarBlock.NameSize];
        int pathLength = PaxHeaderName.Write(name, all);
        all[..pathLength].CopyTo(pathField);

        Span<byte> block = all[..TarBlock.Size];
        block.Clear();
        pathField[..pathLength].CopyTo(TarBlock.Name(block));
        TarBlock.TypeFlag(block) = (byte)TarTypeFlag.ExtendedHeader;
        TarBlock.WriteOctal(TarBlock.Mode(block), 0);
        TarBlock.WriteOctal(TarBlock.UserId(block), 0);
        TarBlock.WriteOctal(TarBlock.GroupId(block), 0);
        TarBlock.WriteOctal(TarBlock.DataSize(block), length);
        TarBlock.WriteOctal(TarBlock.ModificationTime(block), 0);
        TarBlock.Seal(block);
        _records.Encode(all.Slice(TarBlock.Size, length));
        all[(TarBlock.Size + length)..(TarBlock.Size + padded)].Clear();
        return TarBlock.Size + padded;
    }

    private static void FillBlock(Span<byte> block, TarHeader header, ReadOnlySpan<byte> name, ReadOnlySpan<byte> link, long seconds)
    {
        WriteAscii(TarBlock.Name(block), name);
        TarBlock.WriteOctal(TarBlock.Mode(block), header.Mode);
        TarBlock.WriteOctal(TarBlock.UserId(block), header.UserId);
        TarBlock.WriteOctal(TarBlock.GroupId(block), header.GroupId);
        TarBlock.WriteOctal(TarBlock.DataSize(block), header.Size);
        TarBlock.WriteOctal(TarBlock.ModificationTime(block), seconds);
        TarBlock.TypeFlag(block) = (byte)header.TypeFlag;
        WriteAscii(TarBlock.LinkName(block), link);
        WriteAscii(TarBlock.UserName(block), EncodeOwner(header.UserName));
        WriteAscii(TarBlock.GroupName(block), EncodeOwner(header.GroupName));
        TarBlock.WriteOctal(TarBlock.DeviceMajor(block), 0);
        TarBlock.WriteOctal(TarBlock.DeviceMinor(block), 0);
        TarBlock.Seal(block);
    }

    /// <summary>Fields hold the ASCII letters only; whoever can read PAX takes the record instead.</summary>
    private static void WriteAscii(Span<byte> field, ReadOnlySpan<byte> text)
    {
        if (TarBlock.IsAscii(text))
        {
            TarBlock.WriteText(field, text);
            return;
        }

        byte[] ascii = new byte[text.Length];
        TarBlock.WriteText(field, ascii.AsSpan(0, TarBlock.ToAscii(text, ascii)));
    }

    private Span<byte> Reserve(int start, int length)
    {
        if (start + length > _buffer.Length)
        {
            Array.Resize(ref _buffer, Math.Max(start + length, _buffer.Length * 2));
        }

        return _buffer.AsSpan(start, length);
    }

    private void EndEntry()
    {
        if (_missing > 0)
        {
            throw new LayerFormatException(
                string.Create(CultureInfo.InvariantCulture, $"{_missing} bytes less than the tar header says"), _entry);
        }

        if (_padding > 0)
        {
            Emit(s_zeros.AsSpan(0, _padding));
            _padding = 0;
        }
    }

    private void Emit(ReadOnlySpan<byte> bytes)
    {
        _output.Write(bytes);
        BytesWritten += bytes.Length;
    }
}
