namespace AotLayers.Formats;

/// <summary>
/// Numbers as Windows' SDDL compiler reads them: a sign, then decimal, <c>0x</c> hexadecimal or octal with a leading zero. Access masks and
/// parts of a SID that do not fit become the largest number, and a minus wraps; both are what C's wcstoul does.
/// </summary>
internal static class SddlNumber
{
    /// <summary>Reads the digits at the front of a text: as many as belong to the number.</summary>
    /// <param name="text">Starts with the digits or with <c>0x</c>.</param>
    /// <param name="radix">10 or 16; 0 lets the prefix decide, octal included.</param>
    /// <param name="magnitude">The number, <see cref="ulong.MaxValue"/> when it does not fit.</param>
    /// <param name="usedRadix">8, 10 or 16.</param>
    /// <param name="fits">Whether it fits into 64 bits.</param>
    /// <returns>Number of characters taken; 0 when there is no digit.</returns>
    public static int ReadDigits(ReadOnlySpan<char> text, int radix, out ulong magnitude, out int usedRadix, out bool fits)
    {
        int at = 0;
        bool hexPrefix = text.Length > 2 && text[0] == '0' && text[1] is 'x' or 'X' && char.IsAsciiHexDigit(text[2]);
        usedRadix = radix;
        if (hexPrefix)
        {
            usedRadix = 16;
            at = 2;
        }
        else if (radix == 0)
        {
            usedRadix = text.Length > 1 && text[0] == '0' && char.IsAsciiDigit(text[1]) ? 8 : 10;
        }

        magnitude = 0;
        fits = true;
        int start = at;
        for (; at < text.Length; at++)
        {
            // "S-1-2-0x20D:": this D starts the next part.
            if (usedRadix == 16 && text[at] == 'D' && at + 1 < text.Length && text[at + 1] == ':')
            {
                break;
            }

            int digit = char.IsAsciiHexDigit(text[at]) ? HexValue(text[at]) : int.MaxValue;
            if (digit >= usedRadix)
            {
                break;
            }

            if (magnitude > (ulong.MaxValue - (ulong)digit) / (ulong)usedRadix)
            {
                fits = false;
            }

            magnitude = fits ? (magnitude * (ulong)usedRadix) + (ulong)digit : ulong.MaxValue;
        }

        return at == start ? 0 : at;
    }

    /// <summary>Reads a whole text as an access mask.</summary>
    public static bool TryReadMask(ReadOnlySpan<char> text, out uint mask)
    {
        mask = 0;
        bool negative = text.StartsWith('-');
        ReadOnlySpan<char> digits = negative || text.StartsWith('+') ? text[1..] : text;
        if (ReadDigits(digits, 0, out ulong magnitude, out _, out _) != digits.Length || digits.IsEmpty)
        {
            return false;
        }

        mask = (uint)Math.Min(magnitude, uint.MaxValue);
        mask = negative ? unchecked(0u - mask) : mask;
        return true;
    }

    private static int HexValue(char c) => c <= '9' ? c - '0' : (c | 0x20) - 'a' + 10;
}
