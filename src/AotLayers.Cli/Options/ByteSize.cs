using System.Globalization;
using AotLayers.App;

namespace AotLayers.Cli.Options;

/// <summary>
/// A size as people write it: <c>127GB</c>, <c>40g</c>, <c>1073741824</c>. Units are powers of 1024, as other container tools have them.
/// </summary>
internal static class ByteSize
{
    private const string Units = "KMGTP";

    /// <summary>Reads a size in bytes.</summary>
    /// <param name="text">Digits, and perhaps a unit: K, M, G, T or P, with B or iB behind it or not.</param>
    /// <param name="option">What to call it in the error.</param>
    /// <exception cref="UsageException">It is none, or 0.</exception>
    public static ulong Parse(string text, string option)
    {
        string number = text.EndsWith("iB", StringComparison.OrdinalIgnoreCase) ? text[..^2]
            : text.EndsWith('B') || text.EndsWith('b') ? text[..^1]
            : text;
        int shift = number.Length == 0 ? -1 : Units.IndexOf(char.ToUpperInvariant(number[^1]), StringComparison.Ordinal);
        return ulong.TryParse(shift < 0 ? number : number[..^1], NumberStyles.None, CultureInfo.InvariantCulture, out ulong value)
            && value > 0
            && value <= (ulong)long.MaxValue >> (10 * (shift + 1))
                ? value << (10 * (shift + 1))
                : throw new UsageException($"{option} does not understand '{text}': expected a size such as 40GB or 42949672960");
    }
}
