using System.Text;
using AotLayers.Formats;
using CsCheck;
using Xunit;

namespace AotLayers.Replay.Tests.Formats;

/// <summary>
/// docs/formats/tombstones.md#format, docs/formats/whiteouts.md#in-a-tar: tombstones.txt, whiteout names, transport files.
/// </summary>
public class TombstoneAndNameTests
{
    [Theory]
    [InlineData("\uFEFFVersion 1.0\n\\a\n\\b\\c.txt\n")]
    [InlineData("\uFEFFVersion 1.0\r\n\\a\r\n\r\n\\b\\c.txt\r\n")]
    [InlineData("\uFEFFVersion 1.0\n\\a\n\n\\b\\c.txt")]
    public void Lines_become_entry_names(string text) =>
        Assert.Equal([@"Files\a", @"Files\b\c.txt"], TombstoneFile.Read(new MemoryStream(Encoding.UTF8.GetBytes(text))));

    [Theory]
    [InlineData("", "line 1: file is empty")]
    [InlineData("Version 1.0\n\\a\n", "line 1: expected a byte order mark")]
    [InlineData("\uFEFFVersion 2.0\n", "line 1")]
    [InlineData("\uFEFFVersion 1.0 \n", "line 1")]
    [InlineData("\uFEFFVersion 1.0\nabc\n", "line 2: 'abc' does not start with a backslash")]
    [InlineData("\uFEFFVersion 1.0\n\\a\n\\..\\x\n", "line 3: name has a '..' part")]
    [InlineData("\uFEFFVersion 1.0\n\\\n", "line 2: empty name")]
    [InlineData("\uFEFFVersion 1.0\n\\C:\\x\n", "line 2: name contains ':'")]
    public void Anything_else_is_an_error_with_its_line(string text, string expected)
    {
        LayerFormatException error =
            Assert.Throws<LayerFormatException>(() => TombstoneFile.Read(new MemoryStream(Encoding.UTF8.GetBytes(text))));
        Assert.Contains("invalid tombstones file: ", error.Message, StringComparison.Ordinal);
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Long_lines_are_bounded()
    {
        string longest = new('x', 32_000);
        Assert.Equal(
            [@"Files\" + longest],
            TombstoneFile.Read(new MemoryStream(Encoding.UTF8.GetBytes("\uFEFFVersion 1.0\n\\" + longest))));
        byte[] endless = Encoding.UTF8.GetBytes("\uFEFFVersion 1.0\n\\" + new string('x', 1_000_000));
        Assert.Contains(
            "line 2: line is too long",
            Assert.Throws<LayerFormatException>(() => TombstoneFile.Read(new MemoryStream(endless))).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Written_files_read_back()
    {
        string[] names = [@"Files\a", @"Files\b\é", "Files\\\uD800lone"];
        var output = new MemoryStream();
        TombstoneFile.Write(output, names);
        output.Position = 0;
        Assert.Equal(names, TombstoneFile.Read(output));
        Assert.Throws<LayerFormatException>(() => TombstoneFile.Write(output, [@"Hives\x"]));
        Assert.Throws<LayerFormatException>(() => TombstoneFile.Write(output, ["Files\\a\nb"]));
    }

    [Fact]
    public void Any_bytes_are_read_or_refused() =>
        Gen.OneOf(Gen.Byte, Gen.Byte[(byte)'\\', (byte)'b'], Gen.Const((byte)'\n')).Array[0, 60].Sample(bytes =>
        FormatSamples.OnlyFormatErrors(() => TombstoneFile.Read(new MemoryStream([0xEF, 0xBB, 0xBF, .. "Version 1.0\n"u8, .. bytes]))));

    [Theory]
    [InlineData(@"Files\dir\gone.txt", "Files/dir/.wh.gone.txt")]
    [InlineData("gone", ".wh.gone")]
    [InlineData(@"Files\.wh.x", "Files/.wh..wh.x")]
    public void Whiteouts_there_and_back(string tombstone, string tarName)
    {
        Assert.Equal(tarName, WhiteoutName.FromTombstone(tombstone));
        Assert.True(WhiteoutName.TryParse(tarName, out string back));
        Assert.Equal(tombstone, back);
    }

    [Fact]
    public void Names_that_are_no_whiteouts()
    {
        Assert.False(WhiteoutName.TryParse("Files/wh.x", out _));
        Assert.False(WhiteoutName.TryParse("Files/.wh.dir/x", out _));
        Assert.Throws<LayerFormatException>(() => WhiteoutName.TryParse("Files/.wh..wh..opq", out _));
        Assert.Throws<LayerFormatException>(() => WhiteoutName.TryParse("Files/.wh.", out _));
    }

    [Fact]
    public void Transport_prefix()
    {
        var file = new MemoryStream();
        TransportEntry.WriteAttributes(file, 0x20);
        Assert.Equal([0x20, 0, 0, 0], file.ToArray());
        file.Position = 0;
        Assert.Equal(0x20u, TransportEntry.ReadAttributes(file, @"Files\x"));
        Assert.Contains(
            @"Files\x: ",
            Assert.Throws<LayerFormatException>(() => TransportEntry.ReadAttributes(new MemoryStream(new byte[3]), @"Files\x")).Message,
            StringComparison.Ordinal);
        Assert.True(TransportEntry.HasPrefix(@"Files\x"));
        Assert.False(TransportEntry.HasPrefix("Files"));
        Assert.False(TransportEntry.HasPrefix(@"Hives\x"));
        Assert.True(TransportEntry.IsDirectoryMetadata(@"Files\dir.$wcidirs$"));
    }
}
