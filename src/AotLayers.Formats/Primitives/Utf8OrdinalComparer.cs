namespace AotLayers.Formats;

/// <summary>
/// Orders UTF-16 text as its WTF-8 bytes would be ordered: the order in which Go sorts names (docs/formats/names.md#order).
/// Differs from ordinal UTF-16 only where surrogates meet U+E000 .. U+FFFF.
/// </summary>
public sealed class Utf8OrdinalComparer : IComparer<string>
{
    private Utf8OrdinalComparer()
    {
    }

    /// <summary>The only instance.</summary>
    public static Utf8OrdinalComparer Instance { get; } = new();

    /// <inheritdoc/>
    public int Compare(string? x, string? y)
    {
        if (x is null || y is null)
        {
            return x is null ? (y is null ? 0 : -1) : 1;
        }

        return Compare(x.AsSpan(), y.AsSpan());
    }

    /// <summary>Compares as the WTF-8 bytes of both would compare.</summary>
    public static int Compare(ReadOnlySpan<char> x, ReadOnlySpan<char> y)
    {
        int common = x.CommonPrefixLength(y);
        if (common == x.Length || common == y.Length)
        {
            if (x.Length == y.Length)
            {
                return 0;
            }

            // A high surrogate that ends the shorter text becomes part of a pair in the longer one.
            bool cutsPair = common > 0 && char.IsHighSurrogate(x[common - 1])
                && char.IsLowSurrogate(common < x.Length ? x[common] : y[common]);
            int shorterFirst = x.Length < y.Length ? -1 : 1;
            return cutsPair ? CompareAt(x, y, common - 1) : shorterFirst;
        }

        bool afterHigh = common > 0 && char.IsHighSurrogate(x[common - 1])
            && (char.IsLowSurrogate(x[common]) || char.IsLowSurrogate(y[common]));
        return CompareAt(x, y, afterHigh ? common - 1 : common);
    }

    private static int CompareAt(ReadOnlySpan<char> x, ReadOnlySpan<char> y, int index) =>
        CodePoint(x, index).CompareTo(CodePoint(y, index));

    private static int CodePoint(ReadOnlySpan<char> text, int index)
    {
        char c = text[index];
        return char.IsHighSurrogate(c) && index + 1 < text.Length && char.IsLowSurrogate(text[index + 1])
            ? char.ConvertToUtf32(c, text[index + 1])
            : c;
    }
}
