using System.Buffers.Binary;
using AotLayers.Formats;
using CsCheck;
using Xunit;

namespace AotLayers.Replay.Tests.Formats;

/// <summary>What an entry is besides its content, decoded once from its backup stream.</summary>
public sealed class LayerEntryMetadataTests
{
    private const string Name = @"Files\a.txt";

    [Fact]
    public void Everything_of_an_entry_is_found_with_its_place()
    {
        byte[] security = [1, 0, 4, 0x80, .. new byte[16]];
        byte[] attributes = ExtendedAttributes.Encode([new("A"u8.ToArray(), "x"u8.ToArray()), new("A"u8.ToArray(), "y"u8.ToArray(), 0x80)]);
        var stream = new MemoryStream();
        var writer = new BackupStreamWriter(stream);
        writer.WriteRecord(BackupStreamId.SecurityData, security);
        writer.WriteHeader(new BackupStreamHeader(BackupStreamId.Data, 0, BackupStreamAttributes.Sparse));
        writer.WriteHeader(new BackupStreamHeader(BackupStreamId.SparseBlock, 3, BackupStreamAttributes.Sparse, SparseOffset: 65536));
        writer.Write("abc"u8);
        writer.WriteHeader(new BackupStreamHeader(BackupStreamId.SparseBlock, 0, BackupStreamAttributes.Sparse, SparseOffset: 100000));
        writer.WriteRecord(BackupStreamId.EaData, attributes);
        writer.WriteHeader(new BackupStreamHeader(BackupStreamId.AlternateData, 4, Name: ":ads.txt:$DATA"));
        writer.Write("ads!"u8);
        writer.WriteRecord(BackupStreamId.ObjectId, new byte[64]);
        writer.WriteRecord(BackupStreamId.TxfsData, new byte[7]);
        foreach (Stream source in new[] { stream, new OneByteStream(stream.ToArray()) })
        {
            stream.Position = 0;
            var metadata = LayerEntryMetadata.Read(source, Name, new LayerFileInfo(1, 2, 3, 4, 0x220));
            Assert.Equal(security, metadata.SecurityDescriptor);
            LayerStreamMetadata place = Assert.Single(metadata.SecurityStreams);
            Assert.Equal((0L, 20L, 20L, false), (place.RecordOffset, place.PayloadOffset, place.PayloadSize, place.IsAfterData));
            Assert.Equal(attributes, metadata.ExtendedAttributeList);
            Assert.True(metadata.ExtendedAttributesAfterData);
            Assert.Equal(["A", "A"], metadata.ExtendedAttributes.Select(attribute => attribute.NameText));
            Assert.Equal(64, metadata.ObjectId!.Length);
            Assert.Equal((100000L, true, true), (metadata.Data!.Size, metadata.Data.IsSparse, metadata.Data.IsInBlocks));
            LayerStreamRange range = Assert.Single(metadata.Data.Ranges);
            Assert.Equal((65536L, 3L), (range.Offset, range.Length));
            Assert.Equal("abc"u8.ToArray(), stream.ToArray().AsSpan((int)range.PayloadOffset, 3).ToArray());
            LayerStreamMetadata ads = Assert.Single(metadata.AlternateStreams);
            Assert.Equal(("ads.txt", 4L), (ads.BareName, ads.Size));
            Assert.Equal(ads.PayloadOffset - 20 - (2 * ":ads.txt:$DATA".Length), ads.RecordOffset);
            Assert.Equal("ads!"u8.ToArray(), stream.ToArray().AsSpan((int)ads.PayloadOffset, 4).ToArray());
            Assert.Equal(BackupStreamId.TxfsData, Assert.Single(metadata.OtherStreams).Id);
            Assert.Equal(stream.Length, metadata.StreamSize);
            Assert.Equal(
                [
                    LayerLossReason.DuplicateExtendedAttribute, LayerLossReason.ExtendedAttributeFlags,
                    LayerLossReason.StreamKindHasNoTarForm, LayerLossReason.StreamKindHasNoTarForm
                ],
                metadata.TarLosses.Select(loss => loss.Reason));
        }
    }

    [Fact]
    public void A_reparse_point_is_kept_and_understood()
    {
        byte[] link = ReparsePoint.FromTarget(@"C:\target", isMountPoint: false).Encode();
        LayerEntryMetadata metadata = Read(BackupStreamId.ReparseData, link);
        Assert.Equal(link, metadata.ReparseData);
        Assert.Equal(@"C:\target", metadata.ReparsePoint!.Target);
        Assert.Equal(ReparseTag.SymbolicLink, metadata.ReparseTag);

        byte[] other = new byte[12];
        BinaryPrimitives.WriteUInt32LittleEndian(other, ReparseTag.Wci);
        other[4] = 4;
        metadata = Read(BackupStreamId.ReparseData, other);
        Assert.Null(metadata.ReparsePoint);
        Assert.Equal(ReparseTag.Wci, metadata.ReparseTag);
        Assert.Equal(LayerLossReason.ReparseTagHasNoTarForm, Assert.Single(metadata.TarLosses).Reason);
    }

    [Theory]
    [InlineData(BackupStreamId.SecurityData, 256 * 1024 + 1)]
    [InlineData(BackupStreamId.EaData, 1024 * 1024 + 1)]
    [InlineData(BackupStreamId.ReparseData, 8 + 65536)]
    [InlineData(BackupStreamId.ObjectId, 1025)]
    public void Metadata_that_is_larger_than_is_possible_is_not_read(BackupStreamId id, int size)
    {
        LayerFormatException e = Assert.Throws<LayerFormatException>(() => Read(id, new byte[size]));
        Assert.Equal((Name, id), (e.Entry, e.StreamId));
    }

    /// <summary>Two ways to one answer: what the writer of tars reports while it writes, and what the metadata says beforehand.</summary>
    [Fact]
    public void The_losses_are_those_that_the_tar_writer_reports() => Gen.Select(s_records, Gen.Bool).Sample((records, data) =>
    {
        var stream = new MemoryStream();
        var writer = new BackupStreamWriter(stream);
        bool hasData = false;
        foreach ((BackupStreamId id, byte[] payload) in records)
        {
            if (id == BackupStreamId.Data)
            {
                if (hasData)
                {
                    continue;
                }

                hasData = true;
            }

            writer.WriteHeader(new BackupStreamHeader(id, payload.Length, Name: id == BackupStreamId.AlternateData ? ":s:$DATA" : ""));
            writer.Write(payload);
        }

        var info = new LayerFileInfo(0, 0, 0, 0, 0x20);
        stream.Position = 0;
        var reported = new List<LayerLoss>();
        using (var tar = new LayerTarWriter(
            Stream.Null,
            reported.Add,
            new LayerTarWriterOptions { UnknownReparsePoints = UnknownReparsePoints.Drop }))
        {
            try
            {
                tar.WriteEntry(Name, hasData ? 5 : 0, info, stream);
            }
            catch (LayerFormatException)
            {
                // Links with data have no tar form at all.
                return;
            }
        }

        stream.Position = 0;
        Assert.Equal(reported, LayerEntryMetadata.Read(stream, Name, info).TarLosses);
    });

    [Fact]
    public void Hostile_streams_are_refused_or_read() => Gen.Byte.Array[0, 200].Sample(bytes =>
    {
        try
        {
            LayerEntryMetadata.Read(new MemoryStream(bytes), Name, default);
        }
        catch (LayerFormatException e)
        {
            Assert.Equal(Name, e.Entry);
        }
    });

    private static readonly Gen<(BackupStreamId, byte[])[]> s_records = Gen.OneOf(
        Gen.Const((BackupStreamId.SecurityData, new byte[20])),
        Gen.Const((BackupStreamId.Data, new byte[5])),
        Gen.Const((BackupStreamId.AlternateData, new byte[3])),
        Gen.Const((BackupStreamId.ObjectId, new byte[64])),
        Gen.Const((BackupStreamId.Link, new byte[2])),
        Gen.Const((BackupStreamId.EaData, ExtendedAttributes.Encode([new("N"u8.ToArray(), "x"u8.ToArray(), 0x80)]))),
        Gen.Const((BackupStreamId.ReparseData, ReparsePoint.FromTarget(@"..\x", isMountPoint: false).Encode())),
        Gen.Const((BackupStreamId.ReparseData, new ReparsePoint("", @"\??\C:\x", true, false).Encode())),
        Gen.Const((BackupStreamId.ReparseData, new ReparsePoint("C:\\\ud800", "\\??\\C:\\\ud800", true, false).Encode())),
        Gen.Const((BackupStreamId.ReparseData, new byte[] { 0x18, 0, 0, 0x80, 0, 0, 0, 0 }))).Array[0, 6];

    private static LayerEntryMetadata Read(BackupStreamId id, byte[] payload)
    {
        var stream = new MemoryStream();
        new BackupStreamWriter(stream).WriteRecord(id, payload);
        stream.Position = 0;
        return LayerEntryMetadata.Read(stream, Name, default);
    }

    /// <summary>A source that cannot seek and gives one byte at a time.</summary>
    private sealed class OneByteStream(byte[] bytes) : MemoryStream(bytes)
    {
        public override bool CanSeek => false;

        public override int Read(Span<byte> buffer) => base.Read(buffer[..Math.Min(1, buffer.Length)]);
    }
}
