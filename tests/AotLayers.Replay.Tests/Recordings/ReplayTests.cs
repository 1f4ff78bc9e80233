using AotLayers.Interop;
using CsCheck;
using Xunit;

namespace AotLayers.Replay.Tests.Recordings;

public sealed class ReplayTests
{
    private static readonly ReplayOptions s_exact = new() { StreamReads = StreamReadMode.Exact };

    [Fact]
    public void A_replay_answers_as_the_library_did()
    {
        byte[] file = ToyProgram.Record(ToyProgram.Sample, toy => ToyProgram.ReadAll(toy));
        using Replayer replayer = ToyProgram.Replay(file);
        Assert.Equal(ToyProgram.ReadAll(ToyProgram.Sample), ToyProgram.ReadAll(new ReplayingToy(replayer)));
        replayer.VerifyComplete();
    }

    [Theory]
    [InlineData(StreamReadMode.Elastic)]
    [InlineData(StreamReadMode.Exact)]
    public void Recording_a_replay_gives_the_recording(StreamReadMode mode)
    {
        string file = ToyProgram.RecordText(new FakeToy(("a", [1, 2, 3]), ("b", [1, 2, 3])) { Absent = ["Extra"] }, AnyProgram);
        Replayer replayer = new(ToyProgram.Load(file), new ReplayOptions { StreamReads = mode });
        string again = ToyProgram.RecordText(new ReplayingToy(replayer), AnyProgram, new RecorderOptions());
        Assert.Equal(file, again);

        static void AnyProgram(IToy toy)
        {
            ToyProgram.ReadAll(toy, 2);
            ToyProgram.ReadAll(toy, 2, "denied");
            toy.SetFlag(long.MaxValue, ulong.MaxValue, 0);
            toy.SetFlag(0, 0, -1);
            toy.Next(99, out _, out _);
        }
    }

    [Fact]
    public void Recording_the_replay_of_any_program_gives_its_recording() =>
        Check.Sample(
            Gen.Select(Gen.Int[0, 6], Gen.Int[0, 2], Gen.Int[0, 40], Gen.Long, Gen.String).Array[0, 30],
            steps =>
            {
                FakeToy toy = new([.. Enumerable.Range(0, 3).Select(i => ($"entry {i}", new byte[i * 17]))]);
                string file = ToyProgram.RecordText(toy, t => Run(t, steps));
                Replayer replayer = new(ToyProgram.Load(file), s_exact);
                return ToyProgram.RecordText(new ReplayingToy(replayer), t => Run(t, steps)) == file;
            },
            iter: 300);

    [Fact]
    public void Streams_are_served_in_any_sizes() =>
        Check.Sample(
            Gen.Select(Gen.Int[1, 70], Gen.Int[1, 70], Gen.Bool, Gen.Bool, Gen.Int[0, 60].Array[0, 4]),
            (recordedChunk, chunk, recordedEnd, end, sizes) =>
            {
                (string, byte[])[] entries = [.. sizes.Select((size, i) => ($"e{i}", Enumerable.Range(i, size)
                    .Select(b => (byte)b)
                    .ToArray()))];
                byte[] file = ToyProgram.Record(new FakeToy(entries), toy => ToyProgram.ReadAll(toy, recordedChunk, readEnd: recordedEnd));

                // A program that reads the end can be served only when it was recorded.
                end &= recordedEnd;
                using Replayer replayer = ToyProgram.Replay(file);
                Assert.Equal(ToyProgram.ReadAll(new FakeToy(entries)), ToyProgram.ReadAll(new ReplayingToy(replayer), chunk, readEnd: end));
                replayer.VerifyComplete();
            },
            iter: 500);

    [Fact]
    public void The_recorded_sizes_give_the_recorded_chunks()
    {
        byte[] file = ToyProgram.Record(new FakeToy(("a", new byte[10])), toy => ReadSizes(toy, 4, 3, 8, 8));
        using Replayer replayer = ToyProgram.Replay(file);
        Assert.Equal([4, 3, 3, 0], ReadSizes(new ReplayingToy(replayer), 4, 3, 8, 8));
        replayer.VerifyComplete();
    }

    [Fact]
    public void Reading_past_the_recorded_end_gives_nothing()
    {
        byte[] file = ToyProgram.Record(new FakeToy(("a", new byte[10])), toy => ReadSizes(toy, 16, 16));
        using Replayer replayer = ToyProgram.Replay(file);
        Assert.Equal([7, 3, 0, 0, 0], ReadSizes(new ReplayingToy(replayer), 7, 7, 7, 7, 16));
        replayer.VerifyComplete();
    }

    [Fact]
    public void A_failing_read_is_served_at_its_offset()
    {
        FakeToy toy = new(("a", new byte[100])) { ReadFailsAt = 50 };
        byte[] file = ToyProgram.Record(toy, t => ToyProgram.ReadAll(t, 30));
        foreach (int chunk in new[] { 1, 7, 30, 64 })
        {
            using Replayer replayer = ToyProgram.Replay(file);
            Assert.Equal(ToyProgram.ReadAll(toy), ToyProgram.ReadAll(new ReplayingToy(replayer), chunk));
            replayer.VerifyComplete();
        }
    }

    [Fact]
    public void Two_threads_with_a_handle_each_replay_in_any_order()
    {
        using MemoryStream file = new();
        using (var recorder = Recorder.Create(file, ToyProgram.Options))
        {
            RecordingToy toy = new(ToyProgram.Sample, recorder);
            InTwoThreads(path => ToyProgram.ReadAll(toy, 5, path));
            recorder.Complete();
        }

        CallRecording recording = ToyProgram.Load(file.ToArray());
        RecordingSchema.Check(file.ToArray());
        Assert.Equal([1, 2], recording.Calls.Select(c => c.Thread).Distinct().Order());
        string expected = ToyProgram.ReadAll(ToyProgram.Sample);
        for (int run = 0; run < 20; run++)
        {
            using Replayer replayer = new(recording, new ReplayOptions { Order = ReplayOrder.PerHandle });
            ReplayingToy toy = new(replayer);
            string[] seen = InTwoThreads(path => ToyProgram.ReadAll(toy, 5 + run, path));
            Assert.Equal([expected, expected], seen);
            replayer.VerifyComplete();
        }
    }

    [Fact]
    public void Absent_exports_and_libraries_are_replayed()
    {
        byte[] file = ToyProgram.Record(new FakeToy { Absent = ["Extra"] }, _ => { });
        ReplayingToy toy = new(ToyProgram.Replay(file));
        Assert.Equal(ExportStatus.ExportMissing, toy.Probe("Extra"));
        Assert.Equal(ExportStatus.Present, toy.Probe("Open"));
        MissingExportException e = Assert.Throws<MissingExportException>(() => toy.Extra("a"));
        Assert.Equal("Failed to find Extra procedure in libtoy.so: The specified procedure could not be found.", e.Message);

        CallRecording missing =
            ToyProgram.Load(
                """{"format":"aotlayers-recording","version":2,"origin":{"kind":"live","os":"linux 6","arch":"x64","tool":"t"},"apis":{"toy":{"library":"libtoy.so","signatures":{},"missing":true}},"calls":[],"end":{"calls":0,"complete":true}}""");
        toy = new ReplayingToy(new Replayer(missing));
        Assert.Equal(ExportStatus.LibraryMissing, toy.Probe("Open"));
        MissingLibraryException m = Assert.Throws<MissingLibraryException>(() => toy.Open("a", out _));
        Assert.Equal("Failed to load libtoy.so: The specified module could not be found.", m.Message);
    }

    [Fact]
    public void A_changed_declaration_says_record_again()
    {
        string file = ToyProgram.RecordText(ToyProgram.Sample, toy => toy.Extra("a"))
            .Replace(ToyApi.Info.FindFunction("Extra")!.Signature, "0123456789abcdef", StringComparison.Ordinal);
        RecordingApiMismatchException e =
            Assert.Throws<RecordingApiMismatchException>(() => new ReplayingToy(new Replayer(ToyProgram.Load(file))).Probe("Open"));
        Assert.Equal("Extra", e.Function);
        Assert.Contains("another declaration of toy!Extra", e.Message, StringComparison.Ordinal);
        Assert.Contains("record again", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_function_that_is_not_called_may_change()
    {
        string file = ToyProgram.RecordText(ToyProgram.Sample, toy => toy.Extra("a"))
            .Replace(ToyApi.Info.FindFunction("Open")!.Signature, "0123456789abcdef", StringComparison.Ordinal);
        using Replayer replayer = new(ToyProgram.Load(file));
        Assert.Equal(0, new ReplayingToy(replayer).Extra("a"));
        replayer.VerifyComplete();
    }

    [Fact]
    public void The_first_departure_is_the_one_that_is_reported()
    {
        using Replayer replayer = ToyProgram.Replay(ToyProgram.Record(ToyProgram.Sample, toy => ToyProgram.ReadAll(toy)));
        ReplayingToy toy = new(replayer);
        toy.Open("C:\\a", out nint stream);
        ReplayMismatchException first = Assert.Throws<ReplayMismatchException>(() => toy.Extra("never recorded"));
        ReplayException cleanup = Assert.Throws<ReplayException>(() => toy.Close(stream));
        Assert.Same(first, replayer.Failure);
        Assert.Same(first, cleanup.InnerException);
        Assert.StartsWith(first.Message, cleanup.Message, StringComparison.Ordinal);
        Assert.Contains("toy!Close", cleanup.Message, StringComparison.Ordinal);
        Assert.Same(first, Assert.Throws<ReplayException>(replayer.VerifyComplete).InnerException);
    }

    [Fact]
    public void An_incomplete_recording_is_not_verified()
    {
        byte[] file = ToyProgram.Record(ToyProgram.Sample, toy => toy.Extra("a"));
        byte[] cut = file[..file.AsSpan().LastIndexOf("\n]"u8)];
        using Replayer replayer = ToyProgram.Replay(cut);
        new ReplayingToy(replayer).Extra("a");
        Assert.Contains(
            "test.json is incomplete",
            Assert.Throws<ReplayException>(replayer.VerifyComplete).Message,
            StringComparison.Ordinal);
        using Replayer lenient = ToyProgram.Replay(cut, new ReplayOptions { AcceptIncomplete = true });
        new ReplayingToy(lenient).Extra("a");
        lenient.VerifyComplete();
    }

    [Fact]
    public void Digests_alone_cannot_give_bytes()
    {
        byte[] file = ToyProgram.Record(
            ToyProgram.Sample,
            toy => ToyProgram.ReadAll(toy),
            ToyProgram.Options with { Data = DataPolicy.Digest });
        ReplayException e = Assert.Throws<ReplayException>(() => ToyProgram.ReadAll(new ReplayingToy(ToyProgram.Replay(file))));
        Assert.Contains("recorded with digests only", e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(DataPolicy.All, true)]
    [InlineData(DataPolicy.Digest, true)]
    [InlineData(DataPolicy.Lengths, false)]
    public void Bytes_that_go_in_are_compared_as_far_as_they_were_kept(DataPolicy policy, bool differs)
    {
        byte[] file = ToyProgram.Record(ToyProgram.Sample, toy => toy.Write(0, [1, 2], 2), ToyProgram.Options with { Data = policy });
        ReplayingToy toy = new(ToyProgram.Replay(file));
        if (differs)
        {
            Assert.Equal("in.buffer.sha256", Assert.Throws<ReplayMismatchException>(() => toy.Write(0, [1, 3], 2)).Mismatch.Argument);
        }
        else
        {
            Assert.Equal(0, toy.Write(0, [1, 3], 2));
        }

        toy = new ReplayingToy(ToyProgram.Replay(file));
        Assert.Equal("in.buffer.$bytes", Assert.Throws<ReplayMismatchException>(() => toy.Write(0, [1], 1)).Mismatch.Argument);
    }

    private static string[] InTwoThreads(Func<string, string> work)
    {
        string[] seen = new string[2];
        var failed = new Exception?[2];
        Thread[] threads = [.. Enumerable.Range(0, 2).Select(i => new Thread(() =>
        {
            try
            {
                seen[i] = work($"path {i}");
            }
            catch (ReplayException e)
            {
                failed[i] = e;
            }
        }))];
        foreach (Thread thread in threads)
        {
            thread.Start();
        }

        foreach (Thread thread in threads)
        {
            thread.Join();
        }

        Assert.All(failed, Assert.Null);
        return seen;
    }

    private static List<int> ReadSizes(IToy toy, params int[] sizes)
    {
        toy.Open("a", out nint stream);
        toy.Next(stream, out _, out _);
        List<int> read = [];
        foreach (int size in sizes)
        {
            toy.Read(stream, new byte[size], (uint)size, out uint count);
            read.Add((int)count);
        }

        toy.Close(stream);
        return read;
    }

    private static void Run(IToy toy, (int What, int Which, int Size, long Number, string Text)[] steps)
    {
        List<nint> open = [];
        foreach ((int what, int which, int size, long number, string text) in steps)
        {
            nint stream = open.Count == 0 ? 0 : open[which % open.Count];
            switch (what)
            {
                case 0:
                    if (toy.Open(text, out nint opened) >= 0)
                    {
                        open.Add(opened);
                    }

                    break;
                case 1:
                    toy.Next(stream, out _, out _);
                    break;
                case 2:
                    toy.Read(stream, new byte[size], (uint)size, out _);
                    break;
                case 3:
                    toy.Write(stream, BitConverter.GetBytes(number), sizeof(long));
                    break;
                case 4:
                    toy.SetFlag(number, (ulong)number, which - 1);
                    break;
                case 5:
                    toy.Extra(size == 0 ? null : text);
                    break;
                default:
                    open.Remove(stream);
                    toy.Close(stream);
                    break;
            }
        }
    }
}
