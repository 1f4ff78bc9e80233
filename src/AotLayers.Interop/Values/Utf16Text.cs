using System.Globalization;

namespace AotLayers.Interop;

/// <summary>
/// Text that JSON cannot carry: UTF-16 with lone surrogates is kept as <c>{"$u16":"hex"}</c>, four lower-case digits per unit.
/// </summary>
internal static class Utf16Text
{
    /// <summary>Tells whether every surrogate has its partner.</summary>
    public static bool IsWellFormed(ReadOnlySpan<char> text)
    {
        int first = text.IndexOfAnyInRange('\uD800', '\uDFFF');
        if (first < 0)
        {
            return true;
        }

        for (int i = first; i < text.Length; i++)
        {
            if (!char.IsSurrogate(text[i]))
            {
                continue;
            }

            if (i + 1 >= text.Length || !char.IsSurrogatePair(text[i], text[i + 1]))
            {
                return false;
            }

            i++;
        }

        return true;
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
