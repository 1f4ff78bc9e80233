using System.Diagnostics;
using AotLayers.Interop;
using Xunit;

namespace AotLayers.Replay.Tests.Recordings;

/// <summary>The file of a recording while it grows: threads, late APIs, and targets that are no files.</summary>
public sealed class JournalTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_file_is_the_same_as_a_stream()
    {
        string path = _folder.File("run.json");
        using (var recorder = Recorder.Create(path, ToyProgram.Options))
        {
            ToyProgram.CallEverything(new RecordingToy(ToyProgram.Sample, recorder));
            recorder.Complete();
            Assert.Null(recorder.Failure);
        }

        Assert.Equal(ToyProgram.Record(ToyProgram.Sample, ToyProgram.CallEverything), File.ReadAllBytes(path));
        Assert.Single(Directory.GetFiles(Path.GetDirectoryName(path)!));
    }

    [Fact]
    public void More_calls_are_in_flight_than_there_is_room_for_at_first()
    {
        string path = _folder.File("run.json");
        using var recorder = Recorder.Create(path, ToyProgram.Options);
        RecordingToy toy = new(ToyProgram.Sample, recorder);
        List<CallInProgress> calls = [];
        List<string> names = [];
        for (int i = 0; i < 40; i++)
        {
            string name = "Call" + new string('x', i * 10) + i;
            CallInProgress call = recorder.Enter(ToyApi.Info, name);
            call.Start();
            names.Add(name);
            calls.Add(call);
            toy.Extra(new string('y', 5000));
        }

        var recording = CallRecording.Load(path);
        Assert.Equal(40, recording.Calls.Count);
        Assert.Equal(names, recording.InFlight.Select(c => c.Function));
        foreach (CallInProgress call in calls)
        {
            call.Return(ReturnValue.Void);
        }

        recorder.Complete();
        Assert.Null(recorder.Failure);
        Assert.True(CallRecording.Load(path).Complete);
    }

    [Theory]
    [InlineData(ReplayOrder.PerHandle)]
    [InlineData(ReplayOrder.Skipping)]
    public void What_eight_threads_did_is_replayed_per_handle(ReplayOrder order)
    {
        string path = _folder.File("run.json");
        using (var recorder = Recorder.Create(path, ToyProgram.Options))
        {
            InThreads(new RecordingToy(ToyProgram.Sample, recorder));
            recorder.Complete();
            Assert.Null(recorder.Failure);
        }

        var recording = CallRecording.Load(path);
        Assert.Equal(8 * 25 * 4, recording.Calls.Count);
        Assert.Equal(
            Enumerable.Range(1, 200).Select(i => $"stream#{i}"),
            recording.Calls.Where(c => c.Function == "Open").Select(c => c.Result("stream").Handle));
        Assert.Empty(RecordingCheck.Run(recording, [ToyApi.Info]));
        using Replayer replayer = new(recording, new ReplayOptions { Order = order });
        InThreads(new ReplayingToy(replayer));
        replayer.VerifyComplete();
    }

    [Fact]
    public void An_api_that_is_not_built_in_is_checked_by_the_file_alone()
    {
        CallRecording leaking = ToyProgram.Load(ToyProgram.Record(ToyProgram.Sample, toy => toy.Open("a", out _)));
        RecordingFinding leak = Assert.Single(RecordingCheck.Run(leaking, []));
        Assert.Equal(RecordingFindingKind.HandleLeaked, leak.Kind);
        CallRecording twice = ToyProgram.Load(ToyProgram.Record(ToyProgram.Sample, toy =>
        {
            toy.Open("a", out nint stream);
            toy.Close(stream);
            toy.Close(stream);
        }));
        Assert.Equal(RecordingFindingKind.HandleUsedAfterEnd, Assert.Single(RecordingCheck.Run(twice, [])).Kind);
        string silent = ToyProgram.RecordText(ToyProgram.Sample, toy => toy.Open("a", out _));
        int handles = silent.IndexOf(",\"handles\":[", StringComparison.Ordinal);
        silent = silent.Remove(handles, silent.IndexOf(']', handles) + 1 - handles);
        Assert.Equal(RecordingFindingKind.HandleLifeUnknown, Assert.Single(RecordingCheck.Run(ToyProgram.Load(silent), [])).Kind);
    }

    [Fact]
    public void A_pipe_is_refused_and_left_alone()
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        string pipe = _folder.File("pipe");
        using (var mkfifo = Process.Start("mkfifo", [pipe]))
        {
            mkfifo.WaitForExit();
        }

        Assert.Contains(
            "a recording needs a file",
            Assert.Throws<IOException>(() => Recorder.Create(pipe, ToyProgram.Options)).Message,
            StringComparison.Ordinal);
        string memory = $"/dev/shm/aotlayers-test-{Environment.ProcessId}.json";
        try
        {
            File.WriteAllText(memory, new string('x', 100_000));
            using (var recorder = Recorder.Create(memory, ToyProgram.Options))
            {
                new RecordingToy(ToyProgram.Sample, recorder).Extra("a");
                recorder.Complete();
            }

            Assert.True(CallRecording.Load(memory).Complete);
        }
        finally
        {
            File.Delete(memory);
        }
    }

    [Fact]
    public void A_field_may_be_named_like_what_the_format_holds()
    {
        byte[] file = ToyProgram.Record(ToyProgram.Sample, toy => toy.Extra("stream#1"));
        string text = System.Text.Encoding.UTF8.GetString(file).Replace(
            "\"text\":\"stream#1\"",
            "\"text\":{\"len\":\"no number\",\"sha256\":\"x\",\"cap\":1,\"u16\":null,\"data\":[]}",
            StringComparison.Ordinal);
        RecordingSchema.Check(System.Text.Encoding.UTF8.GetBytes(text));
        Assert.Equal("x", ToyProgram.Load(text).Calls[0].Argument("text")["sha256"].Text());
    }

    private static void InThreads(IToy toy)
    {
        Exception? failure = null;
        Thread[] threads = [.. Enumerable.Range(0, 8).Select(number => new Thread(() =>
        {
            try
            {
                for (int i = 0; i < 25; i++)
                {
                    Assert.Equal(0, toy.Open($"thread {number}", out nint stream));
                    Assert.Equal(0, toy.Next(stream, out _, out _));
                    Assert.Equal(0, toy.Write(stream, [(byte)number, (byte)i], 2));
                    Assert.Equal(0, toy.Close(stream));
                }
            }
            catch (Exception e)
            {
                Interlocked.CompareExchange(ref failure, e, null);
            }
        }))];
        Array.ForEach(threads, static t => t.Start());
        Array.ForEach(threads, static t => t.Join());
        Assert.Null(failure);
    }
}
