namespace AotLayers.Interop;

/// <summary>Patterns with <c>*</c> (any characters) and <c>?</c> (one character), in any case of letters.</summary>
internal static class Wildcard
{
    /// <summary>Whether a whole text fits a pattern. Takes at most the product of both lengths in steps.</summary>
    public static bool Matches(ReadOnlySpan<char> pattern, ReadOnlySpan<char> text)
    {
        int p = 0;
        int t = 0;
        int star = -1;
        int after = 0;
        while (t < text.Length)
        {
            if (p < pattern.Length && (pattern[p] == '?' || (pattern[p] != '*' && Same(pattern[p], text[t]))))
            {
                p++;
                t++;
            }
            else if (p < pattern.Length && pattern[p] == '*')
            {
                star = p++;
                after = t;
            }
            else if (star >= 0)
            {
                p = star + 1;
                t = ++after;
            }
            else
            {
                return false;
            }
        }

        return pattern[p..].TrimStart('*').IsEmpty;
    }

    private static bool Same(char a, char b) => a == b || char.ToUpperInvariant(a) == char.ToUpperInvariant(b);
}
