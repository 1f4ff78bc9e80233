using System.Text;
using AotLayers.Formats;
using CsCheck;
using Xunit;
using static AotLayers.Replay.Tests.Formats.FormatSamples;

namespace AotLayers.Replay.Tests.Formats;

/// <summary>
/// docs/formats/layer-tar.md#reading-a-header, docs/formats/import-rules.md#entries: from a layer tar back to backup streams.
/// </summary>
public class LayerTarReaderTests
{
    private static readonly byte[] s_security = SecurityDescriptor.FromSddl("O:BAG:SYD:(A;;FA;;;BA)").Encode();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Round_trip_of_everything(bool seekable)
    {
        byte[] ea = ExtendedAttributes.Encode([new ExtendedAttribute(
            "A"u8.ToArray(),
            "1"u8.ToArray()), new ExtendedAttribute("B"u8.ToArray(), default)]);
        byte[] file = Backup(
            Record(BackupStreamId.SecurityData, s_security),
            Record(BackupStreamId.EaData, ea),
            Record(BackupStreamId.Data, [.. Enumerable.Range(0, 3000).Select(i => (byte)i)]),
            Record(BackupStreamId.AlternateData, "ads"u8.ToArray(), name: ":ads.txt:$DATA"),
            Record(BackupStreamId.AlternateData, [], name: ":empty:$DATA"));
        byte[] link = Backup(
            Record(BackupStreamId.SecurityData, s_security),
            Record(BackupStreamId.ReparseData, ReparsePoint.FromTarget(@"C:\Users", isMountPoint: true).Encode()));
        byte[] directory = Backup(Record(BackupStreamId.SecurityData, s_security));
        LayerFileInfo info = new(131000000012345678, 131000000012345679, 131000000012345680, 116444735999999999, 0x2020);
        LayerFileInfo directoryInfo = info with { FileAttributes = WindowsFileAttributes.Directory };
        LayerFileInfo linkInfo = info with { FileAttributes = WindowsFileAttributes.Directory | WindowsFileAttributes.ReparsePoint };
        var output = new MemoryStream();
        using (var writer = new LayerTarWriter(output))
        {
            writer.WriteEntry("Files", 0, directoryInfo, Open(directory, seekable));
            writer.WriteTombstone(@"Files\gone.txt");
            writer.WriteEntry("Files\\é\uD800.bin", 3000, info, Open(file, seekable));
            writer.WriteHardLink(@"Files\hard", "Files\\é\uD800.bin", info);
            writer.WriteEntry(@"Files\link", 0, linkInfo, Open(link, seekable));
            writer.Finish();
            Assert.Equal((4L, 1L, 1L, 3000L), (writer.EntryCount, writer.TombstoneCount, writer.HardLinkCount, writer.FileBytes));
        }

        List<(LayerTarEntry Entry, byte[] Stream)> entries = Read(output.ToArray(), seekable);
        Assert.Equal(
            [
                (LayerTarEntryKind.Directory, "Files", 0L, directoryInfo, ""),
                (LayerTarEntryKind.Tombstone, @"Files\gone.txt", 0L, default, ""),
                (LayerTarEntryKind.File, "Files\\é\uD800.bin", 3000L, info, ""),
                (LayerTarEntryKind.HardLink, @"Files\hard", 0L, info, "Files\\é\uD800.bin"),
                (LayerTarEntryKind.ReparsePoint, @"Files\link", 0L, linkInfo, @"C:\Users"),
            ],
            entries.Select(e => (e.Entry.Kind, e.Entry.Name, e.Entry.Size, e.Entry.Info, e.Entry.LinkTarget)));
        Assert.Equal(directory, entries[0].Stream);
        Assert.Empty(entries[1].Stream);
        Assert.Equal(file, entries[2].Stream);
        Assert.Empty(entries[3].Stream);
        Assert.Equal(link, entries[4].Stream);
    }

    [Fact]
    public void Streams_need_not_be_read()
    {
        byte[] tar = WriteTar(
            (new TarHeader { Name = "a", Size = 600 }, new byte[600]),
            (new TarHeader { Name = "a:s", Size = 700 }, new byte[700]),
            (new TarHeader { Name = "b" }, []));
        var reader = new LayerTarReader(new MemoryStream(tar));
        Assert.Equal("a", reader.GetNextEntry()!.Name);
        Assert.Equal(10, reader.OpenBackupStream().Read(new byte[10]));
        Assert.Equal("b", reader.GetNextEntry()!.Name);
        reader.OpenBackupStream();
        Assert.Throws<InvalidOperationException>(reader.OpenBackupStream);
        Assert.Null(reader.GetNextEntry());
        Assert.Null(reader.GetNextEntry());
        Assert.Throws<InvalidOperationException>(reader.OpenBackupStream);
    }

    [Fact]
    public void Missing_times_are_the_modification_time()
    {
        byte[] tar = WriteTar((new TarHeader { Name = "a", ModificationTime = 1_000_000_000 }, []));
        LayerTarEntry entry = Assert.Single(Read(tar)).Entry;
        const long Expected = FileTime.UnixEpoch + 10_000_000;
        Assert.Equal(new LayerFileInfo(Expected, Expected, Expected, Expected, 0), entry.Info);
        Assert.Equal(
            WindowsFileAttributes.Directory,
            Read(WriteTar((new TarHeader { Name = "d", TypeFlag = TarTypeFlag.Directory }, [])))[0].Entry.Info.FileAttributes);
    }

    [Theory]
    [InlineData(0L, "6802270473.709551616", 184467440737095516L)]
    [InlineData(131000000012345678L, "1455526401.2345678", 131000000012345678L)]
    [InlineData(116444735999999999L, "-0.0000001", 116444735999999999L)]
    public void Times_wrap_as_they_always_did(long written, string text, long read)
    {
        var output = new MemoryStream();
        using var writer = new LayerTarWriter(output);
        writer.WriteEntry("a", 0, new LayerFileInfo(written, written, written, written, 0), Stream.Null);
        writer.Finish();
        Assert.Contains($"LIBARCHIVE.creationtime={text}\n", Encoding.ASCII.GetString(output.ToArray()), StringComparison.Ordinal);
        Assert.Contains($" atime={text}\n", Encoding.ASCII.GetString(output.ToArray()), StringComparison.Ordinal);
        Assert.Equal(new LayerFileInfo(read, read, read, read, 0), Read(output.ToArray())[0].Entry.Info);
    }

    [Theory]
    [InlineData("")]
    [InlineData("SCHILY.xattr.")]
    public void Layers_of_February_2016(string prefix)
    {
        var header = new TarHeader { Name = "Files/a", ModificationTime = 1_000_000_000 };
        header.Records.Set(Encoding.ASCII.GetBytes(prefix + "MSWINDOWS.accesstime"), 131000000012345671);
        header.Records.Set(Encoding.ASCII.GetBytes(prefix + "MSWINDOWS.changetime"), 131000000012345672);
        header.Records.Set(Encoding.ASCII.GetBytes(prefix + "MSWINDOWS.createtime"), 131000000012345673);
        header.Records.Set(Encoding.ASCII.GetBytes(prefix + "MSWINDOWS.writetime"), 131000000012345674);
        header.Records.Set(Encoding.ASCII.GetBytes(prefix + "MSWINDOWS.fileattr"), 33);
        header.Records.Set(Encoding.ASCII.GetBytes(prefix + "MSWINDOWS.sd"), "O:BAG:SYD:(A;;FA;;;BA)"u8);
        (LayerTarEntry entry, byte[] stream) = Read(WriteTar((header, [])))[0];
        Assert.Equal(new LayerFileInfo(131000000012345673, 131000000012345671, 131000000012345674, 131000000012345672, 33), entry.Info);
        Assert.Equal(Backup(Record(BackupStreamId.SecurityData, s_security), Record(BackupStreamId.Data, [])), stream);
    }

    [Fact]
    public void Extended_attributes_come_sorted()
    {
        var header = new TarHeader { Name = "a" };
        header.Records.Set("MSWINDOWS.xattr.b"u8, "Mg=="u8);
        header.Records.Set("MSWINDOWS.xattr.B"u8, "MQ=="u8);
        byte[] ea = ExtendedAttributes.Encode([new ExtendedAttribute(
            "B"u8.ToArray(),
            "1"u8.ToArray()), new ExtendedAttribute("b"u8.ToArray(), "2"u8.ToArray())]);
        Assert.Equal(Backup(Record(BackupStreamId.EaData, ea), Record(BackupStreamId.Data, [])), Read(WriteTar((header, [])))[0].Stream);
    }

    [Theory]
    [InlineData("../x")]
    [InlineData("a/../../x")]
    [InlineData("/x")]
    [InlineData("C:/x")]
    [InlineData("a:stream")]
    [InlineData("a/.wh...")]
    [InlineData("a/.wh..wh..opq")]
    [InlineData("a//b")]
    [InlineData(@"a\..\..\b")]
    public void Unsafe_names_are_refused(string name) =>
        Assert.Throws<LayerFormatException>(() => Read(WriteTar((new TarHeader { Name = name }, []))));

    [Fact]
    public void Unsafe_link_targets_are_refused() =>
        Assert.Throws<LayerFormatException>(() => Read(WriteTar((new TarHeader
        {
            Name = "a",
            TypeFlag = TarTypeFlag.HardLink,
            LinkName = "../b"
        }, []))));

    [Fact]
    public void What_other_programs_put_around_names_is_dropped()
    {
        byte[] tar = WriteTar(
            (new TarHeader { Name = "./", TypeFlag = TarTypeFlag.Directory }, []),
            (new TarHeader { Name = "./Files/", TypeFlag = TarTypeFlag.Directory }, []),
            (new TarHeader { Name = "./Files/f" }, []));
        Assert.Equal(["Files", @"Files\f"], Read(tar).Select(e => e.Entry.Name));
    }

    [Fact]
    public void Only_streams_of_this_very_entry_belong_to_it()
    {
        byte[] tar = WriteTar((new TarHeader { Name = "a" }, []), (new TarHeader { Name = "A:s" }, []));
        Assert.Contains("':'", Assert.Throws<LayerFormatException>(() => Read(tar)).Message, StringComparison.Ordinal);
        byte[] nested = WriteTar((new TarHeader { Name = "a" }, []), (new TarHeader { Name = "a:s:t" }, []));
        Assert.Contains("alternate stream", Assert.Throws<LayerFormatException>(() => Read(nested)).Message, StringComparison.Ordinal);
        byte[] withType = WriteTar((new TarHeader { Name = "a" }, []), (new TarHeader { Name = "a:s:$DATA" }, []));
        Assert.Equal(
            Backup(Record(BackupStreamId.Data, []), Record(BackupStreamId.AlternateData, [], name: ":s:$DATA")),
            Read(withType)[0].Stream);
    }

    [Fact]
    public void Names_that_differ_in_case_only_are_told_apart()
    {
        byte[] tar = WriteTar((new TarHeader { Name = "Files/a" }, []), (new TarHeader { Name = "Files/A" }, []));
        Assert.Equal([@"Files\a", @"Files\A"], Read(tar).Select(e => e.Entry.Name));
    }

    [Theory]
    [InlineData("MSWINDOWS.rawsd", "***", "no base64")]
    [InlineData("MSWINDOWS.sd", "O:LA", "depends on a machine")]
    [InlineData("MSWINDOWS.fileattr", "4294967296", "32-bit")]
    [InlineData("MSWINDOWS.fileattr", "-1", "32-bit")]
    [InlineData("MSWINDOWS.xattr.x", "*", "no base64")]
    [InlineData("LIBARCHIVE.creationtime", "soon", "no time")]
    [InlineData("MSWINDOWS.createtime", "soon", "64-bit")]
    public void Bad_records_name_the_entry(string key, string value, string reason)
    {
        var header = new TarHeader { Name = "Files/a" };
        header.Records.Set(Encoding.ASCII.GetBytes(key), Encoding.ASCII.GetBytes(value));
        LayerFormatException error = Assert.Throws<LayerFormatException>(() => Read(WriteTar((header, []))));
        Assert.Equal(@"Files\a", error.Entry);
        Assert.Contains(reason, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Devices_are_refused() =>
        Assert.Throws<LayerFormatException>(() => Read(WriteTar((new TarHeader
        {
            Name = "a",
            TypeFlag = TarTypeFlag.CharacterDevice
        }, []))));

    [Fact]
    public void An_archive_cut_anywhere_is_never_taken_for_a_whole_one()
    {
        byte[] tar = WriteTar((new TarHeader { Name = "a", Size = 3 }, "abc"u8.ToArray()), (new TarHeader { Name = "b" }, []));
        for (int length = 0; length <= tar.Length - 1024; length++)
        {
            byte[] cut = tar[..length];
            Assert.Throws<LayerFormatException>(() => Read(cut));
        }

        Assert.Equal(2, Read(tar[..^1024], options: new LayerTarReaderOptions { AllowMissingEndMarker = true }).Count);
    }

    [Fact]
    public void Reading_can_be_cancelled()
    {
        using var cancel = new CancellationTokenSource();
        var reader = new LayerTarReader(new MemoryStream(WriteTar((new TarHeader { Name = "a" }, []))));
        reader.GetNextEntry(cancel.Token);
        cancel.Cancel();
        Assert.Throws<OperationCanceledException>(() => reader.WriteBackupStream(Stream.Null, cancel.Token));
        Assert.Throws<OperationCanceledException>(() => reader.GetNextEntry(cancel.Token));
    }

    /// <summary>What a tar keeps of a backup stream, in the order in which it gives it back, survives any number of trips.</summary>
    [Fact]
    public void Any_file_round_trips() => Gen.Select(Gen.Byte.Array[0, 2000], Gen.Byte.Array[0, 300].Array[0, 3], Gen.Bool, Gen.Bool)
        .Sample((data, streams, secured, seekable) =>
    {
        var records = new List<(BackupStreamHeader Header, byte[] Payload)>();
        if (secured)
        {
            records.Add(Record(BackupStreamId.SecurityData, s_security));
        }

        records.Add(Record(BackupStreamId.Data, data));
        records.AddRange(streams.Select((s, i) => Record(BackupStreamId.AlternateData, s, name: $":s{i}:$DATA")));
        byte[] backup = Backup([.. records]);
        var output = new MemoryStream();
        using var writer = new LayerTarWriter(output);
        writer.WriteEntry(@"Files\x", data.Length, Info(), Open(backup, seekable));
        writer.Finish();
        return Read(output.ToArray(), seekable)[0].Stream.AsSpan().SequenceEqual(backup);
    });

    private static byte[] WriteTar(params (TarHeader Header, byte[] Data)[] entries)
    {
        var output = new MemoryStream();
        var writer = new TarWriter(output);
        foreach ((TarHeader header, byte[] data) in entries)
        {
            writer.WriteHeader(header);
            writer.Write(data);
        }

        writer.Finish();
        return output.ToArray();
    }

    private static List<(LayerTarEntry Entry, byte[] Stream)> Read(byte[] tar, bool seekable = true, LayerTarReaderOptions? options = null)
    {
        var reader = new LayerTarReader(Open(tar, seekable), options);
        var entries = new List<(LayerTarEntry Entry, byte[] Stream)>();
        while (reader.GetNextEntry() is { } entry)
        {
            var stream = new MemoryStream();
            reader.WriteBackupStream(stream);
            entries.Add((entry, stream.ToArray()));
        }

        return entries;
    }
}
