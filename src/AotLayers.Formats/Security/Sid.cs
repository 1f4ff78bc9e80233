using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;

namespace AotLayers.Formats;

/// <summary>A Windows security identifier: an authority and up to 15 numbers.</summary>
public sealed class Sid : IEquatable<Sid>
{
    /// <summary>Most numbers after the authority.</summary>
    public const int MaxSubAuthorities = 15;

    private readonly byte[] _bytes;

    private Sid(byte[] bytes)
    {
        _bytes = bytes;
    }

    /// <summary>The binary form: revision, count, 48-bit big-endian authority, 32-bit little-endian numbers.</summary>
    public ReadOnlySpan<byte> Bytes => _bytes;

    /// <summary>How many numbers follow the authority.</summary>
    public int SubAuthorityCount => _bytes[1];

    /// <summary>48-bit authority, for example 5 for NT AUTHORITY.</summary>
    public long Authority => BinaryPrimitives.ReadInt64BigEndian(_bytes) & 0xFFFF_FFFF_FFFF;

    /// <summary>One of the numbers after the authority.</summary>
    /// <param name="index">0 .. <see cref="SubAuthorityCount"/> - 1.</param>
    public uint SubAuthority(int index)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, SubAuthorityCount);
        return BinaryPrimitives.ReadUInt32LittleEndian(_bytes.AsSpan(8 + (4 * index)));
    }

    /// <summary>The SID with one more number, as accounts of a domain have it.</summary>
    /// <param name="relative">The number.</param>
    public Sid Append(uint relative)
    {
        ArgumentOutOfRangeException.ThrowIfEqual(SubAuthorityCount, MaxSubAuthorities);
        byte[] bytes = [.. _bytes, 0, 0, 0, 0];
        bytes[1]++;
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(_bytes.Length), relative);
        return new Sid(bytes);
    }

    /// <summary>Reads the SID at the front of some bytes.</summary>
    /// <param name="bytes">Bytes; what follows the SID is ignored.</param>
    /// <param name="sid">The SID, when the result is true.</param>
    /// <returns>False when the bytes are cut or no SID.</returns>
    public static bool TryRead(ReadOnlySpan<byte> bytes, [NotNullWhen(true)] out Sid? sid)
    {
        sid = null;
        if (bytes.Length < 8 || bytes[0] != 1 || bytes[1] > MaxSubAuthorities || bytes.Length < 8 + (4 * bytes[1]))
        {
            return false;
        }

        sid = new Sid(bytes[..(8 + (4 * bytes[1]))].ToArray());
        return true;
    }

    /// <summary>Builds a SID.</summary>
    /// <param name="authority">48-bit authority, for example 5 for NT AUTHORITY.</param>
    /// <param name="subAuthorities">At most 15 numbers.</param>
    public static Sid Create(long authority, params ReadOnlySpan<uint> subAuthorities)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(subAuthorities.Length, MaxSubAuthorities);
        ArgumentOutOfRangeException.ThrowIfNegative(authority);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(authority, 0xFFFF_FFFF_FFFF);
        byte[] bytes = new byte[8 + (4 * subAuthorities.Length)];
        BinaryPrimitives.WriteInt64BigEndian(bytes, authority);
        bytes[0] = 1;
        bytes[1] = (byte)subAuthorities.Length;
        for (int i = 0; i < subAuthorities.Length; i++)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(8 + (4 * i)), subAuthorities[i]);
        }

        return new Sid(bytes);
    }

    /// <summary>Parses <c>S-1-5-32-544</c>; an authority may be hexadecimal.</summary>
    /// <param name="text">The text.</param>
    /// <param name="sid">The SID, when the result is true.</param>
    public static bool TryParse(ReadOnlySpan<char> text, [NotNullWhen(true)] out Sid? sid)
    {
        sid = null;
        if (!text.StartsWith("S-1-", StringComparison.OrdinalIgnoreCase))
        {
            return false;
        }

        long authority = -1;
        Span<uint> numbers = stackalloc uint[MaxSubAuthorities];
        int count = 0;
        ReadOnlySpan<char> rest = text[4..];
        foreach (Range range in rest.Split('-'))
        {
            ReadOnlySpan<char> part = rest[range];
            bool hex = part.StartsWith("0x", StringComparison.OrdinalIgnoreCase);
            NumberStyles style = hex ? NumberStyles.AllowHexSpecifier : NumberStyles.None;
            if (!long.TryParse(hex ? part[2..] : part, style, CultureInfo.InvariantCulture, out long number) || number < 0)
            {
                return false;
            }

            if (authority < 0)
            {
                authority = number;
            }
            else if (count == MaxSubAuthorities || number > uint.MaxValue)
            {
                return false;
            }
            else
            {
                numbers[count++] = (uint)number;
            }
        }

        if (authority is < 0 or > 0xFFFF_FFFF_FFFF)
        {
            return false;
        }

        sid = Create(authority, numbers[..count]);
        return true;
    }

    /// <summary>The text form <c>S-1-...</c>.</summary>
    public override string ToString()
    {
        var text = new StringBuilder("S-1-");
        text.Append(
            CultureInfo.InvariantCulture,
            $"{(Authority > uint.MaxValue ? $"0x{Authority:X}" : Authority.ToString(CultureInfo.InvariantCulture))}");
        for (int at = 8; at < _bytes.Length; at += 4)
        {
            text.Append('-').Append(BinaryPrimitives.ReadUInt32LittleEndian(_bytes.AsSpan(at)).ToString(CultureInfo.InvariantCulture));
        }

        return text.ToString();
    }

    /// <inheritdoc/>
    public bool Equals(Sid? other) => other is not null && _bytes.AsSpan().SequenceEqual(other._bytes);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as Sid);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        var hash = default(HashCode);
        hash.AddBytes(_bytes);
        return hash.ToHashCode();
    }
}
