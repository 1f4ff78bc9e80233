using System.Text;
using AotLayers.Interop;

namespace AotLayers.Replay.Tests.Recordings;

/// <summary>What trimming, redacting and comparing of recordings is made of.</summary>
public sealed class RecordingToolsTests
{
    private readonly byte[] _file = ToyProgram.Record(ToyProgram.Sample, ToyProgram.CallEverything);

    [Fact]
    public void Writing_a_recording_gives_the_same_bytes() =>
        Assert.Equal(Encoding.UTF8.GetString(_file), Encoding.UTF8.GetString(Write(ToyProgram.Load(_file))));

    [Fact]
    public void Calls_that_are_taken_out_leave_a_recording_that_replays()
    {
        CallRecording recording = ToyProgram.Load(_file);
        byte[] trimmed = Write(recording, recording.Calls.Skip(13));
        RecordingSchema.Check(trimmed);

        // The content that the first calls held moves to the call that is now the first to have it.
        CallRecording rest = ToyProgram.Load(trimmed);
        Assert.Equal("hello"u8.ToArray(), rest.GetData(rest.Calls.First(c => c.Function == "Write").In.GetProperty("buffer")));
        using Replayer replayer = new(rest, new ReplayOptions { Order = ReplayOrder.PerHandle });
        ReplayingToy toy = new(replayer);
        toy.Open("lone \uD800 surrogate, \"quotes\" and \U0001F600", out nint stream);
        Assert.Equal(0, toy.Write(stream, "hello"u8, 5));
    }

    [Fact]
    public void Texts_are_replaced_everywhere_but_in_handles_and_contents()
    {
        byte[] redacted = Write(
            ToyProgram.Load(_file),
            replace: text => text.Replace("a", "stream#9", StringComparison.Ordinal).Replace("lone \uD800 ", "", StringComparison.Ordinal));
        RecordingSchema.Check(redacted);
        CallRecording recording = ToyProgram.Load(redacted);
        Assert.Equal("C:\\stream#9", recording.Calls[0].In.GetProperty("path").GetString());
        Assert.Equal("stream#1", recording.Calls[0].Out.GetProperty("stream").GetProperty("$handle").GetString());
        Assert.Equal("surrogstream#9te, \"quotes\" stream#9nd \U0001F600", recording.Calls[13].In.GetProperty("path").GetString());
    }

    [Fact]
    public void A_recording_does_not_differ_from_itself() =>
        Assert.Empty(RecordingComparison.Compare(ToyProgram.Load(_file), ToyProgram.Load(_file)));

    [Fact]
    public void Two_recordings_differ_where_their_calls_do()
    {
        CallRecording recording = ToyProgram.Load(_file);
        CallRecording other = ToyProgram.Load(Write(
            recording,
            recording.Calls.Where(c => c.Index != 14),
            text => text.Replace("a.txt", "b.txt", StringComparison.Ordinal)));
        IReadOnlyList<ReplayMismatch> differences = RecordingComparison.Compare(recording, other);
        Assert.Equal("out.name", differences[0].Argument);
        Assert.Equal("\"a.txt\"", differences[0].Expected);
        Assert.Equal("\"b.txt\"", differences[0].Actual);
        Assert.Contains(
            differences,
            d => d.Kind is ReplayMismatchKind.OutOfOrder or ReplayMismatchKind.ArgumentMismatch && d.ExpectedSeq is 15 or 16 or 17);
    }

    [Fact]
    public void Calls_belong_to_the_entry_that_was_named_last_on_their_handle()
    {
        CallRecording recording = ToyProgram.Load(_file);
        string[] calls = [.. new RecordedCallFilter { Entries = ["A.TXT"] }.Select(recording).Select(c => c.Function)];
        Assert.Equal(["Next", "Read", "Read"], calls);

        // What opens a handle is its entry until another one is named; the end of the names is about none.
        Assert.Equal(["Open"], new RecordedCallFilter { Entries = ["C:/a"] }.Select(recording).Select(c => c.Function));
        Assert.Equal(["Open", "Write", "Write", "Write", "Write", "Close"],
            new RecordedCallFilter { Entries = ["lone*"] }.Select(recording).Select(c => c.Function));
        Assert.Empty(new RecordedCallFilter { Entries = ["a.tx"] }.Select(recording));
    }

    [Fact]
    public void Filters_have_to_fit_all_together()
    {
        CallRecording recording = ToyProgram.Load(_file);
        IReadOnlyList<RecordedCall> calls =
            new RecordedCallFilter { Functions = ["toy!Wr*", "Close"], Handles = ["stream#2"], LastSeq = 17 }.Select(recording);
        Assert.Equal([15, 16, 17], calls.Select(c => c.Seq));
        Assert.Equal("Open", Assert.Single(new RecordedCallFilter { FailedOnly = true, Functions = ["Open"] }.Select(recording)).Function);
    }

    [Fact]
    public void A_summary_counts_bytes_failures_and_handles()
    {
        var summary = RecordingSummary.Of(ToyProgram.Load(_file), [ToyApi.Info]);
        CallTotals writes = summary.Functions.Single(f => f.Name == "toy!Write");
        Assert.Equal((4, 0, 14L, 0L), (writes.Calls, writes.Failed, writes.BytesIn, writes.BytesOut));
        Assert.Equal(105, summary.Functions.Single(f => f.Name == "toy!Read").BytesOut);
        Assert.Contains(summary.Failures, f => f.Function == "toy!Open" && f.Returned == "0x80070005 ERROR_ACCESS_DENIED");
        Assert.Equal(["stream#1", "stream#2"], summary.Handles.Select(h => h.Symbol));
        Assert.All(summary.Handles, h => Assert.Equal("Close", h.EndedBy?.Function));
        Assert.Equal("big", summary.Entries[0].Name);
    }

    private static byte[] Write(CallRecording recording, IEnumerable<RecordedCall>? calls = null, Func<string, string>? replace = null)
    {
        using MemoryStream file = new();
        CallRecordingWriter.Write(recording, file, calls, replace);
        return file.ToArray();
    }
}
