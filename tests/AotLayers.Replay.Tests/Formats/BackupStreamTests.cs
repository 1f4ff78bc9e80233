using AotLayers.Formats;
using Xunit;

namespace AotLayers.Replay.Tests.Formats;

/// <summary>docs/formats/backup-stream.md. The expected bytes are those of section 5.5.</summary>
public class BackupStreamTests
{
    private const string HelloData = "01000000 00000000 0500000000000000 00000000 68656c6c6f";
    private const string AlternateStream =
        "04000000 00000000 0300000000000000 1c000000 3a006100640073002e007400780074003a0024004400410054004100 616473";
    private const string SparseFile =
        "01000000 08000000 0000000000000000 00000000"
        + "09000000 08000000 0c00000000000000 00000000 0000000000000000 61626364"
        + "09000000 08000000 0800000000000000 00000000 0000010000000000";

    [Fact]
    public void Writer_gives_the_known_bytes()
    {
        Assert.Equal(FormatSamples.Hex(HelloData), Write(w => w.WriteRecord(BackupStreamId.Data, "hello"u8)));
        Assert.Equal(FormatSamples.Hex(AlternateStream), Write(w =>
        {
            w.WriteHeader(new BackupStreamHeader(BackupStreamId.AlternateData, 3, Name: ":ads.txt:$DATA"));
            w.Write("ads"u8);
        }));
        Assert.Equal(FormatSamples.Hex(SparseFile), Write(w =>
        {
            w.WriteHeader(new BackupStreamHeader(BackupStreamId.Data, 0, BackupStreamAttributes.Sparse));
            w.WriteHeader(new BackupStreamHeader(BackupStreamId.SparseBlock, 4, BackupStreamAttributes.Sparse));
            w.Write("abcd"u8);
            w.WriteHeader(new BackupStreamHeader(BackupStreamId.SparseBlock, 0, BackupStreamAttributes.Sparse, SparseOffset: 65536));
        }));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Reader_skips_and_reads(bool seekable)
    {
        byte[] bytes = [.. FormatSamples.Hex(HelloData), .. FormatSamples.Hex(AlternateStream), .. FormatSamples.Hex(SparseFile)];
        var reader = new BackupStreamReader(FormatSamples.Open(bytes, seekable));
        Assert.True(reader.NextHeader(out BackupStreamHeader header));
        Assert.Equal(new BackupStreamHeader(BackupStreamId.Data, 5), header);
        Assert.True(reader.NextHeader(out header));
        Assert.Equal(new BackupStreamHeader(BackupStreamId.AlternateData, 3, Name: ":ads.txt:$DATA"), header);
        byte[] ads = new byte[3];
        reader.ReadToEnd(ads);
        Assert.Equal("ads"u8.ToArray(), ads);
        Assert.Equal(0, reader.Read(new byte[1]));
        Assert.True(reader.NextHeader(out header));
        Assert.True(header.IsSparse);
        Assert.True(reader.NextHeader(out header));
        Assert.Equal((0L, 4L), (header.SparseOffset, header.Size));
        Assert.True(reader.NextHeader(out header));
        Assert.Equal((65536L, 0L), (header.SparseOffset, header.Size));
        Assert.False(reader.NextHeader(out _));
        Assert.Equal(bytes.Length, reader.Position);
    }

    [Theory]
    [InlineData("010000000000", "cut: 6 of 20", 0)]
    [InlineData("01000000 00000000 ffffffffffffffff 00000000", "negative", 0)]
    [InlineData("04000000 00000000 0000000000000000 03000000 610062", "name of 3 bytes", 0)]
    [InlineData("04000000 00000000 0000000000000000 fefffff0", "must be even and at most 65536", 0)]
    [InlineData("04000000 00000000 0000000000000000 04000000 6100", "cut", 22)]
    [InlineData("09000000 00000000 0700000000000000 00000000 00000000000000", "no room for its offset", 0)]
    [InlineData("09000000 00000000 0800000000000000 00000000 ffffffffffffffff", "offset -1", 0)]
    [InlineData("01000000 00000000 0500000000000000 00000000 6868", "of 5 bytes of a record missing", -1)]
    public void Malformed_streams_are_told_with_their_place(string hex, string reason, long offset)
    {
        foreach (bool seekable in new[] { true, false })
        {
            var reader = new BackupStreamReader(FormatSamples.Open(FormatSamples.Hex(hex), seekable)) { EntryName = @"Files\x" };
            LayerFormatException error = Assert.Throws<LayerFormatException>(() =>
            {
                while (reader.NextHeader(out _))
                {
                }
            });
            Assert.Contains(reason, error.Message, StringComparison.Ordinal);
            Assert.StartsWith(@"Files\x: ", error.Message, StringComparison.Ordinal);
            Assert.True(offset < 0 || offset == error.Offset);
        }
    }

    [Fact]
    public void Writer_insists_on_the_announced_size()
    {
        var writer = new BackupStreamWriter(new MemoryStream());
        writer.WriteHeader(new BackupStreamHeader(BackupStreamId.Data, 5));
        Assert.Equal("too many bytes by 2", Assert.Throws<LayerFormatException>(() => writer.Write(new byte[7])).Reason);
        writer.Write(new byte[3]);
        Assert.Equal("missing 2 bytes", Assert.Throws<LayerFormatException>(() => writer.WriteRecord(BackupStreamId.Data, [])).Reason);
        Assert.Equal("missing 2 bytes", Assert.Throws<LayerFormatException>(writer.Finish).Reason);
        writer.Write(new byte[2]);
        writer.Finish();
    }

    private static byte[] Write(Action<BackupStreamWriter> write)
    {
        var output = new MemoryStream();
        var writer = new BackupStreamWriter(output);
        write(writer);
        writer.Finish();
        return output.ToArray();
    }
}
