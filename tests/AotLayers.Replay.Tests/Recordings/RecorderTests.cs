using System.Text;
using AotLayers.Interop;
using Xunit;

namespace AotLayers.Replay.Tests.Recordings;

public sealed class RecorderTests
{
    [Fact]
    public Task A_recording_is_one_call_per_line() =>
        Verify(ToyProgram.RecordText(ToyProgram.Sample, ToyProgram.CallEverything), "json");

    [Fact]
    public void The_same_run_gives_the_same_file() =>
        Assert.Equal(
            ToyProgram.RecordText(ToyProgram.Sample, ToyProgram.CallEverything),
            ToyProgram.RecordText(ToyProgram.Sample, ToyProgram.CallEverything));

    // Out-parameters that a failing call never wrote reached the file in another recorder: the memory behind them differs from run to run.
    [Fact]
    public void What_a_failing_call_left_behind_is_not_in_the_file()
    {
        static string Run(byte poison) =>
            ToyProgram.RecordText(new FakeToy(("a", [1, 2, 3, 4])) { Poison = poison, ReadFailsAt = 2 }, toy =>
        {
            ToyProgram.ReadAll(toy, 64);
            ToyProgram.ReadAll(toy, 64, "denied");
            toy.Read(1, new byte[8], 8, out _);
        });

        Assert.Equal(Run(0xCC), Run(0x33));
    }

    [Fact]
    public void Every_content_is_stored_once()
    {
        string text = ToyProgram.RecordText(ToyProgram.Sample, toy =>
        {
            toy.Open("a", out nint stream);
            for (int i = 0; i < 5; i++)
            {
                toy.Write(stream, new byte[1000], 1000);
            }

            toy.Close(stream);
        });
        Assert.Equal(1, text.Split("\"data\":").Length - 1);
        Assert.Equal(5, text.Split("541b3e9daa09b20bf85fa273e5cbd3e80185aa4ec298e765db87742b70138a53").Length - 1);
    }

    [Theory]
    [InlineData(DataPolicy.Digest, "\"data\":\"digest\"", 0, true)]
    [InlineData(DataPolicy.Lengths, "\"data\":\"lengths\"", 0, false)]
    public void The_data_policy_says_what_is_kept(DataPolicy policy, string header, int contents, bool digests)
    {
        string text = ToyProgram.RecordText(ToyProgram.Sample, toy => ToyProgram.ReadAll(toy), ToyProgram.Options with { Data = policy });
        Assert.Contains(header, text, StringComparison.Ordinal);
        Assert.Equal(contents, text.Split(",\"data\":\"").Length - 2);
        Assert.Equal(digests, text.Contains("sha256", StringComparison.Ordinal));
        Assert.Equal(policy, ToyProgram.Load(text).Data);
    }

    [Fact]
    public void Durations_are_written_when_asked_for_only()
    {
        Assert.DoesNotContain("\"us\":", ToyProgram.RecordText(ToyProgram.Sample, toy => toy.Extra("a")), StringComparison.Ordinal);
        string timed = ToyProgram.RecordText(ToyProgram.Sample, toy => toy.Extra("a"), ToyProgram.Options with { Timing = true });
        Assert.NotNull(ToyProgram.Load(timed).Calls[0].Microseconds);
    }

    [Fact]
    public void Absent_exports_are_in_the_header()
    {
        string text = ToyProgram.RecordText(
            new FakeToy { Absent = ["Extra"] },
            toy => Assert.Throws<MissingExportException>(() => toy.Extra("a")));
        CallRecording recording = ToyProgram.Load(text);
        Assert.Equal(["Extra"], recording.Apis["toy"].Absent);
        Assert.Empty(recording.Calls);
        Assert.True(recording.Complete);
    }

    [Fact]
    public void A_handle_value_that_comes_back_is_a_new_handle()
    {
        CallRecording recording = ToyProgram.Load(ToyProgram.Record(ToyProgram.Sample, toy =>
        {
            for (int i = 0; i < 2; i++)
            {
                toy.Open("a", out nint stream);
                Assert.Equal(0x100, stream);
                toy.Close(stream);
            }

            toy.Close(77);
            toy.Close(78);
        }));
        Assert.Equal(
            ["stream#1", "stream#2"],
            recording.Calls.Where(c => c.Function == "Open").Select(c => c.Out.GetProperty("stream").GetProperty("$handle").GetString()));
        Assert.Equal(
            ["stream#1", "stream#2", "stream#?1", "stream#?2"],
            recording.Calls.Where(c => c.Function == "Close").Select(c => c.In.GetProperty("stream").GetProperty("$handle").GetString()));
    }

    [Fact]
    public void A_recorded_call_keeps_its_last_error()
    {
        ToyProgram.Record(ToyProgram.Sample, toy =>
        {
            Assert.Equal(0, toy.SetFlag(1, 2, -1));
            Assert.Equal(5, ToyProgram.LastError());
        });
    }

    [Fact]
    public void An_api_that_is_registered_late_is_in_the_header()
    {
        using MemoryStream file = new();
        using (var recorder = Recorder.Create(file, ToyProgram.Options))
        {
            CallInProgress early = recorder.Enter(ToyApi.Info, "Extra");
            early.In.Text("text", "before");
            early.Start();
            RecordingToy late = new(ToyProgram.Sample, recorder);
            late.Extra("between");
            early.Return(ReturnValue.HResult(0, succeeded: true));
            early.Dispose();
            recorder.Complete();
        }

        CallRecording recording = ToyProgram.Load(file.ToArray());
        Assert.Equal([2L, 1L], recording.Calls.Select(c => c.Seq));
        Assert.Equal("libtoy.so", recording.Apis["toy"].Library);
    }

    [Fact]
    public void A_file_is_written_at_once_and_replaced_whole()
    {
        using TempFolder folder = new();
        string path = folder.File("run.json");
        File.WriteAllText(
            path,
            "something longer than a header, which was there before and must not shine through at the end of the new file".PadRight(5000));
        using (var recorder = Recorder.Create(path, ToyProgram.Options))
        {
            RecordingToy toy = new(ToyProgram.Sample, recorder);
            toy.Extra("one");
            var sofar = CallRecording.Load(path);
            Assert.False(sofar.Complete);
            Assert.Equal(["Extra"], sofar.Calls.Select(c => c.Function));
            ToyProgram.ReadAll(toy);
            recorder.Complete();
        }

        var whole = CallRecording.Load(path);
        Assert.True(whole.Complete);
        Assert.Equal(["run.json"], Directory.GetFiles(folder.Path).Select(Path.GetFileName));
        RecordingSchema.Check(File.ReadAllBytes(path));
    }

    [Fact]
    public void A_link_is_followed_and_a_late_api_rewrites_the_file_it_leads_to()
    {
        using TempFolder folder = new();
        File.WriteAllText(folder.File("real.json"), "old");
        File.CreateSymbolicLink(folder.File("link.json"), folder.File("real.json"));
        using (var recorder = Recorder.Create(folder.File("link.json"), ToyProgram.Options))
        {
            using (CallInProgress early = recorder.Enter(ToyApi.Info, "Extra"))
            {
                early.Start();
                early.Return(ReturnValue.HResult(0, succeeded: true));
            }

            new RecordingToy(ToyProgram.Sample, recorder).Extra("late");
            recorder.Complete();
            Assert.Null(recorder.Failure);
        }

        Assert.NotNull(new FileInfo(folder.File("link.json")).LinkTarget);
        var recording = CallRecording.Load(folder.File("real.json"));
        Assert.True(recording.Complete);
        Assert.Equal(2, recording.Calls.Count);
        Assert.Single(recording.Apis);
        Assert.Equal(2, Directory.GetFiles(folder.Path).Length);
    }

    [Fact]
    public void The_committed_recordings_follow_the_schema()
    {
        string[] files = [.. Directory.GetFiles(Path.Combine(AppContext.BaseDirectory, "recordings"), "*.json")
            .Where(f => !f.EndsWith(".schema.json", StringComparison.Ordinal))];
        Assert.NotEmpty(files);
        foreach (string file in files)
        {
            RecordingSchema.Check(File.ReadAllBytes(file));
            Assert.True(CallRecording.Load(file).Complete);
            using MemoryStream copy = new();
            CallRecordingWriter.Write(CallRecording.Load(file), copy);
            Assert.Equal(File.ReadAllText(file), Encoding.UTF8.GetString(copy.ToArray()));
        }
    }

    [Fact]
    public void A_call_after_the_end_is_answered_and_reported()
    {
        using MemoryStream file = new();
        using var recorder = Recorder.Create(file, ToyProgram.Options);
        RecordingToy toy = new(ToyProgram.Sample, recorder);
        recorder.Complete();
        Assert.Equal(0, toy.Extra("late"));
        Assert.IsType<InvalidOperationException>(recorder.Failure);
        Assert.True(ToyProgram.Load(file.ToArray()).Complete);
    }

    [Fact]
    public void The_schema_refuses_what_is_no_recording()
    {
        string good = ToyProgram.RecordText(ToyProgram.Sample, toy => ToyProgram.ReadAll(toy));
        Assert.NotEmpty(RecordingSchema.Errors(good.Replace("\"version\":2", "\"version\":1", StringComparison.Ordinal)));
        Assert.NotEmpty(RecordingSchema.Errors(good.Replace("\"thread\":1", "\"thread\":\"me\"", StringComparison.Ordinal)));
        Assert.NotEmpty(RecordingSchema.Errors(good.Replace("\"ret\":\"0x00000000\"", "\"ret\":\"fine\"", StringComparison.Ordinal)));
        Assert.NotEmpty(RecordingSchema.Errors(good.Replace("\"sha256\":\"", "\"sha256\":\"zz", StringComparison.Ordinal)));
    }

    [Fact]
    public void The_header_names_neither_user_nor_machine()
    {
        string text = ToyProgram.RecordText(ToyProgram.Sample, toy => toy.Extra("a"), new RecorderOptions());
        Assert.DoesNotContain(Environment.MachineName, text, StringComparison.OrdinalIgnoreCase);
        Assert.Equal(RecordingOrigin.Live, ToyProgram.Load(text).Origin.Kind);
        Assert.True(Encoding.UTF8.GetByteCount(text) < 1000);
    }
}
