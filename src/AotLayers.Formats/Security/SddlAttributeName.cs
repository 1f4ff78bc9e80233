using System.Globalization;
using System.Text;

namespace AotLayers.Formats;

/// <summary>
/// Names of attributes in SDDL: what would end a name is spelled <c>%</c> and four hexadecimal digits ([MS-DTYP] 2.5.1.1).
/// </summary>
internal static class SddlAttributeName
{
    private const string MustBeEscaped = "!\"%&()<=>|";
    private const string MayNotBeEscaped = "#$'*+-;?@[\\]^_`{}~:/.";

    /// <summary>Reads the name at the front of a text.</summary>
    /// <exception cref="LayerFormatException">There is none, or an escape is malformed or of a character that has to stand for
    /// itself.</exception>
    public static string Read(ReadOnlySpan<char> text, ref int at)
    {
        var name = new StringBuilder();
        while (at < text.Length && (text[at] == '%' || (!MustBeEscaped.Contains(text[at]) && !char.IsWhiteSpace(text[at]))))
        {
            if (text[at] != '%')
            {
                name.Append(text[at++]);
                continue;
            }

            if (at + 5 > text.Length
                || !ushort.TryParse(text.Slice(at + 1, 4), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out ushort unit)
                || unit == 0
                || char.IsAsciiLetterOrDigit((char)unit)
                || MayNotBeEscaped.Contains((char)unit))
            {
                throw SddlError.At(text, at, "invalid escape in the name of an attribute");
            }

            name.Append((char)unit);
            at += 5;
        }

        return name.Length > 0 ? name.ToString() : throw SddlError.At(text, at, "name of an attribute expected");
    }

    /// <summary>Appends a name.</summary>
    public static void Append(StringBuilder text, string name)
    {
        foreach (char c in name)
        {
            if (c is <= ' ' or > '~' || MustBeEscaped.Contains(c))
            {
                text.Append(CultureInfo.InvariantCulture, $"%{(int)c:x4}");
            }
            else
            {
                text.Append(c);
            }
        }
    }
}
