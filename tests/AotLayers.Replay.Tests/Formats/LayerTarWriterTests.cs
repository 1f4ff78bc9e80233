using System.Security.Cryptography;
using System.Text;
using AotLayers.Formats;
using CsCheck;
using Xunit;
using static AotLayers.Replay.Tests.Formats.FormatSamples;

namespace AotLayers.Replay.Tests.Formats;

/// <summary>docs/formats/layer-tar.md: what goes into a layer tar, and what is reported as lost.</summary>
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

    [Fact]
    public void Sparse_file_in_a_transport_folder_works_without_its_size()
    {
        // hcsshim fails here with "unknown stream ID 9" and cannot export the layer (docs/formats/layer-tar.md#from-a-backup-stream).
        byte[] backup = Backup(
            Record(BackupStreamId.Data, [], BackupStreamAttributes.Sparse),
            Block(0, "abcd"u8.ToArray()),
            Block(1000, "efgh"u8.ToArray()),
            Block(2000, []),
            Record(BackupStreamId.AlternateData, [1, 2], name: ":s:$DATA"));
        foreach (long size in new long[] { 0, 2000 })
        {
            List<(TarHeader Header, byte[] Data)> entries = ReadBack(
                w => w.WriteEntry(@"Files\x", size, Info(), new MemoryStream(backup)),
                out _);
            Assert.Equal(["Files/x", "Files/x:s"], entries.Select(e => e.Header.Name));
            byte[] expected = new byte[2000];
            "abcd"u8.CopyTo(expected);
            "efgh"u8.CopyTo(expected.AsSpan(1000));
            Assert.Equal(expected, entries[0].Data);
            Assert.Equal([1, 2], entries[1].Data);
        }

        Assert.Contains(
            "mismatch",
            Fail(w => w.WriteEntry(@"Files\x", 1999, Info(), new MemoryStream(backup))).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Sparse_file_of_a_base_layer_needs_its_size()
    {
        byte[] backup = Backup(
            Record(BackupStreamId.Data, [], BackupStreamAttributes.Sparse),
            Block(0, "abcd"u8.ToArray()),
            Block(65536, []));
        List<(TarHeader Header, byte[] Data)> entries = ReadBack(
            w => w.WriteEntry(@"Files\x", 65536, Info(), Open(backup, seekable: false)),
            out _);
        Assert.Equal(65536, entries[0].Data.Length);
        Assert.Contains(
            "mismatch",
            Fail(w => w.WriteEntry(@"Files\x", 0, Info(), Open(backup, seekable: false))).Message,
            StringComparison.Ordinal);
        Assert.Contains(
            "mismatch",
            Fail(w => w.WriteEntry(@"Files\x", 70000, Info(), Open(backup, seekable: false))).Message,
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Sparse_forms_of_the_notes(bool seekable)
    {
        // No range: the whole file is a hole. No DATA record, or an empty one: an empty file.
        byte[] hole = Backup(Record(BackupStreamId.Data, [], BackupStreamAttributes.Sparse), Block(100, []));
        Assert.Equal(new byte[100], ReadBack(w => w.WriteEntry("x", 100, Info(), Open(hole, seekable)), out _)[0].Data);
        byte[] empty = Backup(Record(BackupStreamId.Data, [], BackupStreamAttributes.Sparse));
        Assert.Empty(ReadBack(w => w.WriteEntry("x", 0, Info(), Open(empty, seekable)), out _)[0].Data);
        byte[] oneRange = Backup(Record(BackupStreamId.Data, [1, 2, 3], BackupStreamAttributes.Sparse));
        Assert.Equal([1, 2, 3], ReadBack(w => w.WriteEntry("x", 3, Info(), Open(oneRange, seekable)), out _)[0].Data);
        Assert.Equal(0, ReadBack(w => w.WriteEntry("x", 0, Info(), Open([], seekable)), out _)[0].Header.Mode);
    }

    [Fact]
    public void Sparse_alternate_stream_works_where_the_source_can_seek()
    {
        byte[] backup = Backup(
            Record(BackupStreamId.Data, [7]),
            Record(BackupStreamId.AlternateData, [], BackupStreamAttributes.Sparse, ":s:$DATA"),
            Block(10, [9]),
            Block(20, []));
        List<(TarHeader Header, byte[] Data)> entries = ReadBack(w => w.WriteEntry("x", 1, Info(), new MemoryStream(backup)), out _);
        Assert.Equal([.. new byte[10], 9, .. new byte[9]], entries[1].Data);
        Assert.Contains(
            "cannot seek",
            Fail(w => w.WriteEntry("x", 1, Info(), Open(backup, seekable: false))).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void What_tar_cannot_hold_is_reported()
    {
        byte[] ea = ExtendedAttributes.Encode([new ExtendedAttribute("NEED"u8.ToArray(), "v"u8.ToArray(), 0x80)]);
        byte[] afterData = Backup(
            Record(BackupStreamId.Data, [1]),
            Record(BackupStreamId.EaData, ea),
            Record(BackupStreamId.ObjectId, new byte[64]));
        byte[] directory = Backup(Record(BackupStreamId.AlternateData, [1], name: ":zone:$DATA"), Record(BackupStreamId.PropertyData, []));

        Assert.Equal(
            [LayerLossReason.ExtendedAttributeFlags, LayerLossReason.StreamKindHasNoTarForm],
            Losses(afterData, 1, seekable: true));
        Assert.Equal(
            [LayerLossReason.ExtendedAttributesAfterData, LayerLossReason.StreamKindHasNoTarForm],
            Losses(afterData, 1, seekable: false));
        foreach (bool seekable in new[] { true, false })
        {
            List<(TarHeader Header, byte[] Data)> entries = ReadBack(
                w => w.WriteEntry("dir", 0, Info(WindowsFileAttributes.Directory), Open(directory, seekable)), out List<LayerLoss> losses);
            Assert.Single(entries);
            Assert.Equal(
                [LayerLossReason.AlternateStreamNotAfterData, LayerLossReason.StreamKindHasNoTarForm],
                losses.Select(l => l.Reason));
            Assert.Equal(
                "dir: ALTERNATE_DATA ':zone:$DATA' (1 bytes) is not in the tar: the entry has no DATA stream before it",
                losses[0].Describe());
        }

        static IEnumerable<LayerLossReason> Losses(byte[] backup, long size, bool seekable)
        {
            ReadBack(w => w.WriteEntry("x", size, Info(), Open(backup, seekable)), out List<LayerLoss> losses);
            return losses.Select(l => l.Reason);
        }
    }

    [Fact]
    public void Extended_attributes_after_data_are_kept_where_the_source_can_seek()
    {
        byte[] ea = ExtendedAttributes.Encode([
            new ExtendedAttribute("B"u8.ToArray(), "2"u8.ToArray()), new ExtendedAttribute("A"u8.ToArray(), default)
        ]);
        byte[] backup = Backup(Record(BackupStreamId.Data, [1]), Record(BackupStreamId.EaData, ea));
        PaxRecords records = ReadBack(w => w.WriteEntry("x", 1, Info(), new MemoryStream(backup)), out _)[0].Header.Records;
        Assert.True(records.TryGet("MSWINDOWS.xattr.B"u8, out ReadOnlySpan<byte> value));
        Assert.True(value.SequenceEqual("Mg=="u8));
        Assert.True(records.TryGet("MSWINDOWS.xattr.A"u8, out value));
        Assert.True(value.IsEmpty);
    }

    [Theory]
    [InlineData(WindowsFileAttributes.ReparsePoint, 0xA000)]
    [InlineData(WindowsFileAttributes.ReparsePoint | WindowsFileAttributes.Directory, 0xE000)]
    public void Reparse_points(uint attributes, long mode)
    {
        byte[] backup = Backup(Record(BackupStreamId.ReparseData, ReparsePoint.FromTarget(@"C:\a", isMountPoint: true).Encode()));
        (TarHeader header, _) = ReadBack(
            w => w.WriteEntry("link", 0, Info(attributes), new MemoryStream(backup)),
            out List<LayerLoss> losses)[0];
        Assert.Equal((TarTypeFlag.SymbolicLink, mode, @"C:\a"), (header.TypeFlag, header.Mode, header.LinkName));
        Assert.True(header.Records.TryGet("MSWINDOWS.mountpoint"u8, out _));
        Assert.Empty(losses);
    }

    [Fact]
    public void Empty_print_name_stays_empty_unless_asked_for()
    {
        byte[] backup = Backup(Record(BackupStreamId.ReparseData, new ReparsePoint("", @"\??\C:\a", true, false).Encode()));
        Assert.Equal(
            "",
            ReadBack(w => w.WriteEntry("link", 0, Info(), new MemoryStream(backup)), out List<LayerLoss> losses)[0].Header.LinkName);
        Assert.Equal(LayerLossReason.ReparseTargetDiffers, Assert.Single(losses).Reason);
        var repair = new LayerTarWriterOptions { RepairEmptyPrintNames = true };
        Assert.Equal(
            @"C:\a",
            ReadBack(w => w.WriteEntry("link", 0, Info(), new MemoryStream(backup)), out losses, repair)[0].Header.LinkName);
        Assert.Empty(losses);
    }

    [Fact]
    public void A_lone_surrogate_in_a_target_is_replaced_and_reported()
    {
        // Entry and stream names keep theirs; Go decodes targets with utf16.Decode. (Attributes of .NET cannot carry such texts: no
        // theory.)
        foreach ((string target, string expected) in new[]
        {
            ("a\ud800b", "a\ufffdb"),
            ("\udc00\udc00", "\ufffd\ufffd"),
            ("\ud83d\ude00\ud83d", "\ud83d\ude00\ufffd"),
        })
        {
            byte[] backup = Backup(Record(BackupStreamId.ReparseData, ReparsePoint.FromTarget(target, isMountPoint: false).Encode()));
            (TarHeader header, _) = ReadBack(
                w => w.WriteEntry("link\ud800", 0, Info(), new MemoryStream(backup)),
                out List<LayerLoss> losses)[0];
            Assert.Equal((expected, "link\ud800"), (header.LinkName, header.Name));
            LayerLoss loss = Assert.Single(losses);
            Assert.Equal(LayerLossReason.ReparseTargetNotUnicode, loss.Reason);
            Assert.EndsWith("its target has a lone surrogate, which becomes U+FFFD", loss.Describe(), StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Unknown_reparse_tag_names_entry_and_tag()
    {
        byte[] backup = Backup(Record(BackupStreamId.ReparseData, [0x18, 0, 0, 0x80, 0, 0, 0, 0]), Record(BackupStreamId.Data, []));
        LayerFormatException error = Fail(w => w.WriteEntry(@"Files\ghost", 0, Info(), new MemoryStream(backup)));
        Assert.Equal(@"Files\ghost: unsupported reparse point WCI (0x80000018) (stream REPARSE_DATA)", error.Message);
        var drop = new LayerTarWriterOptions { UnknownReparsePoints = UnknownReparsePoints.Drop };
        ReadBack(w => w.WriteEntry(@"Files\ghost", 0, Info(), new MemoryStream(backup)), out List<LayerLoss> losses, drop);
        Assert.Equal(LayerLossReason.ReparseTagHasNoTarForm, Assert.Single(losses).Reason);
    }

    [Fact]
    public void Security_after_data_needs_a_source_that_can_seek()
    {
        byte[] backup = Backup(Record(BackupStreamId.Data, [1]), Record(BackupStreamId.SecurityData, s_nullSecurity));
        Assert.True(ReadBack(w => w.WriteEntry("x", 1, Info(), new MemoryStream(backup)), out _)[0].Header.Records.TryGet(
            "MSWINDOWS.rawsd"u8,
            out _));
        Assert.StartsWith(
            "unknown stream ID 3 after data",
            Fail(w => w.WriteEntry("x", 1, Info(), Open(backup, seekable: false))).Reason,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Errors_name_the_entry_and_an_archive_with_one_is_never_finished()
    {
        using var writer = new LayerTarWriter(new MemoryStream());
        byte[] backup = Backup(Record(BackupStreamId.GhostedFileExtents, []), Record(BackupStreamId.Data, []));
        LayerFormatException error = Assert.Throws<LayerFormatException>(() => writer.WriteEntry(
            @"Files\x",
            0,
            Info(),
            new MemoryStream(backup)));
        Assert.Equal((@"Files\x", "unknown stream ID 11", BackupStreamId.GhostedFileExtents), (error.Entry, error.Reason, error.StreamId));
        Assert.Throws<InvalidOperationException>(writer.Finish);
        Assert.Throws<InvalidOperationException>(() => writer.WriteTombstone("y"));
    }

    [Theory]
    [InlineData("0100000000000000ff00000000000000", "cut")]
    [InlineData("01000000000000000100000000000000 00000000", "1 of 1 bytes of a record missing")]
    [InlineData("01000000000000000200000000000000 00000000 6162", "mismatch between file size 2 and header size 1")]
    [InlineData("", "no DATA stream")]
    [InlineData("01000000000000000100000000000000 00000000 61 01000000000000000000000000000000 00000000", "")]
    [InlineData(
        "01000000000000000100000000000000 00000000 61 04000000000000000000000000000000 06000000 61003a006200",
        "invalid name of an alternate stream")]
    [InlineData("08000000000000000300000000000000 00000000 616161", "less than a header")]
    [InlineData("02000000000000000300000000000000 00000000 616161", "header is cut")]
    [InlineData("03000000000000000000002000000000 00000000", "at most")]
    public void Broken_streams_fail(string hex, string reason)
    {
        foreach (bool seekable in new[] { true, false })
        {
            LayerFormatException error = Fail(w => w.WriteEntry("x", 1, Info(), Open(Hex(hex), seekable)));
            Assert.Contains(reason, error.Message, StringComparison.Ordinal);
            Assert.Equal("x", error.Entry);
        }
    }

    [Fact]
    public void Any_backup_stream_is_written_or_refused()
    {
        Gen<byte[]> record = Gen.Select(
            Gen.UInt[0, 12],
            Gen.OneOf(Gen.Const(0u), Gen.Const(8u)),
            Gen.OneOf(Gen.Long[0, 40], Gen.Long),
            Gen.UInt[0, 6],
            Gen.Byte.Array[0, 40])
            .Select(r => (byte[])[
                .. BitConverter.GetBytes(r.Item1), .. BitConverter.GetBytes(r.Item2), .. BitConverter.GetBytes(r.Item3),
                .. BitConverter.GetBytes(r.Item4), .. r.Item5
            ]);
        Gen.Select(record.Array[0, 4], Gen.Bool, Gen.Long[0, 30]).Sample((records, seekable, size) => OnlyFormatErrors(() =>
        {
            // Holes of any size are legal: those that would take for ever are ended after two megabytes.
            using var cancel = new CancellationTokenSource();
            using var output = new CancellingStream(2 << 20, cancel);
            using var writer = new LayerTarWriter(output);
            try
            {
                writer.WriteEntry("x", size, Info(), Open([.. records.SelectMany(r => r)], seekable), cancel.Token);
                writer.Finish();
            }
            catch (OperationCanceledException)
            {
                Assert.True(writer.BytesWritten > 1 << 20);
            }
        }));
    }

    [Theory]
    [InlineData("")]
    [InlineData(@"\Files")]
    [InlineData(@"Files\")]
    [InlineData("a:b")]
    [InlineData(@"a\..\b")]
    [InlineData("a\0")]
    public void Names_that_mean_something_else_in_a_tar_are_refused(string name)
    {
        using var writer = new LayerTarWriter(Stream.Null);
        Assert.Throws<LayerFormatException>(() => writer.WriteEntry(name, 0, Info(), Stream.Null));
        Assert.Throws<LayerFormatException>(() => writer.WriteTombstone(name));
        Assert.Throws<LayerFormatException>(() => writer.WriteHardLink("a", name, Info()));
        writer.WriteTombstone("good");
        writer.Finish();
    }

    [Fact]
    public void Copying_can_be_cancelled()
    {
        using var cancel = new CancellationTokenSource();
        cancel.Cancel();
        using var writer = new LayerTarWriter(Stream.Null);
        Assert.Throws<OperationCanceledException>(() => writer.WriteEntry(
            @"Files\hello.txt",
            5,
            Info(),
            new MemoryStream(HelloWithStream()),
            cancel.Token));
        Assert.Throws<InvalidOperationException>(writer.Finish);
    }

    [Fact]
    public void A_hole_of_a_terabyte_is_not_held_in_memory()
    {
        byte[] backup = Backup(Record(BackupStreamId.Data, [], BackupStreamAttributes.Sparse), Block(1L << 40, []));
        using var cancel = new CancellationTokenSource();
        using var output = new CancellingStream(256 << 20, cancel);
        using var writer = new LayerTarWriter(output);
        var source = new MemoryStream(backup);

        long before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Throws<OperationCanceledException>(() => writer.WriteEntry("x", 1L << 40, Info(), source, cancel.Token));
        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;

        Assert.True(output.Length > 256 << 20, $"only {output.Length} bytes were written");
        Assert.True(allocated < 1 << 20, $"{allocated} bytes were allocated for {output.Length} bytes of a hole");
    }

    private static LayerFormatException Fail(Action<LayerTarWriter> write)
    {
        using var writer = new LayerTarWriter(Stream.Null);
        return Assert.Throws<LayerFormatException>(() =>
        {
            write(writer);
            writer.Finish();
        });
    }

    private static List<(TarHeader Header, byte[] Data)> ReadBack(
        Action<LayerTarWriter> write,
        out List<LayerLoss> losses,
        LayerTarWriterOptions? options = null)
    {
        var output = new MemoryStream();
        var reported = new List<LayerLoss>();
        using var writer = new LayerTarWriter(output, reported.Add, options);
        write(writer);
        writer.Finish();
        losses = reported;
        Assert.Equal(reported.Count, writer.LossCount);
        return ReadTar(output.ToArray());
    }

    private static byte[] HelloWithStream() => Backup(
        Record(BackupStreamId.SecurityData, s_nullSecurity),
        Record(BackupStreamId.Data, "hello"u8.ToArray()),
        Record(BackupStreamId.AlternateData, "ads"u8.ToArray(), name: ":ads.txt:$DATA"));
}
