using System.Text;
using AotLayers.Formats;
using CsCheck;
using Xunit;
using static AotLayers.Replay.Tests.Formats.FormatSamples;

namespace AotLayers.Replay.Tests.Formats;

/// <summary>docs/formats/tar-blocks.md#headers: which header blocks are written, and what is in them.</summary>
public class TarWriterTests
{
    [Fact]
    public void Short_ascii_whiteout_is_plain_ustar()
    {
        byte[] tar = Write(new TarHeader { Name = "Files/.wh.gone" });
        Assert.Equal(512 + 1024, tar.Length);
        Assert.Equal("Files/.wh.gone", Text(tar, 0, 100));
        Assert.Equal("0000000\0" + "0000000\0" + "0000000\0" + "00000000000\0" + "00000000000\0", Encoding.ASCII.GetString(tar, 100, 48));
        Assert.Equal("ustar\0" + "00", Encoding.ASCII.GetString(tar, 257, 8));
        Assert.Equal("0000000\0" + "0000000\0", Encoding.ASCII.GetString(tar, 329, 16));
        Assert.Equal((byte)' ', tar[155]);
    }

    [Fact]
    public void Long_whiteout_splits_at_a_slash_or_needs_pax()
    {
        string directory = new('d', 120);
        byte[] split = Write(new TarHeader { Name = directory + "/" + new string('f', 90) });
        Assert.Equal(512 + 1024, split.Length);
        Assert.Equal(new string('f', 90), Text(split, 0, 100));
        Assert.Equal(directory, Text(split, 345, 155));

        string name = directory + "/" + new string('f', 101);
        byte[] pax = Write(new TarHeader { Name = name });
        Assert.Equal(512 + 512 + 512 + 1024, pax.Length);
        Assert.Equal((byte)'x', pax[156]);
        Assert.Equal($"232 path={name}\n", Text(pax, 512, 512));
        Assert.Equal(name[..100], Text(pax, 1024, 100));
        Assert.Equal("", Text(pax, 1024 + 345, 155));
    }

    [Theory]
    [InlineData("Files/hello.txt", "Files/PaxHeaders.0/hello.txt")]
    [InlineData("Files", "PaxHeaders.0/Files")]
    [InlineData("é/ü.txt", "/PaxHeaders.0/.txt")]
    [InlineData("a/b/", "a/b/PaxHeaders.0")]
    [InlineData("a//b/../c/./d", "a/c/PaxHeaders.0/d")]
    [InlineData("../x", "../PaxHeaders.0/x")]
    public void Name_of_the_pax_header(string name, string expected)
    {
        byte[] tar = Write(new TarHeader { Name = name, TypeFlag = TarTypeFlag.Directory, Format = TarFormatChoice.Pax, AccessTime = 0 });
        Assert.Equal(expected, Text(tar, 0, 100));
        Assert.Equal("0000000\0" + "0000000\0" + "0000000\0", Encoding.ASCII.GetString(tar, 100, 24));
        Assert.Equal("00000000000\0", Encoding.ASCII.GetString(tar, 136, 12));
        Assert.Equal(new byte[16], tar[329..345]);
    }

    [Fact]
    public void Name_of_the_pax_header_is_cut_at_100_bytes()
    {
        string name = new string('d', 86) + "/file";
        byte[] tar = Write(new TarHeader { Name = name, Format = TarFormatChoice.Pax, AccessTime = 0 });
        Assert.Equal(new string('d', 86) + "/PaxHeaders.0", Text(tar, 0, 100));
    }

    [Fact]
    public void Big_sizes_are_records()
    {
        var header = new TarHeader { Name = "big", Size = 8589934592 };
        var output = new MemoryStream();
        new TarWriter(output).WriteHeader(header);
        byte[] tar = output.ToArray();
        Assert.Equal("19 size=8589934592\n", Text(tar, 512, 512));
        Assert.Equal("00000000000", Text(tar, 1024 + 124, 12));

        header.Size--;
        output.SetLength(0);
        new TarWriter(output).WriteHeader(header);
        Assert.Equal(512, output.Length);
        Assert.Equal("77777777777", Text(output.ToArray(), 124, 12));
    }

    [Theory]
    [InlineData(1_500_000_000, "17 mtime=1.5\n", "00000000001")]
    [InlineData(-100, "20 mtime=-0.0000001\n", "00000000000")]
    [InlineData(-1_000_000_000, "12 mtime=-1\n", "00000000000")]
    public void Modification_times_that_a_field_cannot_hold_are_records(long time, string record, string field)
    {
        byte[] tar = Write(new TarHeader { Name = "x", Format = TarFormatChoice.Pax, ModificationTime = time });
        string expected = record[(record.IndexOf(' ', StringComparison.Ordinal) + 1)..];
        Assert.Equal($"{expected.Length + 3} {expected}", Text(tar, 512, 512));
        Assert.Equal(field, Text(tar, 1024 + 136, 12));
    }

    [Fact]
    public void Whole_seconds_stay_ustar_even_when_pax_is_allowed()
    {
        Assert.Equal(
            512 + 1024,
            Write(new TarHeader { Name = "x", Format = TarFormatChoice.Pax, ModificationTime = 5_000_000_000 }).Length);
        byte[] rounded = Write(new TarHeader { Name = "x", ModificationTime = 5_500_000_000, AccessTime = 1 });
        Assert.Equal(512 + 1024, rounded.Length);
        Assert.Equal("00000000006", Text(rounded, 136, 12));
    }

    [Fact]
    public void Records_count_their_own_length()
    {
        foreach (int size in new[] { 1, 90, 91, 92, 93, 94, 990, 991, 992, 993, 994, 995, 9990, 9991 })
        {
            var header = new TarHeader { Name = "x" };
            header.Records.Set("k"u8, Encoding.ASCII.GetBytes(new string('v', size)));
            byte[] tar = Write(header);
            string text = Text(tar, 512, tar.Length - 512);
            string record = text[..(text.IndexOf('\n', StringComparison.Ordinal) + 1)];
            Assert.Equal(
                record.Length.ToString(System.Globalization.CultureInfo.InvariantCulture),
                record[..record.IndexOf(' ', StringComparison.Ordinal)]);
        }
    }

    [Theory]
    [InlineData("a=b", "contains '='")]
    [InlineData("a\0b", "contains NUL")]
    [InlineData("", "without a key")]
    public void Records_that_cannot_be_written(string key, string reason)
    {
        var header = new TarHeader { Name = "x" };
        header.Records.Set(Encoding.ASCII.GetBytes(key), "v"u8);
        Assert.Contains(reason, Assert.Throws<LayerFormatException>(() => Write(header)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Data_must_have_the_announced_size()
    {
        var writer = new TarWriter(new MemoryStream());
        writer.WriteHeader(new TarHeader { Name = "x", Size = 3 });
        Assert.Contains(
            "2 bytes more",
            Assert.Throws<LayerFormatException>(() => writer.Write(new byte[5])).Message,
            StringComparison.Ordinal);
        writer.Write(new byte[2]);
        Assert.Contains("1 bytes less", Assert.Throws<LayerFormatException>(writer.Finish).Message, StringComparison.Ordinal);
        Assert.Throws<LayerFormatException>(() => writer.WriteHeader(new TarHeader { Name = "y/" }));
    }

    [Fact]
    public void Whatever_is_written_is_read_back() => Gen.Select(
        Gen.OneOf(Gen.Char['a', 'c'], Gen.Const('/'), Gen.Char['\u00E0', '\u00FF'], Gen.Char['\uD7FF', '\uE001']).Array[1, 220],
        Gen.Int[0, 1500],
        Gen.Long,
        Gen.Bool).Sample((letters, size, time, pax) =>
    {
        string name = new string(letters).Trim('/');
        if (name.Length == 0)
        {
            return true;
        }

        var header = new TarHeader
        {
            Name = name,
            LinkName = "t" + name,
            Size = size,
            Mode = 0x81A4,
            ModificationTime = time,
            Format = pax ? TarFormatChoice.Pax : TarFormatChoice.Unspecified,
            AccessTime = time,
        };
        (TarHeader back, byte[] data) = ReadTar(Write(header))[0];
        bool times = pax ? back.ModificationTime == time && back.AccessTime == time : back.AccessTime is null;
        return back.Name == name && back.LinkName == "t" + name && data.Length == size && back.Mode == 0x81A4 && times;
    });

    private static byte[] Write(TarHeader header)
    {
        var output = new MemoryStream();
        var writer = new TarWriter(output);
        writer.WriteHeader(header);
        writer.WriteZeros(writer.Remaining);
        writer.Finish();
        Assert.Equal(output.Length, writer.BytesWritten);
        return output.ToArray();
    }

    private static string Text(byte[] bytes, int start, int length) => Encoding.ASCII.GetString(bytes, start, length).Split('\0')[0];
}
