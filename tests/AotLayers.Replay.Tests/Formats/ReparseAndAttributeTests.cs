using System.Buffers.Binary;
using AotLayers.Formats;
using CsCheck;
using Xunit;
using static AotLayers.Replay.Tests.Formats.FormatSamples;

namespace AotLayers.Replay.Tests.Formats;

/// <summary>
/// docs/formats/reparse-points.md#buffers, docs/formats/extended-attributes.md#list. The hexadecimal buffers are those of the notes.
/// </summary>
public class ReparseAndAttributeTests
{
    private const string TwoAttributes = "1000000000030300666f6f0062617200 000000000004040066697a7a0062757a7a000000";

    [Theory]
    [InlineData(@"..\foo", false, "0c0000a02800000000000c000e000c00010000002e002e005c0066006f006f0000002e002e005c0066006f006f000000")]
    [InlineData(
        @"C:\Windows",
        false,
        "0c0000a04000000000001c001e001400000000005c003f003f005c0043003a005c00570069006e0064006f0077007300000043003a005c00570069006e0064006f00770073000000")]
    [InlineData(
        @"C:\Users",
        true,
        "030000a034000000000018001a0010005c003f003f005c0043003a005c0055007300650072007300000043003a005c00550073006500720073000000")]
    [InlineData(@"\foo", false, "0c0000a020000000000008000a000800010000005c0066006f006f0000005c0066006f006f000000")]
    public void Known_buffers(string target, bool mountPoint, string hex)
    {
        var point = ReparsePoint.FromTarget(target, mountPoint);
        Assert.Equal(Hex(hex), point.Encode());
        var decoded = ReparsePoint.Decode(Hex(hex));
        Assert.Equal((target, mountPoint), (decoded.PrintName, decoded.IsMountPoint));
        Assert.Equal(point.SubstituteName, decoded.SubstituteName);
    }

    [Theory]
    [InlineData(@"\\?\C:\x", @"\??\C:\x")]
    [InlineData(@"\\server\share", @"\??\UNC\server\share")]
    public void Substitute_names_of_long_and_network_paths(string target, string substitute) =>
        Assert.Equal(substitute, ReparsePoint.FromTarget(target, false).SubstituteName);

    [Theory]
    [InlineData(@"\??\C:\x", @"C:\x")]
    [InlineData(@"\??\UNC\server\share", @"\\server\share")]
    public void Empty_print_name_falls_back_to_the_substitute_name(string substitute, string target)
    {
        byte[] buffer = new ReparsePoint("", substitute, IsMountPoint: true, IsRelative: false).Encode();
        Assert.Equal(target, ReparsePoint.Decode(buffer).Target);
        Assert.Equal("", ReparsePoint.Decode(buffer).PrintName);
    }

    [Fact]
    public void Points_round_trip() =>
        Gen.Select(Gen.String[0, 50], Gen.String[0, 50], Gen.Bool, Gen.Bool).Sample((print, substitute, mount, relative) =>
    {
        var point = new ReparsePoint(print, substitute, mount, relative && !mount);
        return ReparsePoint.Decode(point.Encode()) == point;
    });

    [Fact]
    public void Any_bytes_decode_or_are_refused() => Gen.Select(
            Gen.OneOf(Gen.Const(ReparseTag.SymbolicLink), Gen.Const(ReparseTag.MountPoint), Gen.Const(ReparseTag.Wci)),
            Gen.Byte.Array[0, 40])
        .Sample((tag, bytes) => OnlyFormatErrors(() =>
        {
            byte[] buffer = [.. BitConverter.GetBytes(tag), .. BitConverter.GetBytes((ushort)Math.Max(
                0,
                bytes.Length - 3)), 0, 0, .. bytes];
            ReparsePoint.Decode(buffer);
            ReparsePoint.Decode(bytes);
        }));

    [Theory]
    [InlineData(0x80000018u, "WCI (0x80000018)")]
    [InlineData(0x9000701Au, "CLOUD (0x9000701a)")]
    [InlineData(0x12345678u, "unknown tag (0x12345678)")]
    public void Other_tags_are_named(uint tag, string name)
    {
        byte[] buffer = [.. BitConverter.GetBytes(tag), 0, 0, 0, 0];
        LayerFormatException error = Assert.Throws<LayerFormatException>(() => ReparsePoint.Decode(buffer));
        Assert.Equal($"unsupported reparse point {name}", error.Reason);
    }

    [Fact]
    public void Known_attribute_list()
    {
        byte[] bytes = Hex(TwoAttributes);
        foreach (int length in new[] { bytes.Length, bytes.Length - 3 })
        {
            IReadOnlyList<ExtendedAttribute> list = ExtendedAttributes.Decode(bytes.AsMemory(0, length));
            Assert.Equal(["foo", "fizz"], list.Select(a => a.NameText));
            Assert.Equal("buzz"u8.ToArray(), list[1].Value.ToArray());
            Assert.Equal(bytes, ExtendedAttributes.Encode(list));
        }

        Assert.Throws<LayerFormatException>(() => ExtendedAttributes.Decode(bytes.AsMemory(0, 20)));
        Assert.Empty(ExtendedAttributes.Decode(default));
        Assert.Empty(ExtendedAttributes.Encode([]));
    }

    [Fact]
    public void The_last_attribute_may_lead_to_the_end_of_the_list()
    {
        // NTFS volumes keep it so: the second entry at 0x80, and no zero at the end.
        byte[] first = new byte[0x80];
        BinaryPrimitives.WriteInt32LittleEndian(first, first.Length);
        first[5] = 15;
        first[6] = 0x65;
        "$CI.CATALOGHINT"u8.CopyTo(first.AsSpan(8));
        first.AsSpan(24, 0x65).Fill(7);
        byte[] second = new byte[8 + 23 + 0x60];
        BinaryPrimitives.WriteInt32LittleEndian(second, second.Length);
        second[5] = 22;
        second[6] = 0x60;
        "$KERNEL.PURGE.ESBCACHE"u8.CopyTo(second.AsSpan(8));
        byte[] bytes = [.. first, .. second];

        IReadOnlyList<ExtendedAttribute> list = ExtendedAttributes.Decode(bytes);

        Assert.Equal(["$CI.CATALOGHINT", "$KERNEL.PURGE.ESBCACHE"], list.Select(a => a.NameText));
        Assert.Equal([0x65, 0x60], list.Select(a => a.Value.Length));
        bytes[first.Length]++;
        Assert.Throws<LayerFormatException>(() => ExtendedAttributes.Decode(bytes));
        bytes[first.Length] = 0;
        bytes[first.Length + 1] = 0;
        Assert.Equal(2, ExtendedAttributes.Decode(bytes).Count);
    }

    [Fact]
    public void Attribute_bounds()
    {
        Assert.Equal(
            "extended attribute name too large",
            Assert.Throws<LayerFormatException>(() => ExtendedAttributes.Encode([new ExtendedAttribute(new byte[256], default)])).Reason);
        Assert.Equal(
            "extended attribute value too large",
            Assert.Throws<LayerFormatException>(() => ExtendedAttributes.Encode([new ExtendedAttribute(
                new byte[1],
                new byte[65536])])).Reason);

        // The next entry inside this one would be read again and again.
        Assert.Throws<LayerFormatException>(() => ExtendedAttributes.Decode(Hex("0400000000000000 00000000 00000000")));
        Assert.Throws<LayerFormatException>(() => ExtendedAttributes.Decode(Hex("ffffffff00000000 00000000 00000000")));
    }

    [Fact]
    public void Attributes_round_trip() => Gen.Select(Gen.Byte.Array[1, 20], Gen.Byte.Array[0, 40], Gen.Byte).Array[0, 5].Sample(items =>
    {
        ExtendedAttribute[] list = items.Select(i => new ExtendedAttribute(i.Item1, i.Item2, i.Item3)).ToArray();
        IReadOnlyList<ExtendedAttribute> again = ExtendedAttributes.Decode(ExtendedAttributes.Encode(list));
        return again.Count == list.Length && again.Zip(list).All(p =>
            p.First.Name.Span.SequenceEqual(p.Second.Name.Span)
                && p.First.Value.Span.SequenceEqual(p.Second.Value.Span)
                && p.First.Flags == p.Second.Flags);
    });

    [Fact]
    public void Any_bytes_are_attributes_or_refused() =>
        Gen.OneOf(Gen.Byte, Gen.Byte[0, 16]).Array[0, 80].Sample(bytes => OnlyFormatErrors(() => ExtendedAttributes.Decode(bytes)));
}
