namespace AotLayers.Formats;

/// <summary>
/// SIDs inside of SDDL: two letters, or <c>S-1-...</c>. As in Windows' compiler numbers may be hexadecimal, a hexadecimal revision makes
/// all of them so, blanks may precede a number, and a number beyond 32 bits becomes the largest one.
/// </summary>
internal static class SddlSid
{
    /// <summary>Reads the SID at the front of a text.</summary>
    /// <param name="text">The whole SDDL text, for errors.</param>
    /// <param name="at">Where the SID starts; then where it ended.</param>
    /// <param name="domain">Stands for the machine and its domain in abbreviations that depend on one; may be null.</param>
    /// <exception cref="LayerFormatException">There is no SID, or it depends on a machine or domain and there is none.</exception>
    public static Sid Read(ReadOnlySpan<char> text, ref int at, Sid? domain)
    {
        ReadOnlySpan<char> rest = text[at..];
        if (rest.StartsWith("S-", StringComparison.OrdinalIgnoreCase))
        {
            return ReadNumbers(text, ref at);
        }

        ReadOnlySpan<char> name = rest[..Math.Min(2, rest.Length)];
        if (SddlNames.TryFindSid(name, out Sid? known))
        {
            at += name.Length;
            return known;
        }

        if (SddlNames.TryFind(SddlNames.DomainSids, name, out uint relative))
        {
            if (domain is null || domain.SubAuthorityCount == Sid.MaxSubAuthorities)
            {
                throw SddlError.At(text, at, $"'{name}' depends on a machine or domain: write the SID itself");
            }

            at += name.Length;
            return domain.Append(relative);
        }

        throw SddlError.At(text, at, $"'{name}' is no known SID");
    }

    private static Sid ReadNumbers(ReadOnlySpan<char> text, ref int at)
    {
        int start = at;
        at += 2;
        bool revisionIsHex = text[at..].TrimStart().StartsWith("0x", StringComparison.OrdinalIgnoreCase);
        int radix = revisionIsHex ? 16 : 10;
        Span<uint> numbers = stackalloc uint[Sid.MaxSubAuthorities];
        ulong authority = 0;
        int count = -2;
        while (true)
        {
            SkipSpace(text, ref at);
            int used = SddlNumber.ReadDigits(text[at..], radix, out ulong number, out _, out _);
            at += used;
            if (used == 0 || count == numbers.Length || (count == -2 && number != 1) || (count == -1 && number > 0xFFFF_FFFF_FFFF))
            {
                throw SddlError.At(text, start, $"invalid SID '{text[start..Math.Min(text.Length, at + 1)]}'");
            }

            if (count == -1)
            {
                authority = number;
            }
            else if (count >= 0)
            {
                numbers[count] = (uint)Math.Min(number, uint.MaxValue);
            }

            count++;
            if (at >= text.Length || text[at] != '-')
            {
                break;
            }

            at++;
        }

        return count >= 0
            ? Sid.Create((long)authority, numbers[..count])
            : throw SddlError.At(text, start, $"invalid SID '{text[start..at]}'");
    }

    private static void SkipSpace(ReadOnlySpan<char> text, ref int at)
    {
        while (at < text.Length && char.IsWhiteSpace(text[at]))
        {
            at++;
        }
    }
}
