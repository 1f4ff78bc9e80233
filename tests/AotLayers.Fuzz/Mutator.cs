using System.Buffers.Binary;

namespace AotLayers.Fuzz;

/// <summary>Changes valid inputs in the ways that break parsers: bits, lengths, cuts, repeats and splices.</summary>
internal sealed class Mutator(Random random)
{
    private static readonly long[] s_interesting =
        [0, 1, -1, 7, 8, 0x7F, 0x80, 0xFF, 0x7FFF, 0x8000, 0xFFFF, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFF, long.MaxValue, long.MinValue];

    public byte[] Mutate(byte[] seed, byte[] other)
    {
        byte[] data = (byte[])seed.Clone();
        int rounds = 1 + random.Next(6);
        for (int i = 0; i < rounds; i++)
        {
            data = Once(data, other);
        }

        return data;
    }

    private byte[] Once(byte[] data, byte[] other)
    {
        if (data.Length == 0)
        {
            return [(byte)random.Next(256)];
        }

        int at = random.Next(data.Length);
        switch (random.Next(7))
        {
            case 0:
                data[at] ^= (byte)(1 << random.Next(8));
                return data;
            case 1:
                data[at] = (byte)random.Next(256);
                return data;
            case 2:
                return data[..at];
            case 3:
                int length = random.Next(1, Math.Min(600, data.Length - at) + 1);
                return [.. data.AsSpan(0, at), .. data.AsSpan(at, length), .. data.AsSpan(at)];
            case 4:
                int from = random.Next(other.Length + 1);
                return [.. data.AsSpan(0, at), .. other.AsSpan(from, Math.Min(64, other.Length - from)), .. data.AsSpan(at)];
            case 5:
                WriteInteresting(data.AsSpan(at));
                return data;
            default:
                int removed = random.Next(1, Math.Min(64, data.Length - at) + 1);
                return [.. data.AsSpan(0, at), .. data.AsSpan(at + removed)];
        }
    }

    private void WriteInteresting(Span<byte> target)
    {
        Span<byte> value = stackalloc byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(value, s_interesting[random.Next(s_interesting.Length)]);
        int width = Math.Min(1 << random.Next(4), target.Length);
        value[..width].CopyTo(target);
    }
}
