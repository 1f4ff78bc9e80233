using AotLayers.Formats;
using CsCheck;
using Xunit;

namespace AotLayers.Replay.Tests.Formats;

/// <summary>In which record an offset of a backup stream lies, told by the bytes that pass.</summary>
public sealed class BackupStreamTrackerTests
{
    private static readonly Gen<BackupStreamHeader> s_record = Gen.Select(
        Gen.OneOf(
            Gen.Const(BackupStreamId.SecurityData),
            Gen.Const(BackupStreamId.EaData),
            Gen.Const(BackupStreamId.Data),
            Gen.Const(BackupStreamId.ObjectId),
            Gen.Const(BackupStreamId.AlternateData), Gen.Const(BackupStreamId.SparseBlock)),
        Gen.Int[0, 90],
        (id, size) => new BackupStreamHeader(id, size, Name: id == BackupStreamId.AlternateData ? $":s{size}:$DATA" : ""));

    [Fact]
    public void Every_offset_is_known_whatever_the_pieces() =>
        Gen.Select(s_record.Array[0, 6], Gen.Int[1, 40].Array[1, 8]).Sample((records, pieces) =>
    {
        (byte[] stream, (BackupStreamId? Id, string Name)[] expected) = Build(records);
        var tracker = new BackupStreamTracker();
        tracker.Reset();
        int at = 0;
        for (int i = 0; at < stream.Length; i++)
        {
            int count = Math.Min(pieces[i % pieces.Length], stream.Length - at);
            tracker.Advance(stream.AsSpan(at, count));
            at += count;
            Assert.Equal(at, tracker.Position);
            Assert.Equal(expected[at], (tracker.StreamId, tracker.StreamName));
        }
    });

    [Fact]
    public void Seeks_to_what_was_seen_are_followed() =>
        Gen.Select(s_record.Array[1, 6], Gen.Int[0, 1000].Array[1, 10]).Sample((records, targets) =>
    {
        (byte[] stream, (BackupStreamId? Id, string Name)[] expected) = Build(records);
        var tracker = new BackupStreamTracker();
        tracker.Reset();
        tracker.Advance(stream);
        foreach (int target in targets)
        {
            // In the middle of a header nothing is known, and from there on.
            int to = target % (stream.Length + 1);
            tracker.Seek(0);
            tracker.Advance(stream);
            tracker.Seek(to);
            Assert.Equal(expected[to], (tracker.StreamId, tracker.StreamName));
            bool inHeader = expected[to].Id is null && to > 0 && to < stream.Length && !IsBoundary(records, to);
            if (!inHeader)
            {
                tracker.Advance(stream.AsSpan(to));
                Assert.Equal(expected[^1], (tracker.StreamId, tracker.StreamName));
            }
        }
    });

    [Fact]
    public void Bytes_that_are_no_backup_stream_are_followed_without_a_word() => Gen.Byte.Array[0, 300].Sample(bytes =>
    {
        var tracker = new BackupStreamTracker();
        tracker.Advance(bytes);
        tracker.Seek(bytes.Length / 2);
        tracker.Advance(bytes);
        return tracker.Position == (bytes.Length / 2) + bytes.Length;
    });

    /// <summary>The stream, and for every offset the record that its byte is the payload of.</summary>
    private static (byte[] Stream, (BackupStreamId? Id, string Name)[] Expected) Build(BackupStreamHeader[] records)
    {
        var bytes = new List<byte>();
        var expected = new List<(BackupStreamId?, string)>();
        foreach (BackupStreamHeader record in records)
        {
            // The offset of a sparse block counts as payload on the wire.
            byte[] header = new byte[BackupStreamWriter.EncodedLength(record)];
            BackupStreamWriter.Encode(record, header);
            int payload = (int)record.Size + (record.Id == BackupStreamId.SparseBlock ? 8 : 0);
            bytes.AddRange([.. header, .. new byte[record.Size]]);
            expected.AddRange(Enumerable.Repeat(((BackupStreamId?)null, ""), header.Length + (int)record.Size - payload));
            expected.AddRange(Enumerable.Repeat(((BackupStreamId?)record.Id, record.Name), payload));
        }

        expected.Add((null, ""));
        return ([.. bytes], [.. expected]);
    }

    private static bool IsBoundary(BackupStreamHeader[] records, int at)
    {
        int end = 0;
        return records.Any(record => (end += BackupStreamWriter.EncodedLength(record) + (int)record.Size) == at);
    }
}
