using System.Buffers;
using System.Text;

namespace AotLayers.Formats;

/// <summary>
/// WTF-8: UTF-8 that also carries lone UTF-16 surrogates, as three bytes each. Windows file names are arbitrary 16-bit units;
/// Go writes them this way since 1.21 (docs/formats/names.md#utf-16-and-wtf-8). Well-formed text is plain UTF-8.
/// </summary>
public static class Wtf8
{
    /// <summary>Number of bytes that <see cref="GetBytes(ReadOnlySpan{char}, Span{byte})"/> writes.</summary>
    public static int GetByteCount(ReadOnlySpan<char> text)
    {
        int count = text.Length;
        for (int i = 0; i < text.Length; i++)
        {
            char c = text[i];
            if (c < 0x80)
            {
                continue;
            }

            if (c < 0x800)
            {
                count++;
            }
            else
            {
                // A pair is two units and four bytes, everything else here one unit and three bytes.
                count += 2;
                if (IsPair(text, i))
                {
                    i++;
                }
            }
        }

        return count;
    }

    /// <summary>Encodes text.</summary>
    /// <param name="text">UTF-16, possibly with lone surrogates.</param>
    /// <param name="destination">Room for <see cref="GetByteCount"/> bytes.</param>
    /// <returns>Number of bytes written.</returns>
    public static int GetBytes(ReadOnlySpan<char> text, Span<byte> destination)
    {
        if (Ascii.FromUtf16(text, destination, out int ascii) == OperationStatus.Done)
        {
            return ascii;
        }

        int at = 0;
        for (int i = 0; i < text.Length; i++)
        {
            uint c = text[i];
            if (c < 0x80)
            {
                destination[at++] = (byte)c;
            }
            else if (c < 0x800)
            {
                destination[at++] = (byte)(0xC0 | (c >> 6));
                destination[at++] = (byte)(0x80 | (c & 0x3F));
            }
            else if (IsPair(text, i))
            {
                uint rune = 0x10000 + ((c - 0xD800) << 10) + (text[++i] - 0xDC00u);
                destination[at++] = (byte)(0xF0 | (rune >> 18));
                destination[at++] = (byte)(0x80 | ((rune >> 12) & 0x3F));
                destination[at++] = (byte)(0x80 | ((rune >> 6) & 0x3F));
                destination[at++] = (byte)(0x80 | (rune & 0x3F));
            }
            else
            {
                destination[at++] = (byte)(0xE0 | (c >> 12));
                destination[at++] = (byte)(0x80 | ((c >> 6) & 0x3F));
                destination[at++] = (byte)(0x80 | (c & 0x3F));
            }
        }

        return at;
    }

    /// <summary>Encodes text into a new array.</summary>
    public static byte[] GetBytes(ReadOnlySpan<char> text)
    {
        byte[] bytes = new byte[GetByteCount(text)];
        GetBytes(text, bytes);
        return bytes;
    }

    /// <summary>Decodes bytes. Each byte that belongs to no sequence becomes U+FFFD, encoded surrogates become the surrogate.</summary>
    public static string GetString(ReadOnlySpan<byte> bytes)
    {
        if (Ascii.IsValid(bytes))
        {
            return Encoding.ASCII.GetString(bytes);
        }

        char[] rented = ArrayPool<char>.Shared.Rent(bytes.Length);
        int at = 0;
        for (int i = 0; i < bytes.Length;)
        {
            int used = DecodeOne(bytes[i..], out uint rune);
            i += used;
            if (rune >= 0x10000)
            {
                rented[at++] = (char)(0xD800 + ((rune - 0x10000) >> 10));
                rented[at++] = (char)(0xDC00 + ((rune - 0x10000) & 0x3FF));
            }
            else
            {
                rented[at++] = (char)rune;
            }
        }

        string text = new(rented, 0, at);
        ArrayPool<char>.Shared.Return(rented);
        return text;
    }

    /// <summary>Puts U+FFFD in the place of each lone surrogate, as Go's utf16.Decode does.</summary>
    /// <param name="text">UTF-16 text.</param>
    /// <returns>The same object where there is none.</returns>
    public static string ReplaceLoneSurrogates(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        char[]? copy = null;
        for (int i = 0; i < text.Length; i++)
        {
            if (IsPair(text, i))
            {
                i++;
            }
            else if (char.IsSurrogate(text[i]))
            {
                copy ??= text.ToCharArray();
                copy[i] = '\uFFFD';
            }
        }

        return copy is null ? text : new string(copy);
    }

    /// <summary>Takes one code point (or lone surrogate) off the front; an invalid byte is U+FFFD of length one.</summary>
    private static int DecodeOne(ReadOnlySpan<byte> bytes, out uint rune)
    {
        uint first = bytes[0];
        (int length, uint smallest) = first switch
        {
            < 0x80 => (1, 0u),
            >= 0xC2 and < 0xE0 => (2, 0x80u),
            >= 0xE0 and < 0xF0 => (3, 0x800u),
            >= 0xF0 and < 0xF5 => (4, 0x10000u),
            _ => (0, 0u),
        };
        rune = 0xFFFD;
        if (length == 0 || length > bytes.Length)
        {
            return 1;
        }

        if (length == 1)
        {
            rune = first;
            return 1;
        }

        uint value = first & (0x7Fu >> length);
        for (int i = 1; i < length; i++)
        {
            if ((bytes[i] & 0xC0) != 0x80)
            {
                return 1;
            }

            value = (value << 6) | (bytes[i] & 0x3Fu);
        }

        if (value < smallest || value > 0x10FFFF)
        {
            return 1;
        }

        rune = value;
        return length;
    }

    private static bool IsPair(ReadOnlySpan<char> text, int index) =>
        char.IsHighSurrogate(text[index]) && index + 1 < text.Length && char.IsLowSurrogate(text[index + 1]);
}
