namespace AotLayers.Native;

/// <summary>Version of the interface that the header describes.</summary>
[CConstants("Version of this interface")]
public static class AbiVersion
{
    /// <summary>
    /// Compare with aotl_abi_version() at start. A library of the same version, or a later one, serves this header: within the life of
    /// the library functions are added, structs grow at their end and constants are added, each time with the next version; nothing is
    /// changed or removed.
    /// </summary>
    [CName("AOTL_ABI_VERSION")]
    public const int Current = 2;
}
