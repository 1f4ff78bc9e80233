using System.Buffers;
using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;

namespace AotLayers.Formats;

/// <summary>
/// Reads tar archives: USTAR, PAX, GNU long names and sparse files, base-256 numbers, old type flags
/// (docs/formats/tar-blocks.md#reading). Global PAX headers are skipped. Sizes are bounded before anything is allocated, checksums are
/// verified, and a cut archive is an error that names entry and offset. Does not own its stream.
/// </summary>
[SuppressMessage("Reliability", "CA1001", Justification = "The data stream is a view of this reader and owns nothing")]
public sealed partial class TarReader
{
    private const int SkipBufferSize = 64 * 1024;

    private readonly Stream _source;
    private readonly bool _canSeek;
    private readonly byte[] _block = new byte[TarBlock.Size];
    private readonly TarHeader _header = new();
    private readonly TarDataStream _data;
    private byte[] _special = [];
    private string _previous = "";
    private long _remaining;
    private int _padding;
    private bool _ended;

    /// <summary>Reads from the current position of <paramref name="source"/>.</summary>
    public TarReader(Stream source)
    {
        ArgumentNullException.ThrowIfNull(source);
        _source = source;
        _canSeek = source.CanSeek;
        _data = new TarDataStream(this);
    }

    /// <summary>Bytes consumed so far.</summary>
    public long Position { get; private set; }

    /// <summary>Offset of the current entry's own header block.</summary>
    public long HeaderOffset { get; private set; }

    /// <summary>Data bytes of the current entry not yet read, holes of a sparse file included.</summary>
    public long Remaining => _header.SparseRanges is null ? _remaining : _header.Size - _logical;

    /// <summary>Whether the archive ended with its end marker. Without one it may have been cut between two entries.</summary>
    public bool EndMarkerSeen { get; private set; }

    /// <summary>Data of the current entry. The same object for all entries; reads nothing past the entry.</summary>
    public Stream Data => _data;

    /// <summary>Skips what is left of the current entry and reads the next header.</summary>
    /// <param name="cancellationToken">Checked before each header and while skipping.</param>
    /// <returns>The header, null at the end. It is reused: it is valid until the next call.</returns>
    /// <exception cref="LayerFormatException">The archive is cut or malformed.</exception>
    public TarHeader? GetNextEntry(CancellationToken cancellationToken = default)
    {
        if (_ended)
        {
            return null;
        }

        Skip(_remaining + _padding, cancellationToken);
        _remaining = 0;
        _padding = 0;
        _previous = _header.Name;
        _header.Reset();
        string? longName = null;
        string? longLink = null;
        bool extended = false;
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (!ReadBlock())
            {
                _ended = true;
                return extended ? throw Invalid("archive ends after an extended header") : null;
            }

            ParseBlock();
            switch (_header.TypeFlag)
            {
                case TarTypeFlag.ExtendedHeader:
                    _header.Records.Clear();
                    _header.ExtendedHeaderName = _header.Name;
                    ParseRecords();
                    extended = true;
                    continue;
                case TarTypeFlag.GlobalExtendedHeader:
                    Skip(_remaining + _padding, cancellationToken);
                    continue;
                case TarTypeFlag.GnuLongName:
                    longName = ReadSpecialText();
                    extended = true;
                    continue;
                case TarTypeFlag.GnuLongLink:
                    longLink = ReadSpecialText();
                    extended = true;
                    continue;
                default:
                    ApplyRecords();
                    _header.Name = longName ?? _header.Name;
                    _header.LinkName = longLink ?? _header.LinkName;
                    FinishHeader();
                    return _header;
            }
        }
    }

    /// <summary>Reads data of the current entry.</summary>
    /// <returns>Number of bytes read; 0 at the end of the entry, or for an empty buffer.</returns>
    /// <exception cref="LayerFormatException">The archive is cut.</exception>
    public int Read(Span<byte> buffer) => _header.SparseRanges is null ? ReadStored(buffer) : ReadSparse(buffer);

    private int ReadStored(Span<byte> buffer)
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

    /// <summary>Reads one block.</summary>
    /// <returns>False at the end of the archive.</returns>
    private bool ReadBlock()
    {
        HeaderOffset = Position;
        int got = _source.ReadAtLeast(_block, TarBlock.Size, throwOnEndOfStream: false);
        Position += got;
        if (got == 0)
        {
            return false;
        }

        if (got < TarBlock.Size)
        {
            throw Invalid("archive is cut inside a header");
        }

        if (_block.AsSpan().ContainsAnyExcept((byte)0))
        {
            return true;
        }

        got = _source.ReadAtLeast(_block, TarBlock.Size, throwOnEndOfStream: false);
        Position += got;
        if (got is not (0 or TarBlock.Size) || _block.AsSpan(0, got).ContainsAnyExcept((byte)0))
        {
            throw Invalid("a single zero block is no end marker");
        }

        EndMarkerSeen = true;
        return false;
    }

    private void ParseBlock()
    {
        Span<byte> block = _block;
        long expected = ParseOctal(TarBlock.Checksum(block), "checksum");
        (long unsigned, long signed) = TarBlock.ComputeChecksum(block);
        if (expected != unsigned && expected != signed)
        {
            throw Invalid(string.Create(
                CultureInfo.InvariantCulture,
                $"header checksum is {unsigned}, the header says {expected}: damaged, or no tar"));
        }

        bool ustar = TarBlock.Magic(block)[..6].SequenceEqual("ustar\0"u8);
        bool gnu = TarBlock.Magic(block).SequenceEqual("ustar  \0"u8);
        _header.Name = Text(TarBlock.Name(block));
        _header.LinkName = Text(TarBlock.LinkName(block));
        _header.Mode = ParseNumber(TarBlock.Mode(block), "mode");
        _header.UserId = ParseNumber(TarBlock.UserId(block), "uid");
        _header.GroupId = ParseNumber(TarBlock.GroupId(block), "gid");
        _header.Size = ParseNumber(TarBlock.DataSize(block), "size");
        _header.ModificationTime = unchecked(ParseNumber(TarBlock.ModificationTime(block), "mtime") * 1_000_000_000);
        _header.TypeFlag = (TarTypeFlag)TarBlock.TypeFlag(block);
        _header.UserName = ustar || gnu ? Text(TarBlock.UserName(block)) : "";
        _header.GroupName = ustar || gnu ? Text(TarBlock.GroupName(block)) : "";
        if (ustar)
        {
            // The STAR variant keeps times in the last bytes of the prefix field.
            bool star = block[508..].SequenceEqual("tar\0"u8);
            string prefix = Text(star ? TarBlock.Prefix(block)[..131] : TarBlock.Prefix(block));
            if (prefix.Length > 0)
            {
                _header.Name = prefix + "/" + _header.Name;
            }
        }

        SetData(_header.Size);
    }

    /// <summary>PAX records win over the fields; an empty value leaves the field as it is.</summary>
    private void ApplyRecords()
    {
        _header.Name = TextRecord("path"u8, _header.Name);
        _header.LinkName = TextRecord("linkpath"u8, _header.LinkName);
        _header.UserName = TextRecord("uname"u8, _header.UserName);
        _header.GroupName = TextRecord("gname"u8, _header.GroupName);
        _header.UserId = NumberRecord("uid"u8, _header.UserId);
        _header.GroupId = NumberRecord("gid"u8, _header.GroupId);
        _header.Size = NumberRecord("size"u8, _header.Size);
        _header.ModificationTime = TimeRecord("mtime"u8) ?? _header.ModificationTime;
        _header.AccessTime = TimeRecord("atime"u8);
        _header.ChangeTime = TimeRecord("ctime"u8);
    }

    private void FinishHeader()
    {
        if (_header.TypeFlag == TarTypeFlag.OldRegularFile)
        {
            _header.TypeFlag = _header.Name.EndsWith('/') ? TarTypeFlag.Directory : TarTypeFlag.RegularFile;
        }

        SetData(_header.IsHeaderOnly ? 0 : _header.Size);
        try
        {
            if (_header.TypeFlag == TarTypeFlag.GnuSparse)
            {
                ReadOldSparseMap();
            }
            else if (!_header.IsHeaderOnly)
            {
                ReadSparseRecords();
            }
        }
        catch (LayerFormatException error) when (error.Offset < 0)
        {
            throw Invalid(error.Reason);
        }
    }

    private void ParseRecords()
    {
        try
        {
            long start = Position;
            _header.Records.Parse(ReadSpecial(), start);
        }
        catch (LayerFormatException error)
        {
            throw error.WithEntry(_header.Name);
        }
    }

    private void SetData(long size)
    {
        if (size < 0 || size > long.MaxValue - TarBlock.Size)
        {
            throw Invalid(string.Create(CultureInfo.InvariantCulture, $"size {size} is out of range"));
        }

        _remaining = size;
        _padding = (int)(-size & (TarBlock.Size - 1));
    }

    private ReadOnlySpan<byte> ReadSpecial()
    {
        if (_remaining > PaxRecords.MaxTextSize)
        {
            throw Invalid(string.Create(
                CultureInfo.InvariantCulture,
                $"extended header of {_remaining} bytes: at most {PaxRecords.MaxTextSize} are taken"));
        }

        int length = (int)_remaining;
        int at = 0;
        while (at < length)
        {
            // Grows with what is really there, not with what the header says.
            if (at == _special.Length)
            {
                Array.Resize(ref _special, Math.Max(4096, _special.Length * 2));
            }

            at += Read(_special.AsSpan(at, Math.Min(length, _special.Length) - at));
        }

        Skip(_padding, default);
        _padding = 0;
        return _special.AsSpan(0, length);
    }

    private string ReadSpecialText() => Text(ReadSpecial());

    private void Skip(long count, CancellationToken cancellationToken)
    {
        if (count == 0)
        {
            return;
        }

        if (_canSeek)
        {
            if (count > _source.Length - _source.Position)
            {
                throw Cut();
            }

            _source.Seek(count, SeekOrigin.Current);
            Position += count;
            return;
        }

        byte[] buffer = ArrayPool<byte>.Shared.Rent((int)Math.Min(SkipBufferSize, count));
        try
        {
            while (count > 0)
            {
                cancellationToken.ThrowIfCancellationRequested();
                int got = _source.Read(buffer, 0, (int)Math.Min(buffer.Length, count));
                if (got == 0)
                {
                    throw Cut();
                }

                count -= got;
                Position += got;
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private string TextRecord(ReadOnlySpan<byte> key, string field) =>
        _header.Records.TryGet(key, out ReadOnlySpan<byte> value) && !value.IsEmpty ? Wtf8.GetString(value) : field;

    private long NumberRecord(ReadOnlySpan<byte> key, long field)
    {
        if (!_header.Records.TryGet(key, out ReadOnlySpan<byte> value) || value.IsEmpty)
        {
            return field;
        }

        return Utf8Parser.TryParse(value, out long number, out int used) && used == value.Length
            ? number
            : throw Invalid($"PAX {Encoding.ASCII.GetString(key)} is no number");
    }

    private long? TimeRecord(ReadOnlySpan<byte> key)
    {
        if (!_header.Records.TryGet(key, out ReadOnlySpan<byte> value) || value.IsEmpty)
        {
            return null;
        }

        return PaxTime.TryParse(value, out long time) ? time : throw Invalid($"PAX {Encoding.ASCII.GetString(key)} is no time");
    }

    private static string Text(ReadOnlySpan<byte> field)
    {
        int end = field.IndexOf((byte)0);
        return Wtf8.GetString(end < 0 ? field : field[..end]);
    }

    /// <summary>Octal text, or base-256 where the first bit is set.</summary>
    private long ParseNumber(ReadOnlySpan<byte> field, string what)
    {
        if ((field[0] & 0x80) == 0)
        {
            return ParseOctal(field, what);
        }

        bool negative = (field[0] & 0x40) != 0;
        Int128 value = negative ? -1 : 0;
        for (int i = 0; i < field.Length; i++)
        {
            byte c = i > 0 ? field[i] : negative ? field[i] : (byte)(field[i] & 0x7F);
            value = (value << 8) | c;
        }

        return value >= long.MinValue && value <= long.MaxValue ? (long)value : throw Invalid($"{what} is out of range");
    }

    private long ParseOctal(ReadOnlySpan<byte> field, string what)
    {
        field = field.Trim(" \0"u8);
        int end = field.IndexOf((byte)0);
        field = end < 0 ? field : field[..end];
        if (field.Length > 21)
        {
            throw Invalid($"{what} is out of range");
        }

        long value = 0;
        foreach (byte c in field)
        {
            if (c is < (byte)'0' or > (byte)'7')
            {
                throw Invalid($"{what} is no octal number: damaged, or no tar");
            }

            value = (value << 3) | (uint)(c - '0');
        }

        return value;
    }

    private LayerFormatException Invalid(string problem) => new(
        _header.Name.Length == 0 && _previous.Length > 0
            ? $"invalid tar: {problem}; the entry before is '{_previous}'"
            : "invalid tar: " + problem,
        _header.Name.Length > 0 ? _header.Name : null,
        offset: HeaderOffset);

    private LayerFormatException Cut() => new(
        string.Create(CultureInfo.InvariantCulture, $"archive is cut: {_remaining} bytes of this entry are missing"),
        _header.Name,
        offset: Position);

    /// <summary>The current entry's data as a stream.</summary>
    private sealed class TarDataStream(TarReader reader) : ReadOnlyStream
    {
        public override int Read(Span<byte> buffer) => reader.Read(buffer);
    }
}
