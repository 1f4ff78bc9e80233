namespace AotLayers.Formats;

/// <summary>Zeros to write from.</summary>
internal static class ZeroBlock
{
    /// <summary>64 KiB of zeros; never written to.</summary>
    public static readonly byte[] Bytes = new byte[64 * 1024];
}
