using AotLayers.Formats;
using CsCheck;
using Xunit;
using static AotLayers.Replay.Tests.Formats.FormatSamples;

namespace AotLayers.Replay.Tests.Formats;

/// <summary>Reparse buffers of every tag: kept as they are, and told in words where the tag is known.</summary>
public class ReparseBufferTests
{
    [Theory]
    [InlineData("170000801000 0000 01000000 02000000 01000000 01000000", "provider=FILE;algorithm=LZX")]
    [InlineData("170000801000 0000 01000000 09000000 01000000 01000000", "provider=9")]
    [InlineData("170000800400 0000 01000000", "malformed=4 bytes of data")]
    [InlineData("1d0000a00700 0000 02000000 2f6574", "target=/et")]
    [InlineData(
        "1b0000801a00 0000 03000000 70000000 61000000 63003a005c00780000003000 0000",
        "version=3;package=p;application=a;target=c:\\x;type=0")]
    [InlineData(
        "180000801e00 0000 01000000 00000000 d149bc9df3ef b959a27e15c523b1d149 0400 61005c00",
        "version=1;layer=9dbc49d1-eff3-59b9-a27e-15c523b1d149;name=a\\")]
    [InlineData("180000801a00 0000 01000000 00000000 d149bc9df3ef b959a27e15c523b1d149 0400", "malformed=26 bytes of data")]
    [InlineData("230000800000 0000", "")]
    [InlineData("341200000200 0000 d149bc9df3efb959a27e15c523b1d149 0102", "owner=9dbc49d1-eff3-59b9-a27e-15c523b1d149")]
    [InlineData("0c0000a01400 0000 0400 0400 0000 0400 01000000 61006200 63006400", "print name=ab;substitute name=cd;relative=yes")]
    [InlineData("030000a01000 0000 0000 0600 0600 0000 5c003f003f00 c5ff", "print name=;substitute name=\\??")]
    public void Known_data(string hex, string facts)
    {
        byte[] bytes = Hex(hex);
        var buffer = ReparseBuffer.Parse(bytes);
        Assert.Equal(facts, string.Join(';', buffer.Describe().Select(f => $"{f.Key}={f.Value}")));
        Assert.Equal(bytes, buffer.Encode());
    }

    [Fact]
    public void A_junction_without_print_name_and_with_junk_decodes_to_its_substitute_name()
    {
        // As Windows wrote one: c5 ff where the NUL of the print name would be.
        byte[] bytes = Hex("030000a01a00 0000 0000 0c00 0e00 0000 5c003f003f005c0043003a00 0000 c5ff 0000");
        var point = ReparsePoint.Decode(bytes);
        Assert.Equal(("", @"\??\C:", "C:"), (point.PrintName, point.SubstituteName, point.Target));
        Assert.Equal(bytes, ReparseBuffer.Parse(bytes).Encode());
    }

    [Fact]
    public void Any_buffer_comes_back_byte_for_byte() => Gen.Select(
            Gen.OneOf(Gen.UInt, OneOf(0x80000017u, 0x8000001Bu, 0x80000018u, 0xA000001Du, 0xA000000Cu, 0xA0000003u, 0x9000701Au)),
            Gen.Byte.Array[0, 80], Gen.UShort, Gen.Guid)
        .Sample((tag, data, reserved, owner) =>
        {
            byte[] bytes = new ReparseBuffer(tag, data, ReparseTag.IsMicrosoft(tag) ? null : owner, reserved).Encode();
            var again = ReparseBuffer.Parse(bytes);
            Assert.Equal(bytes, again.Encode());
            Assert.NotNull(again.Describe());
        });

    [Fact]
    public void Any_bytes_are_parsed_or_refused() =>
        Gen.Byte.Array[0, 40].Sample(bytes => OnlyFormatErrors(() => ReparseBuffer.Parse(bytes)));

    [Theory]
    [InlineData(0x80000017u, "WOF", true, false)]
    [InlineData(0xA000000Cu, "SYMLINK", true, true)]
    [InlineData(0x9000F01Au, "CLOUD", true, false)]
    [InlineData(0x00001234u, null, false, false)]
    public void Tags_have_names(uint tag, string? name, bool microsoft, bool surrogate)
    {
        Assert.Equal(name, ReparseTag.NameOf(tag));
        Assert.Equal((microsoft, surrogate), (ReparseTag.IsMicrosoft(tag), ReparseTag.IsNameSurrogate(tag)));
    }

    [Theory]
    [InlineData(131000000012345678, "2016-02-15T08:53:21.2345678Z")]
    [InlineData(0, "1601-01-01T00:00:00.0000000Z")]
    [InlineData(-1, "1600-12-31T23:59:59.9999999Z")]
    [InlineData(FileTime.UnixEpoch, "1970-01-01T00:00:00.0000000Z")]
    [InlineData(48491090211286549, "1754-08-30T22:43:41.1286549Z")]
    [InlineData(long.MaxValue, "30828-09-14T02:48:05.4775807Z")]
    public void File_times_as_text(long time, string text)
    {
        Assert.Equal(text, FileTime.ToText(time));
        Assert.True(FileTime.TryParse(text, out long again));
        Assert.Equal(time, again);
    }

    [Fact]
    public void Any_file_time_has_a_text() => Gen.Long.Sample(time =>
    {
        Assert.True(FileTime.TryParse(FileTime.ToText(time), out long again));
        Assert.Equal(time, again);
        if (time is >= 0 and < 2650467744000000000)
        {
            Assert.Equal(DateTime.FromFileTimeUtc(time).ToString("yyyy-MM-ddTHH:mm:ss.fffffffZ"), FileTime.ToText(time));
        }
    });

    [Theory]
    [InlineData("2016-02-30T00:00:00Z")]
    [InlineData("2016-13-01T00:00:00Z")]
    [InlineData("2016-01-01T24:00:00Z")]
    [InlineData("2016-01-01T00:00:00")]
    [InlineData("2016-01-01T00:00:00.Z")]
    [InlineData("2016-01-01 00:00:00Z")]
    [InlineData("99999-01-01T00:00:00Z")]
    [InlineData("")]
    [InlineData("Z")]
    public void Texts_that_are_no_file_times(string text) => Assert.False(FileTime.TryParse(text, out _));
}
