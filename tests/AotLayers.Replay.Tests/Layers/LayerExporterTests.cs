using System.IO.Compression;
using System.Security.Cryptography;
using AotLayers.Formats;
using AotLayers.Hcs;
using AotLayers.Replay.Tests.Recordings;
using Xunit;

namespace AotLayers.Replay.Tests.Layers;

/// <summary>
/// Export to tar: the known answer of docs/formats/layer-tar.md#known-answer, compression, digests, and outputs that appear whole or not
/// at all.
/// </summary>
public sealed class LayerExporterTests
{
    private const string KnownDigest = "sha256:32a35343d86d86b945a1f920b540948d479a984302da10d1f906aee20220491c";
    private readonly FakeVmcompute _vmcompute = new();

    [Theory]
    [InlineData(int.MaxValue)]
    [InlineData(1)]
    [InlineData(13)]
    public void The_known_answer_comes_out_whatever_the_sizes_of_reads(int largestRead)
    {
        _vmcompute.LargestRead = largestRead;
        using var output = new MemoryStream();
        ExportSummary summary = LayerExporter.Export(KnownLayer(), output);
        Assert.Equal(5632, output.Length);
        Assert.Equal(KnownDigest, summary.DiffId);
        Assert.Equal(KnownDigest, summary.Digest);
        Assert.Equal(KnownDigest, Sha256(output.ToArray()));
        Assert.Equal(1, summary.Entries);
        Assert.Equal(1, summary.Tombstones);
        Assert.Equal(5, summary.FileBytes);
        Assert.Equal(5632, summary.Bytes);
        Assert.Equal("stream", summary.Reader);
        Assert.Empty(summary.Losses);
        Assert.Equal("End", _vmcompute.Calls[^1]);
    }

    [Theory]
    [InlineData(LayerCompression.Gzip)]
    [InlineData(LayerCompression.Zstd)]
    public void Compressed_outputs_hold_the_same_tar(LayerCompression compression)
    {
        using var output = new MemoryStream();
        ExportSummary summary = LayerExporter.Export(KnownLayer(), output, new ExportOptions { Compression = compression });
        byte[] bytes = output.ToArray();
        Assert.Equal(KnownDigest, summary.DiffId);
        Assert.Equal(Sha256(bytes), summary.Digest);
        Assert.Equal(bytes.Length, summary.Bytes);
        Assert.Equal(5632, summary.TarBytes);
        Assert.Equal(KnownDigest, Sha256(Decompress(bytes, compression)));

        using var again = new MemoryStream();
        LayerExporter.Export(new LayerExporterTests().KnownLayer(), again, new ExportOptions { Compression = compression });
        Assert.Equal(bytes, again.ToArray());
    }

    /// <summary>RFC 1952: no time, no compression hint, unknown operating system - on every system.</summary>
    [Fact]
    public void The_gzip_header_names_neither_time_nor_system()
    {
        using var output = new MemoryStream();
        LayerExporter.Export(KnownLayer(), output, new ExportOptions { Compression = LayerCompression.Gzip });
        Assert.Equal("1f8b08000000000000ff", Convert.ToHexStringLower(output.ToArray().AsSpan(0, 10)));
    }

    [Fact]
    public void Digests_are_left_out_when_not_asked_for()
    {
        ExportSummary summary = LayerExporter.Export(KnownLayer(), Stream.Null, new ExportOptions { ComputeDigests = false });
        Assert.Null(summary.DiffId);
        Assert.Null(summary.Digest);
    }

    [Fact]
    public void A_file_appears_when_all_is_done()
    {
        using var folder = new TempFolder();
        string path = folder.File("layer.tar");
        LayerExporter.ExportToFile(KnownLayer(), path);
        Assert.Equal(KnownDigest, Sha256(File.ReadAllBytes(path)));
        Assert.Equal([path], Directory.GetFileSystemEntries(folder.Path));
    }

    [Fact]
    public void An_existing_file_is_replaced_or_stays_as_it_was()
    {
        using var folder = new TempFolder();
        string path = folder.File("layer.tar");
        File.WriteAllText(path, "before");
        _vmcompute.FailReadAt = 50;
        Assert.Throws<LayerException>(() => LayerExporter.ExportToFile(KnownLayer(), path));
        Assert.Equal("before", File.ReadAllText(path));
        Assert.Equal([path], Directory.GetFileSystemEntries(folder.Path));

        LayerExporter.ExportToFile(new LayerExporterTests().KnownLayer(), path);
        Assert.Equal(KnownDigest, Sha256(File.ReadAllBytes(path)));
    }

    [Fact]
    public void No_file_appears_when_the_last_call_fails()
    {
        using var folder = new TempFolder();
        _vmcompute.EndResult = unchecked((int)0x80070017);
        Assert.Equal(
            "ExportLayerEnd",
            Assert.Throws<LayerException>(() => LayerExporter.ExportToFile(KnownLayer(), folder.File("layer.tar"))).Call);
        Assert.Empty(Directory.GetFileSystemEntries(folder.Path));
    }

    [Theory]
    [InlineData(LayerCompression.None)]
    [InlineData(LayerCompression.Gzip)]
    [InlineData(LayerCompression.Zstd)]
    public void A_failed_export_to_a_stream_has_no_end(LayerCompression compression)
    {
        _vmcompute.EndResult = unchecked((int)0x80070017);
        using var output = new MemoryStream();
        Assert.Throws<LayerException>(() => LayerExporter.Export(KnownLayer(), output, new ExportOptions { Compression = compression }));
        byte[] bytes = output.ToArray();
        if (compression == LayerCompression.None)
        {
            Assert.NotEqual(new byte[1024], bytes[^1024..]);
            return;
        }

        Assert.ThrowsAny<Exception>(() => Decompress(bytes, compression, requireAll: true));
    }

    [Fact]
    public void Cancellation_leaves_no_file_and_ends_the_export()
    {
        using var folder = new TempFolder();
        using var cancellation = new CancellationTokenSource();
        var progress = new CancelAfterFirst(cancellation);
        Assert.Throws<OperationCanceledException>(() => LayerExporter.ExportToFile(
            KnownLayer(), folder.File("layer.tar"), new ExportOptions { Progress = progress }, cancellation.Token));
        Assert.Empty(Directory.GetFileSystemEntries(folder.Path));
        Assert.Single(_vmcompute.Calls, "End");
    }

    [Fact]
    public void A_malformed_backup_stream_tells_entry_stream_and_offset()
    {
        var stream = new MemoryStream();
        var writer = new BackupStreamWriter(stream);
        writer.WriteHeader(new BackupStreamHeader(BackupStreamId.Data, 1000));
        writer.Write(new byte[400]);
        _vmcompute.Entries.Add(new FakeEntry(@"Files\cut.bin", stream.ToArray(), Size: 1000));
        LayerException e = Assert.Throws<LayerException>(() => LayerExporter.Export(Begin(), Stream.Null));
        Assert.Equal(@"Files\cut.bin", e.Context.Entry);
        Assert.Equal("DATA", e.Context.Stream);
        Assert.Equal(420, e.Context.Offset);
        Assert.Equal(@"C:\l\app", e.Context.Layer);
    }

    [Fact]
    public void Streams_without_a_tar_form_are_reported_as_losses()
    {
        var stream = new MemoryStream();
        new BackupStreamWriter(stream).WriteRecord(BackupStreamId.ObjectId, new byte[64]);
        new BackupStreamWriter(stream).WriteRecord(BackupStreamId.Data, "x"u8);
        _vmcompute.Entries.Add(new FakeEntry(@"Files\a", stream.ToArray(), Size: 1));
        ExportSummary summary = LayerExporter.Export(Begin(), Stream.Null);
        LayerLossRecord loss = Assert.Single(summary.Losses);
        Assert.Equal(@"Files\a", loss.Entry);
        Assert.Equal("streamKindHasNoTarForm", loss.Reason);
    }

    [Fact]
    public void A_full_disk_is_an_error_of_the_output()
    {
        LayerException e = Assert.Throws<LayerException>(() => LayerExporter.Export(KnownLayer(), new FullDisk()));
        Assert.Contains("cannot write the output: no space", e.Message, StringComparison.Ordinal);
        Assert.Equal(@"C:\l\app", e.Context.Layer);
        Assert.Single(_vmcompute.Calls, "End");
    }

    [Fact]
    public void A_full_disk_tells_code_layer_and_the_name_of_the_output()
    {
        if (!OperatingSystem.IsLinux())
        {
            return;
        }

        LayerException e = Assert.Throws<LayerException>(() => LayerExporter.ExportToFile(KnownLayer(), "/dev/full"));
        Assert.Equal(0x80070070u, e.Code);
        Assert.StartsWith(
            @"cannot write /dev/full: There is not enough space on the disk. (0x70) (layer C:\l\app",
            e.Message,
            StringComparison.Ordinal);
        Assert.Contains("full", e.Hint, StringComparison.Ordinal);
    }

    [Fact]
    public void A_missing_directory_of_the_output_is_told_before_anything_is_read()
    {
        using var folder = new TempFolder();
        LayerException e = Assert.Throws<LayerException>(() => LayerExporter.ExportToFile(KnownLayer(), folder.File("no/layer.tar")));
        Assert.Contains("cannot create", e.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("Next", _vmcompute.Calls);
        Assert.Single(_vmcompute.Calls, "End");
    }

    private StreamingLayerReader KnownLayer()
    {
        const long time = 131000000012345678;
        var stream = new MemoryStream();
        var writer = new BackupStreamWriter(stream);
        writer.WriteRecord(BackupStreamId.SecurityData, [1, 0, 4, 0x80, .. new byte[16]]);
        writer.WriteRecord(BackupStreamId.Data, "hello"u8);
        writer.WriteHeader(new BackupStreamHeader(BackupStreamId.AlternateData, 3, Name: ":ads.txt:$DATA"));
        writer.Write("ads"u8);
        var info =
            new FileBasicInfo { CreationTime = time, LastAccessTime = time, LastWriteTime = time, ChangeTime = time, FileAttributes = 32 };
        _vmcompute.Entries.Add(new FakeEntry(@"\Files\hello.txt", stream.ToArray(), info, 5));
        _vmcompute.Entries.Add(new FakeEntry(@"\Files\gone.txt", [], Deleted: true));
        return Begin();
    }

    private StreamingLayerReader Begin() => StreamingLayerReader.Begin(_vmcompute, new LayerLocation { Id = @"C:\l\app" });

    private static string Sha256(byte[] bytes) => "sha256:" + Convert.ToHexStringLower(SHA256.HashData(bytes));

    private static byte[] Decompress(byte[] bytes, LayerCompression compression, bool requireAll = false)
    {
        using var input = new MemoryStream(bytes);
        using Stream stream = compression == LayerCompression.Gzip
            ? new GZipStream(input, CompressionMode.Decompress)
            : new ZstdSharp.DecompressionStream(input);
        byte[] tar = new byte[5632];
        int got = stream.ReadAtLeast(tar, tar.Length, throwOnEndOfStream: requireAll);
        Assert.Equal(0, stream.Read(new byte[1]));
        return tar[..got];
    }

    private sealed class CancelAfterFirst(CancellationTokenSource cancellation) : IProgress<ExportProgress>
    {
        public void Report(ExportProgress value)
        {
            Assert.Equal(1, value.Entries);
            cancellation.Cancel();
        }
    }

    private sealed class FullDisk : MemoryStream
    {
        public override void Write(ReadOnlySpan<byte> buffer) => throw new IOException("no space");

        public override void Write(byte[] buffer, int offset, int count) => throw new IOException("no space");
    }
}
