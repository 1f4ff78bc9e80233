using System.Buffers;
using System.Buffers.Binary;
using System.Security.Cryptography;

namespace AotLayers.Interop;

/// <summary>A SHA-256 as a dictionary key that needs no allocation.</summary>
internal readonly record struct ContentHash(ulong A, ulong B, ulong C, ulong D)
{
    private static readonly SearchValues<byte> s_hexDigits = SearchValues.Create("0123456789abcdef"u8);

    public ContentHash(ReadOnlySpan<byte> hash)
        : this(
            BinaryPrimitives.ReadUInt64BigEndian(hash),
            BinaryPrimitives.ReadUInt64BigEndian(hash[8..]),
            BinaryPrimitives.ReadUInt64BigEndian(hash[16..]),
            BinaryPrimitives.ReadUInt64BigEndian(hash[24..]))
    {
    }

    /// <summary>Reads 64 lower-case hexadecimal digits.</summary>
    public static bool TryParse(ReadOnlySpan<byte> digits, out ContentHash hash)
    {
        Span<byte> bytes = stackalloc byte[SHA256.HashSizeInBytes];
        if (digits.Length != 2 * bytes.Length
            || digits.ContainsAnyExcept(s_hexDigits)
            || Convert.FromHexString(digits, bytes, out _, out _) != OperationStatus.Done)
        {
            hash = default;
            return false;
        }

        hash = new ContentHash(bytes);
        return true;
    }
}
