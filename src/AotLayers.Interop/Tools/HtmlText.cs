using System.Globalization;
using System.Text;

namespace AotLayers.Interop;

/// <summary>
/// Text from a recording as text of a page: whatever it holds, it is neither markup nor does it steer how the page is read.
/// </summary>
internal static class HtmlText
{
    /// <summary>The text with what means something in HTML as references, and what cannot be seen as <c>\u202e</c>.</summary>
    public static string Escape(string text)
    {
        StringBuilder result = new(text.Length + 16);
        for (int i = 0; i < text.Length; i++)
        {
            char c = text[i];
            if (char.IsHighSurrogate(c) && i + 1 < text.Length && char.IsLowSurrogate(text[i + 1]))
            {
                result.Append(c).Append(text[++i]);
                continue;
            }

            _ = c switch
            {
                '&' => result.Append("&amp;"),
                '<' => result.Append("&lt;"),
                '>' => result.Append("&gt;"),
                '"' => result.Append("&quot;"),
                '\'' => result.Append("&#39;"),
                _ when IsUnfit(c) => result.Append("\\u").Append(((int)c).ToString("x4", CultureInfo.InvariantCulture)),
                _ => result.Append(c),
            };
        }

        return result.ToString();
    }

    // Controls, marks of direction, separators of lines, halves of pairs.
    private static bool IsUnfit(char c) => char.IsControl(c) || char.IsSurrogate(c)
        || c is '\u061C' or '\u200E' or '\u200F' or (>= '\u2028' and <= '\u202E') or (>= '\u2066' and <= '\u2069') or '\uFEFF';
}
