using System.Globalization;

namespace AotLayers.Formats;

/// <summary>GNU sparse files: holes are given as zeros, so that a sparse file reads like any other.</summary>
public sealed partial class TarReader
{
    private readonly TarSparseMap _sparse = new();
    private int _range;
    private long _logical;

    /// <summary>Reads the map of an old GNU sparse file; the header block was just read.</summary>
    private void ReadOldSparseMap()
    {
        if (!_block.AsSpan(257, 8).SequenceEqual("ustar  \0"u8))
        {
            throw Invalid("sparse file without GNU header");
        }

        long size = ParseNumber(TarSparseMap.OldRealSize(_block), "size of a sparse file");
        _sparse.Clear();
        _sparse.AddOld(_block, header: true, number => ParseNumber(number, "map of a sparse file"));
        for (bool more = TarSparseMap.OldHasMore(_block, header: true); more; more = TarSparseMap.OldHasMore(_block, header: false))
        {
            int got = _source.ReadAtLeast(_block, TarBlock.Size, throwOnEndOfStream: false);
            Position += got;
            if (got < TarBlock.Size)
            {
                throw Invalid("archive is cut inside the map of a sparse file");
            }

            _sparse.AddOld(_block, header: false, number => ParseNumber(number, "map of a sparse file"));
        }

        _header.TypeFlag = TarTypeFlag.RegularFile;
        StartSparse(size);
    }

    /// <summary>Reads the map where the records say that the entry is a sparse file.</summary>
    private void ReadSparseRecords()
    {
        PaxRecords records = _header.Records;
        bool inData = records.TryGet("GNU.sparse.major"u8, out ReadOnlySpan<byte> major);
        records.TryGet("GNU.sparse.minor"u8, out ReadOnlySpan<byte> minor);
        if (inData && !(major.SequenceEqual("1"u8) && minor.SequenceEqual("0"u8)))
        {
            inData = major.SequenceEqual("0"u8) ? false : throw Invalid("GNU sparse format of an unknown version");
        }

        bool inRecord = records.TryGet("GNU.sparse.map"u8, out ReadOnlySpan<byte> map);
        if (!inData && !inRecord)
        {
            if (records.TryGet("GNU.sparse.size"u8, out _))
            {
                throw Invalid("sparse file without a map");
            }

            return;
        }

        _header.Name = TextRecord("GNU.sparse.name"u8, _header.Name);
        long size = NumberRecord(inData ? "GNU.sparse.realsize"u8 : "GNU.sparse.size"u8, -1);
        _sparse.Clear();
        if (inData)
        {
            ReadMapBeforeData();
        }
        else
        {
            _sparse.AddText(map);
        }

        StartSparse(size);
    }

    /// <summary>Format 1.0: the number of ranges and their numbers, each on a line, padded to a block.</summary>
    private void ReadMapBeforeData()
    {
        long start = _remaining;
        long count = ReadMapNumber();
        if (count is < 0 or > TarSparseMap.MaxRanges)
        {
            throw Invalid(string.Create(
                CultureInfo.InvariantCulture, $"sparse file with {count} ranges, at most {TarSparseMap.MaxRanges} are taken"));
        }

        for (long i = 0; i < count; i++)
        {
            long offset = ReadMapNumber();
            _sparse.Add(offset, ReadMapNumber());
        }

        Span<byte> padding = stackalloc byte[TarBlock.Size];
        padding = padding[..(int)(-(start - _remaining) & (TarBlock.Size - 1))];
        while (!padding.IsEmpty)
        {
            int got = ReadStored(padding);
            padding = got > 0 ? padding[got..] : throw Invalid("map of a sparse file is cut");
        }
    }

    private long ReadMapNumber()
    {
        long number = -1;
        Span<byte> one = stackalloc byte[1];
        while (ReadStored(one) > 0)
        {
            if (one[0] == '\n' && number >= 0)
            {
                return number;
            }

            if (!char.IsAsciiDigit((char)one[0]) || number > (long.MaxValue / 10) - 10)
            {
                break;
            }

            number = (Math.Max(number, 0) * 10) + (one[0] - '0');
        }

        throw Invalid("malformed map of a sparse file");
    }

    private void StartSparse(long size)
    {
        string? problem = size < 0 ? "sparse file without a size" : _sparse.Check(size, _remaining);
        if (problem is not null)
        {
            throw Invalid(problem);
        }

        _header.Size = size;
        _header.SparseRanges = _sparse.Ranges;
        _range = 0;
        _logical = 0;
    }

    private int ReadSparse(Span<byte> buffer)
    {
        // Empty ranges (GNU tar marks the end of a file with one) hold no data.
        while (_range < _sparse.Ranges.Count && _logical >= _sparse.Ranges[_range].End)
        {
            _range++;
        }

        long next = _range < _sparse.Ranges.Count ? _sparse.Ranges[_range].Offset : _header.Size;
        int count;
        if (_logical < next)
        {
            count = (int)Math.Min(buffer.Length, next - _logical);
            buffer[..count].Clear();
        }
        else
        {
            long end = _range < _sparse.Ranges.Count ? _sparse.Ranges[_range].End : _logical;
            count = ReadStored(buffer[..(int)Math.Min(buffer.Length, end - _logical)]);
        }

        _logical += count;
        return count;
    }
}
