using System.Globalization;

namespace AotLayers.Interop;

/// <summary>
/// Text that JSON cannot carry: UTF-16 with lone surrogates is kept as <c>{"$u16":"hex"}</c>, four lower-case digits per unit.
/// </summary>
public static class Utf16Text
{
    /// <summary>Tells whether every surrogate has its partner.</summary>
    public static bool IsWellFormed(ReadOnlySpan<char> text) => IndexOfLoneSurrogate(text) < 0;

    /// <summary>Index of the first surrogate that has no partner, or -1.</summary>
    public static int IndexOfLoneSurrogate(ReadOnlySpan<char> text)
    {
        int at = 0;
        while (true)
        {
            int next = text[at..].IndexOfAnyInRange('\uD800', '\uDFFF');
            if (next < 0)
            {
                return -1;
            }

            at += next;
            if (at + 1 == text.Length || !char.IsSurrogatePair(text[at], text[at + 1]))
            {
                return at;
            }

            at += 2;
        }
    }

    /// <summary>The units of a text as hexadecimal digits.</summary>
    public static string ToHex(ReadOnlySpan<char> text)
    {
        char[] digits = new char[text.Length * 4];
        for (int i = 0; i < text.Length; i++)
        {
            ((ushort)text[i]).TryFormat(digits.AsSpan(i * 4, 4), out _, "x4", CultureInfo.InvariantCulture);
        }

        return new string(digits);
    }

    /// <summary>The text of hexadecimal digits, or null when they are not whole units.</summary>
    public static string? FromHex(string hex)
    {
        if (hex.Length % 4 != 0)
        {
            return null;
        }

        char[] text = new char[hex.Length / 4];
        for (int i = 0; i < text.Length; i++)
        {
            if (!ushort.TryParse(hex.AsSpan(i * 4, 4), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out ushort unit))
            {
                return null;
            }

            text[i] = (char)unit;
        }

        return new string(text);
    }
}
