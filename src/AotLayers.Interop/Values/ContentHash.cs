using System.Buffers.Binary;

namespace AotLayers.Interop;

/// <summary>A SHA-256 as a dictionary key that needs no allocation.</summary>
internal readonly record struct ContentHash(ulong A, ulong B, ulong C, ulong D)
{
    public ContentHash(ReadOnlySpan<byte> hash)
        : this(
            BinaryPrimitives.ReadUInt64BigEndian(hash),
            BinaryPrimitives.ReadUInt64BigEndian(hash[8..]),
            BinaryPrimitives.ReadUInt64BigEndian(hash[16..]),
            BinaryPrimitives.ReadUInt64BigEndian(hash[24..]))
    {
    }
}
