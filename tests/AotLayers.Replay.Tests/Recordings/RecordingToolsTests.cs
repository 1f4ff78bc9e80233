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

    [Fact]
    public void A_trimmed_recording_has_what_its_calls_need()
    {
        CallRecording recording = ToyProgram.Load(_file);
        var trim = RecordingTrim.Of(recording, new RecordedCallFilter { Entries = ["big"] }, [ToyApi.Info], bare: true);
        byte[] trimmed = Write(recording, trim.Calls);
        RecordingSchema.Check(trimmed);
        Assert.Equal(4, trim.Chosen);
        Assert.Equal(3, trim.Needed);

        // The same program finds the one entry and the end of the list.
        using Replayer replayer = new(ToyProgram.Load(trimmed));
        string seen = ToyProgram.ReadAll(new ReplayingToy(replayer), 64);
        replayer.VerifyComplete();
        Assert.StartsWith("big ", seen, StringComparison.Ordinal);
        Assert.EndsWith("80070012 0", seen, StringComparison.Ordinal);
        Assert.Equal(2, seen.Split('\n').Length);
    }

    [Fact]
    public void Calls_without_handles_stay_unless_a_trim_is_bare()
    {
        CallRecording recording = ToyProgram.Load(_file);
        RecordedCallFilter filter = new() { Handles = ["stream#2"] };
        Assert.Contains(RecordingTrim.Of(recording, filter, [ToyApi.Info]).Calls, c => c.Function == "SetFlag");
        Assert.DoesNotContain(RecordingTrim.Of(recording, filter, [ToyApi.Info], bare: true).Calls, c => c.Function == "SetFlag");
    }

    [Fact]
    public void A_redacted_recording_replays_with_placeholders_that_sort_and_measure_as_the_names_do()
    {
        CallRecording recording = ToyProgram.Load(_file);
        using MemoryStream file = new();
        var redaction = RecordingRedaction.Write(recording, file, new RedactionOptions());
        RecordingSchema.Check(file.ToArray());
        CallRecording redacted = ToyProgram.Load(file.ToArray());
        Assert.Null(redaction.FindFault(redacted, [ToyApi.Info]));
        var map = redaction.Map.ToDictionary(StringComparer.Ordinal);
        Assert.All(map, pair => Assert.Equal(pair.Key.Length, pair.Value.Length));
        Assert.True(string.CompareOrdinal(map["a.txt"], map["big"]) < 0);
        string text = Encoding.UTF8.GetString(file.ToArray());
        Assert.DoesNotContain("a.txt", text, StringComparison.Ordinal);
        Assert.DoesNotContain("denied", text, StringComparison.Ordinal);
        Assert.DoesNotContain("surrogate", text, StringComparison.Ordinal);

        using Replayer replayer = new(redacted, new ReplayOptions { Order = ReplayOrder.PerHandle });
        string seen = ToyProgram.ReadAll(new ReplayingToy(replayer), 64, $"C:\\{map["a"]}");
        Assert.StartsWith(map["a.txt"] + " ", seen, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("context#1")]
    [InlineData("stream#?2")]
    [InlineData("0x80070005 ERROR_ACCESS_DENIED")]
    [InlineData("{\"$handle\":\"stream#1\"}")]
    [InlineData("S-1-5-21-1004336348-1177238915-682003330-1013")]
    [InlineData("corp-dc01")]
    [InlineData("1234567")]
    [InlineData("6782b6aa-7bb2-5da8-b533-35a0d778425a")]
    [InlineData("\\\\?\\Volume{6782b6aa-7bb2-5da8-b533-35a0d778425a}\\Anna")]
    [InlineData("{\"Id\":\"6782b6aa-7bb2-5da8-b533-35a0d778425a\",\"Path\":\"C:\\\\Anna\"}")]
    [InlineData("O:S-1-5-21-1004336348-1177238915-682003330-1013G:SYD:(A;;FA;;;S-1-5-21-1004336348-1177238915-682003330-513)")]
    public void No_text_escapes_a_redaction(string text)
    {
        CallRecording recording = ToyProgram.Load(ToyProgram.Record(ToyProgram.Sample, toy => ToyProgram.ReadAll(toy, path: text)));
        using MemoryStream file = new();
        var redaction = RecordingRedaction.Write(recording, file, new RedactionOptions());
        CallRecording redacted = ToyProgram.Load(file.ToArray());
        Assert.Null(redaction.FindFault(redacted, [ToyApi.Info]));
        string path = redacted.Calls[0].Argument("path").Text()!;
        Assert.Equal(text.Length, path.Length);
        string[] secrets = ["context", "stream", "ACCESS", "1004336348", "682003330", "corp", "6782b6aa", "Anna", "1234567"];
        foreach (string secret in secrets)
        {
            Assert.DoesNotContain(secret, path, StringComparison.OrdinalIgnoreCase);
        }
    }

    [Fact]
    public void What_is_kept_stays_but_for_patterns_in_it()
    {
        CallRecording recording = ToyProgram.Load(ToyProgram.Record(ToyProgram.Sample, toy =>
        {
            ToyProgram.ReadAll(toy, path: "select * from corp.users");
            ToyProgram.ReadAll(toy, path: @"C:\Fixed\corp.users\Anna.part");
        }));
        using MemoryStream file = new();
        RedactionOptions options = new()
        {
            Keep = ["SELECT *", "fixed"],
            Patterns = ["corp.*"],
            Suffixes = [".part"],
        };
        var redaction = RecordingRedaction.Write(recording, file, options);
        CallRecording redacted = ToyProgram.Load(file.ToArray());
        Assert.Null(redaction.FindFault(redacted, [ToyApi.Info]));
        var map = redaction.Map.ToDictionary(StringComparer.Ordinal);
        Assert.Equal($"select * from {map["corp.users"]}", redacted.Calls[0].Argument("path").Text());
        Assert.Equal(
            $@"C:\Fixed\{map["corp.users"]}\{map["Anna"]}.part",
            redacted.Calls.Last(c => c.Function == "Open").Argument("path").Text());
    }

    [Fact]
    public void Contents_are_blanked_with_new_digests()
    {
        CallRecording recording = ToyProgram.Load(_file);
        using MemoryStream file = new();
        RecordingRedaction.Write(recording, file, new RedactionOptions { BlankContents = true });
        RecordingSchema.Check(file.ToArray());
        CallRecording blank = ToyProgram.Load(file.ToArray());
        Assert.Empty(RecordingCheck.Run(blank, [ToyApi.Info]));
        RecordedCall write = blank.Calls.First(c => c.Function == "Write");
        Assert.Equal(new byte[5], write.Argument("buffer").Bytes());
    }

    [Fact]
    public void Runs_with_other_buffer_sizes_and_another_handle_before_do_not_differ()
    {
        CallRecording first = ToyProgram.Load(ToyProgram.Record(ToyProgram.Sample, toy => ToyProgram.ReadAll(toy, 64)));
        CallRecording second = ToyProgram.Load(ToyProgram.Record(ToyProgram.Sample, toy =>
        {
            toy.Open("other", out nint stream);
            ToyProgram.ReadAll(toy, 7);
            toy.Close(stream);
        }));
        var diff = RecordingDiff.Compare(first, second);
        Assert.Equal(first.Calls.Count, diff.Same);
        Assert.All(diff.Differences, difference => Assert.Equal(RecordingDifferenceKind.Added, difference.Kind));
        Assert.Equal(["Open", "Close"], diff.Differences.Select(difference => difference.Second!.Function));
    }

    [Fact]
    public void An_entry_more_is_one_difference_and_a_byte_another_is_one()
    {
        CallRecording first = ToyProgram.Load(ToyProgram.Record(ToyProgram.Sample, toy => ToyProgram.ReadAll(toy)));
        byte[] big = [.. Enumerable.Range(0, 100).Select(i => (byte)i)];
        FakeToy other = new(("a.txt", "hellO"u8.ToArray()), ("new", [1, 2, 3]), ("empty", []), ("big", big));
        CallRecording second = ToyProgram.Load(ToyProgram.Record(other, toy => ToyProgram.ReadAll(toy)));
        var diff = RecordingDiff.Compare(first, second);
        Assert.Contains(
            diff.Differences,
            d => d is { Kind: RecordingDifferenceKind.Changed, Entry: "a.txt", Path: "out.buffer.sha256" or "sha256 of all reads" });
        RecordingDifference added = Assert.Single(diff.Differences, d => d.Kind == RecordingDifferenceKind.Added);
        Assert.Equal("new", added.Entry);
        Assert.DoesNotContain(diff.Differences, d => d.Kind is RecordingDifferenceKind.Removed or RecordingDifferenceKind.Moved);
    }

    private static byte[] Write(CallRecording recording, IEnumerable<RecordedCall>? calls = null, Func<string, string>? replace = null)
    {
        using MemoryStream file = new();
        CallRecordingWriter.Write(recording, file, calls, replace);
        return file.ToArray();
    }
}
