using System.Buffers.Text;
using System.Text;

namespace AotLayers.Formats;

/// <summary>
/// Times as PAX records spell them: seconds since 1970 in decimal, with up to nine digits of fraction
/// (docs/formats/file-time.md#pax-times).
/// </summary>
public static class PaxTime
{
    /// <summary>Most bytes that <see cref="Format"/> writes.</summary>
    public const int MaxLength = 32;

    private const long NanosecondsPerSecond = 1_000_000_000;

    /// <summary>Writes a time.</summary>
    /// <param name="nanoseconds">Nanoseconds since 1970-01-01 UTC.</param>
    /// <param name="destination">At least <see cref="MaxLength"/> bytes.</param>
    /// <returns>Number of bytes written.</returns>
    public static int Format(long nanoseconds, Span<byte> destination)
    {
        (long seconds, long fraction) = Split(nanoseconds);
        int length = 0;
        if (fraction == 0)
        {
            Utf8Formatter.TryFormat(seconds, destination, out length);
            return length;
        }

        if (seconds < 0)
        {
            // Floor seconds plus a positive fraction become a sign and a magnitude.
            destination[length++] = (byte)'-';
            seconds = -(seconds + 1);
            fraction = NanosecondsPerSecond - fraction;
        }

        Utf8Formatter.TryFormat(seconds, destination[length..], out int written);
        length += written;
        destination[length++] = (byte)'.';
        for (int i = 8; i >= 0; i--)
        {
            destination[length + i] = (byte)('0' + (fraction % 10));
            fraction /= 10;
        }

        length += 9;
        while (destination[length - 1] == '0')
        {
            length--;
        }

        return length;
    }

    /// <summary>A time as text.</summary>
    /// <param name="nanoseconds">Nanoseconds since 1970-01-01 UTC.</param>
    public static string ToText(long nanoseconds)
    {
        Span<byte> buffer = stackalloc byte[MaxLength];
        return Encoding.ASCII.GetString(buffer[..Format(nanoseconds, buffer)]);
    }

    /// <summary>
    /// Reads <c>[-]digits[.digits]</c>. More than nine digits of fraction are cut. Seconds beyond the range of nanoseconds wrap.
    /// </summary>
    /// <param name="text">ASCII text.</param>
    /// <param name="nanoseconds">Nanoseconds since 1970-01-01 UTC.</param>
    /// <returns>Whether the text is a time.</returns>
    public static bool TryParse(ReadOnlySpan<byte> text, out long nanoseconds)
    {
        nanoseconds = 0;
        int dot = text.IndexOf((byte)'.');
        ReadOnlySpan<byte> whole = dot < 0 ? text : text[..dot];
        if (whole.IsEmpty || whole[0] == '+' || !Utf8Parser.TryParse(whole, out long seconds, out int used) || used != whole.Length)
        {
            return false;
        }

        long fraction = 0;
        int digits = 0;
        if (dot >= 0)
        {
            foreach (byte c in text[(dot + 1)..])
            {
                if (!char.IsAsciiDigit((char)c))
                {
                    return false;
                }

                if (digits < 9)
                {
                    fraction = (fraction * 10) + (c - '0');
                    digits++;
                }
            }
        }

        for (; digits < 9; digits++)
        {
            fraction *= 10;
        }

        nanoseconds = unchecked((seconds * NanosecondsPerSecond) + (whole[0] == '-' ? -fraction : fraction));
        return true;
    }

    /// <summary>Whole seconds (rounded down) and the nanoseconds that remain.</summary>
    internal static (long Seconds, long Fraction) Split(long nanoseconds)
    {
        (long seconds, long fraction) = Math.DivRem(nanoseconds, NanosecondsPerSecond);
        return fraction < 0 ? (seconds - 1, fraction + NanosecondsPerSecond) : (seconds, fraction);
    }
}
