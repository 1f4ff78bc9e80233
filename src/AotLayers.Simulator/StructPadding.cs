using System.Runtime.InteropServices;

namespace AotLayers.Simulator;

/// <summary>
/// What is behind the last field of a struct: a recorder keeps every byte that a callee leaves, and a copy of a struct may bring along
/// whatever was in memory there.
/// </summary>
internal static class StructPadding
{
    /// <summary>Zeroes the bytes behind the fields.</summary>
    /// <param name="value">The struct.</param>
    /// <param name="fields">Bytes of all fields.</param>
    public static void Clear<T>(ref T value, int fields)
        where T : unmanaged => MemoryMarshal.AsBytes(new Span<T>(ref value))[fields..].Clear();
}
