using AotLayers.Formats;
using AotLayers.Hcs;
using AotLayers.Replay.Tests.Recordings;
using Xunit;

namespace AotLayers.Replay.Tests.Layers;

/// <summary>
/// Transport folders on any file system (docs/formats/transport-folder.md#tree), with what the originals did to odd ones
/// (docs/compatibility.md#what-is-different).
/// </summary>
public sealed class TransportFolderReaderTests
{
    [Fact]
    public void The_order_is_that_of_the_bytes_and_tombstones_follow_their_directory()
    {
        using var folder = new TransportFolder(@"\gone.txt", @"\b\x", @"\b\y", @"\B\z");
        folder.Folder("Files/b").Prefixed("Files/b/file", 0x20, Data("1")).Folder("Files/B").Prefixed("Files/a.txt", 0x20, Data("22"))
            .Prefixed("Files/b.txt", 0x20, Data("")).Prefixed("Files/\u00e9", 0x20, Data("3")).Plain("UtilityVM/info", "vm");
        using var reader = TransportFolderReader.Open(folder.Path);
        Assert.Equal(
            [
                "Files", @"-Files\gone.txt", @"Files\B", @"-Files\B\z", @"Files\a.txt", @"Files\b", @"-Files\b\x", @"-Files\b\y",
                @"Files\b\file",
                @"Files\b.txt", "Files\\\u00e9", "Hives", @"Hives\System_Delta", "UtilityVM", @"UtilityVM\info",
            ],
            reader.Names());
        Assert.Empty(reader.Losses);
    }

    [Fact]
    public void Files_have_their_attributes_and_size_inside()
    {
        using var folder = new TransportFolder();
        folder.Prefixed("Files/a", 0x21, (BackupStreamId.EaData, new byte[8]), Data("hello"), (BackupStreamId.ObjectId, new byte[64]));
        using var reader = TransportFolderReader.Open(folder.Path);
        reader.GetNextEntry();
        LayerEntry entry = reader.GetNextEntry()!;
        Assert.Equal(0x21u, entry.Info.FileAttributes);
        Assert.Equal(5, entry.Size);
        Assert.Equal(DateTimeOffset.FromUnixTimeSeconds(1455526402).ToFileTime(), entry.Info.LastWriteTime);
        Stream stream = entry.OpenBackupStream();
        Assert.True(stream.CanSeek);
        Assert.Equal(0, stream.Position);
        Assert.Equal(28 + 25 + 84, stream.Length);
        Assert.Equal(2, stream.ReadByte());
        Assert.Throws<ArgumentOutOfRangeException>(() => stream.Position = -1);
    }

    [Fact]
    public void A_file_without_data_has_size_zero()
    {
        using var folder = new TransportFolder();
        folder.Prefixed("Files/link", 0x420, (BackupStreamId.SecurityData, new byte[20]));
        using var reader = TransportFolderReader.Open(folder.Path);
        reader.GetNextEntry();
        Assert.Equal(0, reader.GetNextEntry()!.Size);
    }

    [Fact]
    public void Files_and_Hives_have_the_times_of_the_system_hive_and_hives_are_plain_data()
    {
        using var folder = new TransportFolder();
        using var reader = TransportFolderReader.Open(folder.Path);
        long time = DateTimeOffset.FromUnixTimeSeconds(1455526401).ToFileTime();
        var expected = new LayerFileInfo(time, time, time, time, 0x10);
        Assert.Equal(expected, reader.GetNextEntry()!.Info);
        Assert.Equal(expected, reader.GetNextEntry()!.Info);
        LayerEntry hive = reader.GetNextEntry()!;
        Assert.Equal(4, hive.Size);
        var stream = new MemoryStream();
        hive.OpenBackupStream().CopyTo(stream);
        Assert.Equal("0100000000000000040000000000000000000000" + "72656766", Convert.ToHexStringLower(stream.ToArray()));
    }

    [Theory]
    [InlineData("Files/$Recycle.Bin")]
    [InlineData("Files/$RECYCLE.BIN")]
    public void The_recycle_bin_is_left_out(string name)
    {
        using var folder = new TransportFolder();
        folder.Folder(name).Prefixed(name + "/x", 0x20, Data("1")).Prefixed("Files/$Recycle.Bin.txt", 0x20, Data("1"));
        using var reader = TransportFolderReader.Open(folder.Path);
        Assert.Equal(["Files", @"Files\$Recycle.Bin.txt", "Hives", @"Hives\System_Delta"], reader.Names());
    }

    [Fact]
    public void A_tombstone_whose_directory_is_not_exported_is_reported_as_lost()
    {
        using var folder = new TransportFolder(@"\nowhere\x", @"\here");
        using var reader = TransportFolderReader.Open(folder.Path);
        Assert.Equal(["Files", @"-Files\here", "Hives", @"Hives\System_Delta"], reader.Names());
        LayerLossRecord loss = Assert.Single(reader.Losses);
        Assert.Equal(@"Files\nowhere\x", loss.Entry);
        Assert.Equal("tombstoneWithoutParent", loss.Reason);
    }

    [Theory]
    [InlineData("Version 1.0\r\n")]
    [InlineData("\u00EF\u00BB\u00BFVersion 2.0\r\n")]
    [InlineData("")]
    public void Tombstones_must_start_with_mark_and_version(string content)
    {
        using var folder = new TransportFolder();
        folder.Tombstones(content);
        LayerException e = Assert.Throws<LayerException>(() => TransportFolderReader.Open(folder.Path));
        Assert.Contains("invalid tombstones file", e.Message, StringComparison.Ordinal);
        Assert.Equal("tombstones.txt", e.Context.Entry);
    }

    [Theory]
    [InlineData("\n\\a\n")]
    [InlineData("\r\n\\a")]
    [InlineData("\r\n\r\n\\a\r\n\r\n")]
    public void Line_ends_and_empty_lines_do_not_matter(string rest)
    {
        using var folder = new TransportFolder();
        folder.Tombstones("\u00EF\u00BB\u00BFVersion 1.0" + rest);
        using var reader = TransportFolderReader.Open(folder.Path);
        Assert.Equal(["Files", @"-Files\a", "Hives", @"Hives\System_Delta"], reader.Names());
    }

    [Fact]
    public void A_folder_without_tombstones_is_none()
    {
        using var folder = new TempFolder();
        LayerException e = Assert.Throws<LayerException>(() => TransportFolderReader.Open(folder.Path));
        Assert.Contains("not a transport folder", e.Hint, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0, "cut before its attributes")]
    [InlineData(3, "cut before its attributes")]
    [InlineData(14, "header is cut")]
    public void Cut_files_are_told(int length, string problem)
    {
        using var folder = new TransportFolder();
        folder.Prefixed("Files/a", 0x20, Data("hello"));
        using (FileStream file = File.OpenWrite(Path.Combine(folder.Path, "Files", "a")))
        {
            file.SetLength(length);
        }

        using var reader = TransportFolderReader.Open(folder.Path);
        reader.GetNextEntry();
        LayerException e = Assert.Throws<LayerException>(reader.GetNextEntry);
        Assert.Contains(problem, e.Message, StringComparison.Ordinal);
        Assert.Equal(@"Files\a", e.Context.Entry);
        Assert.Equal(folder.Path, e.Context.Layer);
        Assert.Same(e, Assert.Throws<LayerException>(reader.GetNextEntry));
    }

    [Fact]
    public void A_directory_without_metadata_is_told()
    {
        using var folder = new TransportFolder();
        Directory.CreateDirectory(Path.Combine(folder.Path, "Files", "dir"));
        using var reader = TransportFolderReader.Open(folder.Path);
        reader.GetNextEntry();
        Assert.Equal(@"Files\dir", Assert.Throws<LayerException>(reader.GetNextEntry).Context.Entry);
    }

    [Fact]
    public void A_missing_system_hive_is_told()
    {
        using var folder = new TransportFolder();
        File.Delete(Path.Combine(folder.Path, "Hives", "System_Delta"));
        using var reader = TransportFolderReader.Open(folder.Path);
        Assert.Contains("System_Delta", Assert.Throws<LayerException>(reader.GetNextEntry).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Links_are_not_followed()
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        using var folder = new TransportFolder();
        Directory.CreateSymbolicLink(Path.Combine(folder.Path, "UtilityVM"), "/etc");
        using var reader = TransportFolderReader.Open(folder.Path);
        Assert.Equal(3, Enumerable.Range(0, 3).Count(_ => reader.GetNextEntry() is not null));
        Assert.Contains("symbolic link", Assert.Throws<LayerException>(reader.GetNextEntry).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_tar_is_the_same_on_every_run_and_readable_by_python()
    {
        using var folder = new TransportFolder(@"\gone");
        folder.Folder("Files/dir").Prefixed("Files/dir/hello.txt", 0x20, Data("hello"));
        using var first = new MemoryStream();
        ExportSummary summary = LayerExporter.Export(TransportFolderReader.Open(folder.Path), first);
        Assert.Equal("folder", summary.Reader);
        Assert.Equal(summary.DiffId, LayerExporter.Export(TransportFolderReader.Open(folder.Path), Stream.Null).DiffId);
        IReadOnlyList<string> lines = PythonTar.List(first.ToArray());
        Assert.Equal(6, lines.Count);
        Assert.Contains(lines, line => line.Contains("Files/.wh.gone", StringComparison.Ordinal));
        Assert.Contains(lines, line => line.Contains("Files/dir/hello.txt", StringComparison.Ordinal)
            && line.Contains("sha256 2cf24dba5fb0a30e", StringComparison.Ordinal));
    }

    private static (BackupStreamId Id, byte[] Payload) Data(string text) => (BackupStreamId.Data, System.Text.Encoding.UTF8.GetBytes(text));
}
