namespace AotLayers.Formats;

/// <summary>
/// PAX records of our own. Other programs ignore them; they keep what a layer tar has no place for. A tar without them is what hcsshim
/// writes.
/// </summary>
internal static class LosslessKeys
{
    /// <summary>Base64 of how the entry's backup stream was made: see <see cref="LosslessStream"/>.</summary>
    public static ReadOnlySpan<byte> Stream => "AOTLAYERS.stream"u8;

    /// <summary>Base64 of a reparse buffer whose tag has no tar form.</summary>
    public static ReadOnlySpan<byte> Reparse => "AOTLAYERS.reparse"u8;

    /// <summary>
    /// Creation, access, write and change time as FILETIME in decimal, with commas, where PAX times cannot tell them (outside of 1677 ..
    /// 2262).
    /// </summary>
    public static ReadOnlySpan<byte> Times => "AOTLAYERS.times"u8;
}
