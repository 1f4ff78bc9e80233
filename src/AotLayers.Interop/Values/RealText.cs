using System.Globalization;

namespace AotLayers.Interop;

/// <summary>
/// How recordings write the floating point numbers that JSON has no number for: <c>Infinity</c>, <c>-Infinity</c>, <c>NaN</c>, and a NaN
/// with other bits than that one as <c>NaN:7ff8dead00000001</c>.
/// </summary>
internal static class RealText
{
    private const string Payload = "NaN:";

    /// <summary>The text of a number that is not finite.</summary>
    public static string Of(double value) => double.IsNaN(value)
        && BitConverter.DoubleToUInt64Bits(value) is var bits && bits != BitConverter.DoubleToUInt64Bits(double.NaN)
            ? Payload + bits.ToString("x16", CultureInfo.InvariantCulture)
            : value.ToString("R", CultureInfo.InvariantCulture);

    /// <summary>Reads what <see cref="Of"/> gave.</summary>
    public static bool TryParse(string? text, out double value)
    {
        if (text is null || !text.StartsWith(Payload, StringComparison.Ordinal))
        {
            return double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out value);
        }

        ReadOnlySpan<char> digits = text.AsSpan(Payload.Length);
        bool isHex = ulong.TryParse(digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out ulong bits);
        value = BitConverter.UInt64BitsToDouble(bits);
        return isHex && double.IsNaN(value);
    }
}
