using System.Text;
using AotLayers.Formats;
using CsCheck;
using Xunit;
using static AotLayers.Replay.Tests.Formats.FormatSamples;

namespace AotLayers.Replay.Tests.Formats;

/// <summary>What LayerTarWriterOptions.Lossless keeps: backup stream to tar to backup stream loses nothing.</summary>
public class LosslessTarTests
{
    private static readonly LayerTarWriterOptions s_lossless = new() { Lossless = true };

    [Fact]
    public void Any_backup_stream_comes_back_byte_for_byte() => Entries().Sample(entry =>
    {
        foreach (bool seekable in new[] { true, false })
        {
            var tar = new MemoryStream();
            using var writer = new LayerTarWriter(tar, loss => Assert.Fail(loss.Describe()), s_lossless);
            writer.WriteEntry(@"Files\x", entry.Size, entry.Info, Open(entry.Stream, seekable));
            writer.WriteEntry(@"Files\y", 5, Info(), Open(Backup(Record(BackupStreamId.Data, "after"u8.ToArray())), seekable));
            writer.Finish();

            tar.Position = 0;
            var reader = new LayerTarReader(seekable ? tar : Open(tar.ToArray(), seekable: false));
            Assert.Equal((@"Files\x", entry.Info), (reader.GetNextEntry()!.Name, entry.Info));
            var again = new MemoryStream();
            reader.WriteBackupStream(again);
            Assert.Equal(Convert.ToHexString(entry.Stream), Convert.ToHexString(again.ToArray()));
            LayerTarEntry next = reader.GetNextEntry()!;
            Assert.Equal((@"Files\y", 5), (next.Name, next.Size));
            Assert.Null(reader.GetNextEntry());
        }
    });

    [Fact]
    public void Times_of_any_value_come_back() =>
        Gen.Select(Gen.Long, Gen.Long, Gen.Long, Gen.OneOf(Gen.Long, Gen.Const(0L))).Sample((a, b, c, d) =>
    {
        var info = new LayerFileInfo(a, b, c, d, WindowsFileAttributes.Archive);
        LayerTarReader reader = Write(w =>
        {
            w.WriteEntry("x", 0, info, new MemoryStream(Backup(Record(BackupStreamId.Data, []))));
            w.WriteHardLink("y", "x", info);
        });
        Assert.Equal(info, reader.GetNextEntry()!.Info);
        Assert.Equal(info, reader.GetNextEntry()!.Info);
    });

    [Fact]
    public void What_needs_no_record_gets_none()
    {
        byte[] stream = Backup(
            Record(BackupStreamId.SecurityData, [1, 0, 4, 0x80, .. new byte[16]]),
            Record(
                BackupStreamId.EaData,
                ExtendedAttributes.Encode([new("A"u8.ToArray(), "1"u8.ToArray()), new("B"u8.ToArray(), default)])),
            Record(BackupStreamId.Data, "hello"u8.ToArray()),
            Record(BackupStreamId.AlternateData, "ads"u8.ToArray(), name: ":ads.txt:$DATA"));
        byte[] link = Backup(Record(BackupStreamId.ReparseData, ReparsePoint.FromTarget(@"C:\Users", isMountPoint: true).Encode()));
        Assert.Equal(Bytes(null), Bytes(s_lossless));

        byte[] Bytes(LayerTarWriterOptions? options)
        {
            var output = new MemoryStream();
            using var writer = new LayerTarWriter(output, options: options);
            writer.WriteEntry(@"Files\a", 5, Info(), new MemoryStream(stream));
            writer.WriteEntry(@"Files\l", 0, Info(WindowsFileAttributes.ReparsePoint), new MemoryStream(link));
            writer.WriteEntry(@"Files\d", 0, Info(WindowsFileAttributes.Directory), Stream.Null);
            writer.WriteHardLink(@"Files\b", @"Files\a", Info());
            writer.WriteTombstone(@"Files\gone");
            writer.Finish();
            return output.ToArray();
        }
    }

    [Fact]
    public void Other_readers_see_the_plain_layer()
    {
        // A sparse file reads as its whole content, a directory's stream and an unknown reparse tag are not seen.
        byte[] sparse = Backup(
            Record(BackupStreamId.Data, [], BackupStreamAttributes.Sparse), Block(4096, "abcd"u8.ToArray()), Block(65536, []));
        byte[] directory = Backup(Record(BackupStreamId.AlternateData, [1], name: ":zone:$DATA"));
        byte[] ghost = Backup(Record(BackupStreamId.ReparseData, [0x18, 0, 0, 0x80, 2, 0, 0, 0, 9, 9]), Record(BackupStreamId.Data, [7]));
        var output = new MemoryStream();
        using var writer = new LayerTarWriter(output, loss => Assert.Fail(loss.Describe()), s_lossless);
        writer.WriteEntry("sparse", 65536, Info(), Open(sparse, seekable: false));
        writer.WriteEntry("dir", 0, Info(WindowsFileAttributes.Directory), Open(directory, seekable: false));
        writer.WriteEntry("ghost", 1, Info(WindowsFileAttributes.ReparsePoint), new MemoryStream(ghost));
        writer.Finish();
        List<(TarHeader Header, byte[] Data)> entries = ReadTar(output.ToArray());
        Assert.Equal(["sparse", "dir", "ghost"], entries.Select(e => e.Header.Name));
        Assert.Equal([.. new byte[4096], .. "abcd"u8, .. new byte[65536 - 4100]], entries[0].Data);

        output.Position = 0;
        var plain = new LayerTarReader(output, new LayerTarReaderOptions { IgnoreLosslessRecords = true });
        Assert.Equal(LayerTarEntryKind.File, plain.GetNextEntry()!.Kind);
        var data = new MemoryStream();
        plain.WriteBackupStream(data);
        Assert.Equal(65536 + BackupStreamHeader.EncodedSize, data.Length);
        Assert.Equal(LayerTarEntryKind.Directory, plain.GetNextEntry()!.Kind);
        Assert.Equal(0, plain.WriteBackupStream(Stream.Null));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Unknown_reparse_points_can_be_kept_alone(bool seekable)
    {
        byte[] reparse = [0x17, 0, 0, 0x80, 3, 0, 0, 0, 1, 2, 3];
        byte[] stream = Backup(Record(BackupStreamId.ReparseData, reparse), Record(BackupStreamId.Data, [7]));
        var keep = new LayerTarWriterOptions { UnknownReparsePoints = UnknownReparsePoints.Keep };
        LayerTarReader reader = Write(w => w.WriteEntry("x", 1, Info(WindowsFileAttributes.ReparsePoint), Open(stream, seekable)), keep);
        reader.GetNextEntry();
        var again = new MemoryStream();
        reader.WriteBackupStream(again);
        Assert.Equal(stream, again.ToArray());
    }

    [Fact]
    public void A_stream_too_complex_to_keep_is_a_loss()
    {
        var records = new List<(BackupStreamHeader, byte[])> { Record(BackupStreamId.Data, [], BackupStreamAttributes.Sparse) };
        for (int i = 0; i < 30_000; i++)
        {
            records.Add(Block(i * 10, [1]));
        }

        records.Add(Block(300_000, []));
        var losses = new List<LayerLoss>();
        using var writer = new LayerTarWriter(Stream.Null, losses.Add, s_lossless);
        writer.WriteEntry("x", 300_000, Info(), new MemoryStream(Backup([.. records])));
        writer.Finish();
        Assert.Equal(LayerLossReason.StreamTooComplexToKeep, Assert.Single(losses).Reason);
    }

    [Theory]
    [InlineData("", "of an unknown version")]
    [InlineData("02", "of an unknown version")]
    [InlineData("01 05", "malformed")]
    [InlineData("01 00 0100", "cut")]
    [InlineData("01 00 0700000000000000 ff00000000000000 00000000", "cut")]
    [InlineData("01 02 0300000000000000 0100000000000000 00000000", "not that of this entry")]
    [InlineData("01 01 0100000000000000 0400000000000000 00000000", "stream of 4 bytes, the entry has 5")]
    [InlineData("01 01 0400000000000000 0100000000000000 10000000 3a0061003a0024004400410054004100", "is missing")]
    [InlineData("01 01 0900000008000000 0a00000000000000 00000000 0400000000000000", "cannot come of its data")]
    [InlineData("01 01 0800000000000000 0100000000000000 00000000", "cannot come of its data")]
    public void Records_that_do_not_fit_are_refused(string hex, string reason)
    {
        var tar = new MemoryStream();
        var writer = new TarWriter(tar);
        var header = new TarHeader { Name = "x", Size = 5, Format = TarFormatChoice.Pax };
        header.Records.Set("AOTLAYERS.stream"u8, Encoding.ASCII.GetBytes(Convert.ToBase64String(Hex(hex))));
        writer.WriteHeader(header);
        writer.Write("hello"u8);
        writer.Finish();
        tar.Position = 0;
        LayerFormatException error = Assert.Throws<LayerFormatException>(() =>
        {
            var reader = new LayerTarReader(tar);
            reader.GetNextEntry();
            reader.WriteBackupStream(Stream.Null);
        });
        Assert.Contains(reason, error.Message, StringComparison.Ordinal);
        Assert.Equal("x", error.Entry);
    }

    private static LayerTarReader Write(Action<LayerTarWriter> write, LayerTarWriterOptions? options = null)
    {
        var output = new MemoryStream();
        using var writer = new LayerTarWriter(output, loss => Assert.Fail(loss.Describe()), options ?? s_lossless);
        write(writer);
        writer.Finish();
        output.Position = 0;
        return new LayerTarReader(output);
    }

    /// <summary>Backup streams with everything that Windows puts into one, and more, in any order.</summary>
    private static Gen<(byte[] Stream, long Size, LayerFileInfo Info)> Entries()
    {
        Gen<(BackupStreamHeader, byte[])[]> optional(Gen<(BackupStreamHeader, byte[])> record) =>
            Gen.OneOf(Gen.Const(Array.Empty<(BackupStreamHeader, byte[])>()), record.Select(r => new[] { r }));

        Gen<(BackupStreamHeader, byte[])> security = Gen.Select(Gen.Byte.Array[0, 40], OneOf(0u, 2u))
            .Select((bytes, attributes) => Record(BackupStreamId.SecurityData, bytes, (BackupStreamAttributes)attributes));
        Gen<(BackupStreamHeader, byte[])> attributes = Gen.Select(
            Gen.Char["AB=c"].Array[1, 3],
            Gen.Byte.Array[0, 5],
            OneOf<byte>(0, 0x80)).Array[1, 3]
            .Select(list => Record(BackupStreamId.EaData, ExtendedAttributes.Encode(
                [.. list.Select(a => new ExtendedAttribute(Encoding.ASCII.GetBytes(a.Item1), a.Item2, a.Item3))])));
        Gen<(BackupStreamHeader, byte[])> link = Gen.Select(
            Gen.Char["aC:\\\ud800\udc00é"].Array[0, 6],
            Gen.Char["ab\\?"].Array[0, 6],
            Gen.Bool)
            .Select((print, substitute, mount) => Record(
                BackupStreamId.ReparseData, new ReparsePoint(new string(print), new string(substitute), mount, false).Encode()));
        Gen<(BackupStreamHeader, byte[])> unknown = Gen.Byte.Array[0, 20]
            .Select(data => Record(BackupStreamId.ReparseData, [0x18, 0, 0, 0x80, (byte)data.Length, 0, 0, 0, .. data]));
        Gen<(BackupStreamHeader, byte[])> other = Gen.Select(OneOf(5u, 6u, 7u, 10u, 11u, 77u), Gen.Byte.Array[0, 64])
            .Select((id, bytes) => Record((BackupStreamId)id, bytes));
        Gen<(BackupStreamHeader, byte[])[]> data(BackupStreamId id, string name) => Gen.OneOf(
            Gen.Select(Gen.Byte.Array[0, 1500], OneOf(0u, 8u)).Select((bytes, a) =>
                new[] { Record(id, bytes, bytes.Length == 0 ? BackupStreamAttributes.None : (BackupStreamAttributes)a, name) }),
            Gen.Select(Gen.Int[0, 900], Gen.Byte.Array[1, 600]).Array[0, 3].Select(blocks => Sparse(id, name, blocks)));
        Gen<(BackupStreamHeader, byte[])[]> streams = Gen.Select(Gen.Int[0, 1], OneOf(":$DATA", "", ":$EA")).Array[0, 2]
            .SelectMany(list => list.Length == 0
                ? Gen.Const(Array.Empty<(BackupStreamHeader, byte[])>())
                : Gen.Select(data(BackupStreamId.AlternateData, ":s0" + list[0].Item2), data(BackupStreamId.AlternateData, ":s1:$DATA"))
                    .Select((x, y) => list.Length == 1 ? x : [.. x, .. y]));

        return Gen.Select(
            Gen.Select(optional(security), optional(attributes), Gen.OneOf(optional(link), optional(unknown)), optional(other)),
            Gen.Select(data(BackupStreamId.Data, ""), streams, optional(other)),
            Gen.Select(Gen.Int[0, 2], Gen.Int[0, 3], Gen.Long, Gen.UInt)).Select((prefix, body, choice) =>
            {
                (int kind, int order, long time, uint flags) = choice;
                bool isLink = prefix.Item3.Any(r => BitConverter.ToUInt32(r.Item2) is ReparseTag.SymbolicLink or ReparseTag.MountPoint);
                bool hasData = kind != 0 && !isLink;
                (BackupStreamHeader Header, byte[])[] main = hasData ? body.Item1 : [];
                (BackupStreamHeader, byte[])[] before = [.. prefix.Item1, .. prefix.Item2, .. prefix.Item3, .. prefix.Item4];
                (BackupStreamHeader, byte[])[] all = order switch
                {
                    0 => [.. before, .. main, .. body.Item2, .. body.Item3],
                    1 => [.. main, .. before, .. body.Item2, .. body.Item3],
                    2 => [.. body.Item2, .. before, .. main, .. body.Item3],
                    _ => [.. body.Item3, .. before.Reverse(), .. main, .. body.Item2],
                };
                long size = main.Length == 0 ? 0 : main.Length == 1 ? main[0].Header.Size : main[^1].Header.SparseOffset;
                uint attributesOfFile = flags & ~WindowsFileAttributes.Directory;
                attributesOfFile |= kind == 0 ? WindowsFileAttributes.Directory : 0;
                return (Backup(all), size, new LayerFileInfo(time, 131000000012345678, time / 2, 0, attributesOfFile));
            });
    }

    private static (BackupStreamHeader, byte[])[] Sparse(BackupStreamId id, string name, (int Gap, byte[] Bytes)[] blocks)
    {
        var records = new List<(BackupStreamHeader, byte[])> { Record(id, [], BackupStreamAttributes.Sparse, name) };
        long at = 0;
        foreach ((int gap, byte[] bytes) in blocks)
        {
            records.Add(Block(at + gap, bytes));
            at += gap + bytes.Length;
        }

        records.Add(Block(at + 10, []));
        return [.. records];
    }
}
