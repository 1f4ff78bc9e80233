using System.Globalization;
using AotLayers.App;

namespace AotLayers.Cli.Options;

/// <summary>Which calls of a recording, by number; both ends included.</summary>
/// <param name="First">The first.</param>
/// <param name="Last">The last.</param>
internal readonly record struct CallRange(long First, long Last)
{
    /// <summary>Reads <c>7</c>, <c>7-12</c>, <c>7-</c> or <c>-12</c>; null means all.</summary>
    /// <exception cref="UsageException">It is none of these.</exception>
    public static CallRange Parse(string? text)
    {
        if (text is null)
        {
            return new CallRange(0, long.MaxValue);
        }

        int dash = text.IndexOf('-', StringComparison.Ordinal);
        ReadOnlySpan<char> first = dash < 0 ? text : text.AsSpan(0, dash);
        ReadOnlySpan<char> last = dash < 0 ? text : text.AsSpan(dash + 1);
        return TryParse(first, 0, out long from)
            && TryParse(last, long.MaxValue, out long to)
            && (first.Length > 0 || last.Length > 0)
            && from <= to
            ? new CallRange(from, to)
            : throw new UsageException($"--calls does not understand '{text}': expected a number or a range such as 7-12, 7- or -12");
    }

    /// <summary>Whether a number is in the range.</summary>
    public bool Contains(long seq) => seq >= First && seq <= Last;

    private static bool TryParse(ReadOnlySpan<char> text, long open, out long value)
    {
        value = open;
        return text.Length == 0 || long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out value);
    }
}
