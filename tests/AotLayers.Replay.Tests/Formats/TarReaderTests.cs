using System.Text;
using AotLayers.Formats;
using CsCheck;
using Xunit;
using static AotLayers.Replay.Tests.Formats.FormatSamples;

namespace AotLayers.Replay.Tests.Formats;

/// <summary>docs/formats/tar-blocks.md#reading, last point: what a reader takes, and how it refuses the rest.</summary>
public class TarReaderTests
{
    [Fact]
    public void Old_type_flag_depends_on_the_name()
    {
        Assert.Equal(TarTypeFlag.RegularFile, Read(Block("file", 0, "00000000000"))[0].Header.TypeFlag);
        Assert.Equal(TarTypeFlag.Directory, Read(Block("dir/", 0, "00000000000"))[0].Header.TypeFlag);
    }

    [Fact]
    public void Base_256_sizes()
    {
        byte[] block = Block("x", (byte)'0', "");
        new byte[] { 0x80, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 3 }.CopyTo(block, 124);
        Seal(block);
        Assert.Equal("abc"u8.ToArray(), Read([.. block, .. Pad("abc"u8)])[0].Data);

        new byte[] { 0x80, 0, 0, 0, 0xFF, 0, 0, 0, 0, 0, 0, 3 }.CopyTo(block, 124);
        Seal(block);
        Refuse(block, "out of range");
        new byte[] { 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFE }.CopyTo(block, 124);
        Seal(block);
        Refuse(block, "size -2 is out of range");
    }

    [Fact]
    public void Gnu_long_names_and_links()
    {
        string name = new('n', 200);
        string link = new('l', 150);
        byte[] tar =
        [
            .. Block("././@LongLink", (byte)'K', "00000000227"), .. Pad(Encoding.ASCII.GetBytes(link + "\0")),
            .. Block("././@LongLink", (byte)'L', "00000000311"), .. Pad(Encoding.ASCII.GetBytes(name + "\0")),
            .. Block("cut", (byte)'2', "00000000000"),
        ];
        TarHeader header = Read(tar)[0].Header;
        Assert.Equal((name, link), (header.Name, header.LinkName));
    }

    [Fact]
    public void Pax_records_win_and_empty_ones_do_not()
    {
        byte[] records = "12 path=abc\n13 linkpath=\n"u8.ToArray();
        byte[] tar = [.. Block("p", (byte)'x', Octal(records.Length)), .. Pad(records), .. Block("x", (byte)'0', "00000000000")];
        TarHeader header = Read(tar)[0].Header;
        Assert.Equal(("abc", ""), (header.Name, header.LinkName));
    }

    [Fact]
    public void Global_headers_are_skipped()
    {
        byte[] records = "12 path=abc\n"u8.ToArray();
        byte[] tar = [.. Block("g", (byte)'g', Octal(records.Length)), .. Pad(records), .. Block("x", (byte)'0', "00000000000")];
        Assert.Equal("x", Assert.Single(Read(tar)).Header.Name);
    }

    [Theory]
    [InlineData("x path=abc\n")]
    [InlineData("99 path=abc\n")]
    [InlineData("11 path=abc\n")]
    [InlineData("8 patha\n")]
    [InlineData("6 =a\n\n")]
    [InlineData("-2 path=abc\n")]
    [InlineData("13 path=abc\0\n")]
    [InlineData("12 size=abc\n")]
    [InlineData("11 size=-5\n")]
    [InlineData("13 mtime=abc\n")]
    [InlineData("21 GNU.sparse.major=1\n")]
    public void Bad_pax_records_are_refused(string text)
    {
        byte[] records = Encoding.ASCII.GetBytes(text);
        byte[] tar = [.. Block("p", (byte)'x', Octal(records.Length)), .. Pad(records), .. Block("x", (byte)'0', "00000000000")];
        Assert.Contains("invalid", Refuse(tar, ""), StringComparison.Ordinal);
    }

    [Fact]
    public void Huge_extended_headers_are_refused_before_they_are_read()
    {
        foreach (char type in "xLK")
        {
            Refuse(Block("p", (byte)type, "77777777777"), "at most");
        }
    }

    [Fact]
    public void A_header_that_lies_about_its_size_allocates_little()
    {
        byte[] lies = Block("p", (byte)'x', Octal(PaxRecords.MaxTextSize));
        long before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Throws<LayerFormatException>(() => new TarReader(new MemoryStream(lies)).GetNextEntry());
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 100_000);
    }

    [Fact]
    public void Damage_is_told()
    {
        byte[] block = Block("x", (byte)'0', "00000000000");
        block[0]++;
        Refuse(block, "checksum");
        byte[] noOctal = Block("x", (byte)'0', "0000000000z");
        Assert.Contains("size is no octal number", Refuse(noOctal, ""), StringComparison.Ordinal);
        Refuse([.. new byte[512], 1, .. new byte[511]], "no end marker");
        Refuse(Encoding.ASCII.GetBytes(new string('q', 600)), "no octal number");
        Refuse(Block("x", (byte)'S', "00000000000"), "sparse");
    }

    [Theory]
    [InlineData("GNU.sparse.size=10;GNU.sparse.map=0,2,1,1", "sparse range at 1")]
    [InlineData("GNU.sparse.size=10;GNU.sparse.map=8,3", "sparse range at 8")]
    [InlineData("GNU.sparse.size=10;GNU.sparse.map=0,2", "sparse ranges have 2 bytes, the archive has 3")]
    [InlineData("GNU.sparse.size=10;GNU.sparse.map=0,2,7", "malformed map")]
    [InlineData("GNU.sparse.size=10;GNU.sparse.map=0,x", "malformed map")]
    [InlineData("GNU.sparse.size=10;GNU.sparse.map=9223372036854775807,3", "sparse range at")]
    [InlineData("GNU.sparse.size=10;GNU.sparse.map=-1,3", "sparse range at -1")]
    [InlineData("GNU.sparse.size=-1;GNU.sparse.map=0,3", "without a size")]
    [InlineData("GNU.sparse.map=0,3", "without a size")]
    [InlineData("GNU.sparse.size=10", "without a map")]
    [InlineData("GNU.sparse.size=10;GNU.sparse.offset=0;path=y;GNU.sparse.numbytes=3", "not together")]
    [InlineData("GNU.sparse.major=2;GNU.sparse.minor=0;GNU.sparse.realsize=10", "unknown version")]
    [InlineData("GNU.sparse.major=1;GNU.sparse.minor=0;GNU.sparse.realsize=10", "malformed map")]
    public void Broken_sparse_files_are_refused(string records, string reason)
    {
        byte[] text = Encoding.ASCII.GetBytes(string.Concat(records.Split(';').Select(r => $"{r.Length + 4} {r}\n")));
        byte[] tar = [.. Block("p", (byte)'x', Octal(text.Length)), .. Pad(text), .. Block("entry", (byte)'0', Octal(3)), .. Pad("abc"u8)];
        string message = Refuse(tar, reason);
        Assert.Contains("offset", message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_sparse_map_may_come_in_repeated_records()
    {
        string[] records =
        [
            "GNU.sparse.size=10", "GNU.sparse.numblocks=2", "GNU.sparse.offset=1", "GNU.sparse.numbytes=2", "GNU.sparse.offset=9",
            "GNU.sparse.numbytes=1",
        ];
        byte[] text = Encoding.ASCII.GetBytes(string.Concat(records.Select(r => $"{r.Length + 4} {r}\n")));
        byte[] tar = [.. Block("p", (byte)'x', Octal(text.Length)), .. Pad(text), .. Block("entry", (byte)'0', Octal(3)), .. Pad("abc"u8)];
        (TarHeader header, byte[] data) = Assert.Single(Read(tar));
        Assert.Equal(10, header.Size);
        Assert.Equal("\0ab\0\0\0\0\0\0c"u8.ToArray(), data);
    }

    [Fact]
    public void Damage_between_entries_names_the_one_before()
    {
        byte[] second = Block("y", (byte)'0', "00000000000");
        second[0]++;
        string message = Refuse([.. Block("x", (byte)'0', "00000000003"), .. Pad("abc"u8), .. second], "checksum");
        Assert.EndsWith("; the entry before is 'x' (offset 1024)", message, StringComparison.Ordinal);
        byte[] records = "12 path=abc\nx"u8.ToArray();
        Assert.Equal(
            "p: invalid PAX record: malformed length (offset 524)",
            Refuse([.. Block("p", (byte)'x', Octal(records.Length)), .. Pad(records)], ""));
    }

    [Fact]
    public void Cut_archives_are_told_wherever_they_are_cut()
    {
        byte[] whole = [.. Block("x", (byte)'0', "00000000003"), .. Pad("abc"u8), .. Block("y", (byte)'0', "00000000000")];
        for (int length = 1; length < whole.Length; length++)
        {
            foreach (bool seekable in new[] { true, false })
            {
                byte[] cut = whole[..length];
                if (length is not (512 + 512))
                {
                    Assert.Contains("cut", Refuse(cut, "", seekable), StringComparison.Ordinal);
                }
            }
        }

        // Cut between entries: only the missing end marker tells.
        var reader = new TarReader(new MemoryStream(whole));
        while (reader.GetNextEntry() is not null)
        {
        }

        Assert.False(reader.EndMarkerSeen);
        Refuse([.. Block("p", (byte)'x', "00000000000")], "ends after an extended header");
    }

    [Fact]
    public void Any_bytes_are_read_or_refused()
    {
        byte[] tar = [
            .. Block("p", (byte)'x', Octal(25)), .. Pad("12 path=abc\n13 mtime=1.5\n\n"u8), .. Block("x", (byte)'0', "00000000003"),
            .. Pad("abc"u8), .. new byte[1024]
        ];
        Gen.Select(Gen.Int[0, tar.Length - 1], Gen.Byte).Array[0, 3].Sample(changes => OnlyFormatErrors(() =>
        {
            byte[] bytes = [.. tar];
            foreach ((int at, byte value) in changes)
            {
                bytes[at] = value;
            }

            for (int start = 0; start < 1536; start += 1024)
            {
                Seal(bytes.AsSpan(start, 512));
            }

            var reader = new TarReader(Open(bytes, seekable: changes.Length % 2 == 0));
            while (reader.GetNextEntry() is not null)
            {
                reader.Data.CopyTo(Stream.Null);
            }
        }));
        Gen.Byte.Array[0, 2000].Sample(bytes => OnlyFormatErrors(() => new TarReader(new MemoryStream(bytes)).GetNextEntry()));
    }

    private static List<(TarHeader Header, byte[] Data)> Read(byte[] tar) => ReadTar([.. tar, .. new byte[1024]]);

    private static string Refuse(byte[] tar, string reason, bool seekable = true)
    {
        LayerFormatException error = Assert.Throws<LayerFormatException>(() =>
        {
            var reader = new TarReader(Open(tar, seekable));
            while (reader.GetNextEntry() is not null)
            {
            }
        });
        Assert.Contains(reason, error.Message, StringComparison.Ordinal);
        Assert.True(error.Offset >= 0);
        return error.Message;
    }

    private static string Octal(int value) => Convert.ToString(value, 8).PadLeft(11, '0');

    private static byte[] Pad(ReadOnlySpan<byte> data) => [.. data, .. new byte[-data.Length & 511]];

    private static byte[] Block(string name, byte type, string size)
    {
        byte[] block = new byte[512];
        Encoding.ASCII.GetBytes(name).CopyTo(block, 0);
        Encoding.ASCII.GetBytes(size).CopyTo(block, 124);
        block[156] = type;
        "ustar\0"u8.CopyTo(block.AsSpan(257));
        "00"u8.CopyTo(block.AsSpan(263));
        Seal(block);
        return block;
    }

    private static void Seal(Span<byte> block)
    {
        block.Slice(148, 8).Fill((byte)' ');
        int sum = 0;
        foreach (byte c in block)
        {
            sum += c;
        }

        Encoding.ASCII.GetBytes(Convert.ToString(sum, 8).PadLeft(6, '0') + "\0 ").CopyTo(block[148..]);
    }
}
