using System.Buffers.Binary;
using AotLayers.Formats;
using CsCheck;
using Xunit;

namespace AotLayers.Replay.Tests.Formats;

/// <summary>Hives of layers: what is one, and what is only named like one.</summary>
public class RegistryHiveTests
{
    [Fact]
    public void The_smallest_hive_of_a_layer()
    {
        byte[] hive = Hive();
        RegistryHiveInfo info = RegistryHive.Check(new MemoryStream(hive));
        Assert.Equal((1u, 5u, 4096u, 0u), (info.MajorVersion, info.MinorVersion, info.BinsSize, info.Flags));
        Assert.Equal(("SYSTEM", 131000000012345678), (info.FileName, info.LastWritten));
        Assert.False(info.IsDirty);
        Assert.False(info.IsDelta);
    }

    [Fact]
    public void A_delta_of_a_container()
    {
        RegistryHiveInfo info = RegistryHive.Check(new MemoryStream(Hive(hive => { hive[24] = 6; hive[144] = 2; hive[8] = 9; })));
        Assert.Equal((6u, 2u, true, true), (info.MinorVersion, info.Flags, info.IsDelta, info.IsDirty));
    }

    [Fact]
    public void Several_bins()
    {
        byte[] hive =
            [.. Hive(h => BinaryPrimitives.WriteUInt32LittleEndian(h.AsSpan(40), 3 * 4096)), .. Bin(4096, 8192), .. new byte[4096]];
        Assert.Equal(3u * 4096, RegistryHive.Check(new MemoryStream(hive)).BinsSize);
        Assert.Contains("is cut: 8192 of 12288", Refuse(hive[..^4096]), StringComparison.Ordinal);
        hive[8192 + 4]++;
        Assert.Contains("malformed hive bin", Refuse(hive), StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_no_hive()
    {
        Assert.Contains("less than its base block", Refuse(new byte[100]), StringComparison.Ordinal);
        Assert.Contains("no 'regf'", Refuse(new byte[8192]), StringComparison.Ordinal);
        byte[] damaged = Hive();
        damaged[100]++;
        Assert.Contains("checksum", Refuse(damaged), StringComparison.Ordinal);
        Assert.Contains("version 1.7", Refuse(Hive(h => h[24] = 7)), StringComparison.Ordinal);
        Assert.Contains("is a log", Refuse(Hive(h => h[28] = 6)), StringComparison.Ordinal);
        Assert.Contains("hive bins of 4097", Refuse(Hive(h => h[40] = 1)), StringComparison.Ordinal);
        Assert.Contains(
            "root at 4096",
            Refuse(Hive(h => BinaryPrimitives.WriteUInt32LittleEndian(h.AsSpan(36), 4096))),
            StringComparison.Ordinal);
        Assert.Contains("is cut", Refuse(Hive()[..5000]), StringComparison.Ordinal);
    }

    [Fact]
    public void A_checksum_is_never_zero_or_all_ones()
    {
        Assert.Equal(1u, RegistryHive.ComputeChecksum(new byte[508]));
        byte[] ones = new byte[508];
        ones.AsSpan(0, 4).Fill(0xFF);
        Assert.Equal(0xFFFFFFFE, RegistryHive.ComputeChecksum(ones));
    }

    [Fact]
    public void Any_damage_is_read_or_refused()
    {
        byte[] hive = Hive();
        Gen.Select(Gen.Int[0, hive.Length - 1], Gen.Byte).Array[1, 3].Sample(changes => FormatSamples.OnlyFormatErrors(() =>
        {
            byte[] copy = [.. hive];
            foreach ((int at, byte value) in changes)
            {
                copy[at] = value;
            }

            BinaryPrimitives.WriteUInt32LittleEndian(copy.AsSpan(508), RegistryHive.ComputeChecksum(copy));
            RegistryHive.Check(new MemoryStream(copy));
        }));
    }

    private static string Refuse(byte[] hive) =>
        Assert.Throws<LayerFormatException>(() => RegistryHive.Check(new MemoryStream(hive))).Message;

    internal static byte[] Hive(Action<byte[]>? change = null)
    {
        byte[] block = new byte[4096];
        "regf"u8.CopyTo(block);
        block[4] = block[8] = 7;
        BinaryPrimitives.WriteInt64LittleEndian(block.AsSpan(12), 131000000012345678);
        block[20] = 1;
        block[24] = 5;
        block[32] = 1;
        block[36] = 32;
        BinaryPrimitives.WriteUInt32LittleEndian(block.AsSpan(40), 4096);
        block[44] = 1;
        System.Text.Encoding.Unicode.GetBytes("SYSTEM").CopyTo(block, 48);
        change?.Invoke(block);
        uint sum = 0;
        for (int i = 0; i < 508; i += 4)
        {
            sum ^= BitConverter.ToUInt32(block, i);
        }

        BinaryPrimitives.WriteUInt32LittleEndian(block.AsSpan(508), sum);
        return [.. block, .. Bin(0, 4096)];
    }

    private static byte[] Bin(uint offset, uint size)
    {
        byte[] bin = new byte[4096];
        "hbin"u8.CopyTo(bin);
        BinaryPrimitives.WriteUInt32LittleEndian(bin.AsSpan(4), offset);
        BinaryPrimitives.WriteUInt32LittleEndian(bin.AsSpan(8), size);
        return bin;
    }
}
