using System.Globalization;
using System.Text;

namespace AotLayers.App;

/// <summary>
/// The one place where text from outside (names in layers, fields of recordings, messages of the system) is made fit for a terminal or a
/// log: what a terminal would obey, what would forge a line and what would turn the order of letters is written as <c>\u001b</c>. JSON
/// needs none of it and stays exact.
/// </summary>
public static class TerminalText
{
    /// <summary>The text as it may be printed in one line. The same object when nothing has to be escaped.</summary>
    /// <param name="text">Any text; lone surrogates, which no terminal can show, are escaped too.</param>
    public static string Escape(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        StringBuilder? escaped = null;
        for (int i = 0; i < text.Length; i++)
        {
            char c = text[i];
            int length = char.IsHighSurrogate(c) && i + 1 < text.Length && char.IsLowSurrogate(text[i + 1]) ? 2 : 1;
            if (length == 1 && IsUnfit(c))
            {
                escaped ??= new StringBuilder(text, 0, i, text.Length + 16);
                escaped.Append("\\u").Append(((int)c).ToString("x4", CultureInfo.InvariantCulture));
            }
            else
            {
                escaped?.Append(text, i, length);
            }

            i += length - 1;
        }

        return escaped?.ToString() ?? text;
    }

    /// <summary>
    /// C0, DEL and C1; marks, embeddings, overrides and isolates of direction; separators of lines; the byte order mark; halves of pairs.
    /// </summary>
    private static bool IsUnfit(char c) => char.IsControl(c) || char.IsSurrogate(c)
        || c is '\u061C' or '\u200E' or '\u200F' or (>= '\u2028' and <= '\u202E') or (>= '\u2066' and <= '\u2069') or '\uFEFF';
}
