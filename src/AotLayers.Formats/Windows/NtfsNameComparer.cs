namespace AotLayers.Formats;

/// <summary>
/// Compares names as NTFS does: UTF-16 unit by unit after mapping each to upper case, surrogates as they are. The mapping is that of
/// $UpCase, which
/// is of Unicode 5: letters whose capitals are younger (Georgian, Cherokee) stay apart, and so do U+0131 and U+017F.
/// </summary>
public sealed class NtfsNameComparer : IEqualityComparer<string>, IComparer<string>, IAlternateEqualityComparer<ReadOnlySpan<char>, string>
{
    private NtfsNameComparer()
    {
    }

    /// <summary>The only instance.</summary>
    public static NtfsNameComparer Instance { get; } = new();

    /// <summary>The capital of a UTF-16 unit as NTFS has it.</summary>
    public static char ToUpper(char c)
    {
        if (char.IsAscii(c))
        {
            return char.IsAsciiLetterLower(c) ? (char)(c - 0x20) : c;
        }

        return c is '\u0131' or '\u017F' or (>= '\u10D0' and <= '\u10FF') or (>= '\uAB70' and <= '\uABBF') or (>= '\u13F8' and <= '\u13FD')
            ? c
            : char.ToUpperInvariant(c);
    }

    /// <summary>Whether two names are the same to NTFS.</summary>
    public static bool Equals(ReadOnlySpan<char> x, ReadOnlySpan<char> y)
    {
        if (x.Length != y.Length)
        {
            return false;
        }

        for (int i = 0; i < x.Length; i++)
        {
            if (x[i] != y[i] && ToUpper(x[i]) != ToUpper(y[i]))
            {
                return false;
            }
        }

        return true;
    }

    /// <inheritdoc/>
    public bool Equals(string? x, string? y) => x is null || y is null ? x is null && y is null : Equals(x.AsSpan(), y.AsSpan());

    /// <inheritdoc/>
    public int GetHashCode(string obj) => GetHashCode(obj.AsSpan());

    /// <inheritdoc/>
    public int Compare(string? x, string? y)
    {
        if (x is null || y is null)
        {
            return x is null ? (y is null ? 0 : -1) : 1;
        }

        for (int i = 0; i < x.Length && i < y.Length; i++)
        {
            int order = ToUpper(x[i]).CompareTo(ToUpper(y[i]));
            if (order != 0)
            {
                return order;
            }
        }

        return x.Length.CompareTo(y.Length);
    }

    /// <inheritdoc/>
    public bool Equals(ReadOnlySpan<char> alternate, string other) => Equals(alternate, other.AsSpan());

    /// <inheritdoc/>
    public int GetHashCode(ReadOnlySpan<char> alternate)
    {
        var hash = default(HashCode);
        foreach (char c in alternate)
        {
            hash.Add(ToUpper(c));
        }

        return hash.ToHashCode();
    }

    /// <inheritdoc/>
    public string Create(ReadOnlySpan<char> alternate) => alternate.ToString();
}
