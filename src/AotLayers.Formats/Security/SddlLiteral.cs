using System.Globalization;
using System.Text;

namespace AotLayers.Formats;

/// <summary>Literals of conditions and resource attributes: integers, quoted texts, octets.</summary>
internal static class SddlLiteral
{
    /// <summary>
    /// Reads an integer. Without a sign up to 64 bits are taken, as Windows takes 0xffffffffffffffff; with one it has to fit signed.
    /// </summary>
    public static long ReadInteger(ReadOnlySpan<char> text, ref int at, out byte sign, out byte radix)
    {
        int start = at;
        sign = at < text.Length && text[at] == '-' ? ConditionToken.SignMinus
            : at < text.Length && text[at] == '+' ? ConditionToken.SignPlus
            : ConditionToken.SignNone;
        at += sign == ConditionToken.SignNone ? 0 : 1;
        int used = SddlNumber.ReadDigits(text[at..], 0, out ulong magnitude, out int usedRadix, out bool fits);
        at += used;
        ulong most = sign switch
        {
            ConditionToken.SignMinus => 1UL << 63,
            ConditionToken.SignPlus => long.MaxValue,
            _ => ulong.MaxValue,
        };
        if (used == 0 || (at < text.Length && ConditionToken.IsWordCharacter(text[at])))
        {
            throw SddlError.At(text, start, "value expected");
        }

        if (!fits || magnitude > most)
        {
            throw SddlError.At(text, start, "integer does not fit into 64 bits");
        }

        radix = usedRadix switch { 8 => ConditionToken.Octal, 10 => ConditionToken.Decimal, _ => ConditionToken.Hexadecimal };
        return unchecked(sign == ConditionToken.SignMinus ? -(long)magnitude : (long)magnitude);
    }

    /// <summary>Writes an integer as it was spelled.</summary>
    /// <returns>False when sign and value contradict each other.</returns>
    public static bool TryAppendInteger(StringBuilder text, long value, byte sign, byte radix)
    {
        ulong magnitude = unchecked((ulong)value);
        if (sign == ConditionToken.SignMinus || (sign == ConditionToken.SignNone && radix == ConditionToken.Decimal && value < 0))
        {
            text.Append('-');
            magnitude = unchecked(0UL - magnitude);
        }
        else if (sign == ConditionToken.SignPlus)
        {
            text.Append('+');
        }

        switch (radix)
        {
            case ConditionToken.Octal:
                text.Append('0').Append(magnitude == 0 ? "0" : ToOctal(magnitude));
                break;
            case ConditionToken.Decimal:
                text.Append(magnitude.ToString(CultureInfo.InvariantCulture));
                break;
            case ConditionToken.Hexadecimal:
                text.Append(CultureInfo.InvariantCulture, $"0x{magnitude:x}");
                break;
            default:
                return false;
        }

        return sign switch
        {
            ConditionToken.SignMinus => value <= 0,
            ConditionToken.SignPlus => value >= 0,
            _ => sign == ConditionToken.SignNone,
        };
    }

    /// <summary>Reads a text between quotes. SDDL has no way to put a quote into it.</summary>
    public static ReadOnlySpan<char> ReadText(ReadOnlySpan<char> text, ref int at)
    {
        if (at >= text.Length || text[at] != '"')
        {
            throw SddlError.At(text, at, "'\"' expected");
        }

        int length = text[(at + 1)..].IndexOf('"');
        if (length < 0)
        {
            throw SddlError.At(text, at, "text without closing quote");
        }

        ReadOnlySpan<char> content = text.Slice(at + 1, length);
        at += length + 2;
        return content;
    }

    /// <summary>Reads octets: hexadecimal digits, where <c>#</c> counts as 0, and an odd number of them has a 0 before it.</summary>
    public static byte[] ReadOctets(ReadOnlySpan<char> text, ref int at)
    {
        int start = at;
        while (at < text.Length && (text[at] == '#' || char.IsAsciiHexDigit(text[at])))
        {
            at++;
        }

        int digits = at - start;
        byte[] octets = new byte[(digits + 1) / 2];
        for (int i = 0; i < digits; i++)
        {
            char c = text[at - 1 - i];
            int value = c == '#' ? 0 : char.IsAsciiDigit(c) ? c - '0' : (c | 0x20) - 'a' + 10;
            octets[octets.Length - 1 - (i / 2)] |= (byte)(value << (4 * (i % 2)));
        }

        return octets;
    }

    private static string ToOctal(ulong value)
    {
        Span<char> digits = stackalloc char[22];
        int at = digits.Length;
        for (; value > 0; value >>= 3)
        {
            digits[--at] = (char)('0' + (int)(value & 7));
        }

        return new string(digits[at..]);
    }
}
