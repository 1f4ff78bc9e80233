using System.Buffers.Text;
using System.Globalization;

namespace AotLayers.Formats;

/// <summary>A stretch of a sparse file that has data.</summary>
/// <param name="Offset">Where it starts in the file, in bytes.</param>
/// <param name="Length">Bytes of data.</param>
public readonly record struct TarSparseRange(long Offset, long Length)
{
    /// <summary>First byte behind it.</summary>
    public long End => Offset + Length;
}

/// <summary>
/// The maps of GNU sparse files: in the header block and its extensions (old GNU), in repeated PAX records (0.0), in one record (0.1), or
/// before
/// the data (1.0). The number of ranges is bounded, they have to ascend and to stay inside of the file.
/// </summary>
internal sealed class TarSparseMap
{
    /// <summary>Most ranges that are accepted: 4 MiB of memory.</summary>
    public const int MaxRanges = 256 * 1024;

    private const int OldEntrySize = 24;
    private const int OldRangesInHeader = 4;
    private const int OldRangesInExtension = 21;

    private readonly List<TarSparseRange> _ranges = [];

    public IReadOnlyList<TarSparseRange> Ranges => _ranges;

    public void Clear() => _ranges.Clear();

    /// <summary>Offset of the file size in an old GNU header.</summary>
    public static Span<byte> OldRealSize(Span<byte> block) => block.Slice(483, 12);

    /// <summary>Whether an extension block follows.</summary>
    public static bool OldHasMore(ReadOnlySpan<byte> block, bool header) => block[header ? 482 : 504] != 0;

    /// <summary>Takes the ranges of a header or extension block.</summary>
    public void AddOld(ReadOnlySpan<byte> block, bool header, Func<ReadOnlySpan<byte>, long> parseNumber)
    {
        ReadOnlySpan<byte> entries = header ? block[386..] : block;
        for (int i = 0; i < (header ? OldRangesInHeader : OldRangesInExtension); i++)
        {
            ReadOnlySpan<byte> entry = entries.Slice(i * OldEntrySize, OldEntrySize);
            if (entry[0] == 0)
            {
                break;
            }

            Add(parseNumber(entry[..12]), parseNumber(entry[12..]));
        }
    }

    /// <summary>Takes the ranges of a record: numbers with commas between them.</summary>
    public void AddText(ReadOnlySpan<byte> text)
    {
        while (!text.IsEmpty)
        {
            long offset = TakeNumber(ref text);
            Add(offset, TakeNumber(ref text));
        }
    }

    /// <summary>Adds a range.</summary>
    public void Add(long offset, long length)
    {
        if (_ranges.Count == MaxRanges)
        {
            throw new LayerFormatException(string.Create(CultureInfo.InvariantCulture, $"sparse file with more than {MaxRanges} ranges"));
        }

        _ranges.Add(new TarSparseRange(offset, length));
    }

    /// <summary>Checks the ranges against the sizes.</summary>
    /// <param name="size">Size of the file in bytes.</param>
    /// <param name="stored">Bytes that the archive has for it.</param>
    /// <returns>What is wrong, or null.</returns>
    public string? Check(long size, long stored)
    {
        long at = 0;
        long total = 0;
        foreach (TarSparseRange range in _ranges)
        {
            if (range.Offset < at || range.Length < 0 || range.Offset > size || range.Length > size - range.Offset)
            {
                return string.Create(
                    CultureInfo.InvariantCulture, $"sparse range at {range.Offset} with {range.Length} bytes in a file of {size}");
            }

            at = range.End;
            total += range.Length;
        }

        return total == stored
            ? null
            : string.Create(CultureInfo.InvariantCulture, $"sparse ranges have {total} bytes, the archive has {stored}");
    }

    private static long TakeNumber(ref ReadOnlySpan<byte> text)
    {
        int comma = text.IndexOf((byte)',');
        ReadOnlySpan<byte> digits = comma < 0 ? text : text[..comma];
        text = comma < 0 ? [] : text[(comma + 1)..];
        return Utf8Parser.TryParse(digits, out long number, out int used) && used == digits.Length && !digits.IsEmpty
            ? number
            : throw new LayerFormatException("malformed map of a sparse file");
    }
}
