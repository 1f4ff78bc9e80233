using System.Security.Cryptography;
using System.Text;
using AotLayers.Formats;
using Xunit;
using static AotLayers.Replay.Tests.Formats.FormatSamples;

namespace AotLayers.Replay.Tests.Formats;

/// <summary>layers.md 6: what goes into a layer tar, and what is reported as lost.</summary>
public class LayerTarWriterTests
{
    private static readonly byte[] s_nullSecurity = [1, 0, 4, 0x80, .. new byte[16]];

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Golden_archive_of_the_notes(bool seekable)
    {
        var output = new MemoryStream();
        using var writer = new LayerTarWriter(output);
        writer.WriteEntry(@"Files\hello.txt", 5, Info(), Open(HelloWithStream(), seekable));
        writer.WriteTombstone(@"Files\gone.txt");
        writer.Finish();
        byte[] tar = output.ToArray();
        string records = Encoding.ASCII.GetString(tar, 512, 512).TrimEnd('\0');
        Assert.Equal(
            "46 LIBARCHIVE.creationtime=1455526401.2345678\n25 MSWINDOWS.fileattr=32\n48 MSWINDOWS.rawsd=AQAEgAAAAAAAAAAAAAAAAAAAAAA=\n"
            + "28 atime=1455526401.2345678\n28 ctime=1455526401.2345678\n28 mtime=1455526401.2345678\n",
            records);
        Assert.Equal(5632, tar.Length);
        Assert.Equal("32a35343d86d86b945a1f920b540948d479a984302da10d1f906aee20220491c", Convert.ToHexStringLower(SHA256.HashData(tar)));
        Assert.Equal((1L, 1L, 5L, 5632L), (writer.EntryCount, writer.TombstoneCount, writer.FileBytes, writer.BytesWritten));
    }

    private static byte[] HelloWithStream() => Backup(
        Record(BackupStreamId.SecurityData, s_nullSecurity),
        Record(BackupStreamId.Data, "hello"u8.ToArray()),
        Record(BackupStreamId.AlternateData, "ads"u8.ToArray(), name: ":ads.txt:$DATA"));
}
