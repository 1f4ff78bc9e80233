using AotLayers.Interop;
using Xunit;

namespace AotLayers.Replay.Tests.Recordings;

/// <summary>Calls that one process makes and another writes: the shared memory between them.</summary>
public sealed class RemoteRecordingTests : IDisposable
{
    private const int Least = 65536;
    private const int TailAt = 128;
    private const int FirstMessage = 4096;

    private readonly TempFolder _folder = new();
    private readonly MemoryStream _file = new();

    private string Ring => Path.Combine(_folder.Path, "ring");

    public void Dispose()
    {
        _folder.Dispose();
        _file.Dispose();
    }

    [Fact]
    public void The_file_is_the_one_that_the_program_itself_would_have_written()
    {
        foreach (DataPolicy data in Enum.GetValues<DataPolicy>())
        {
            RecorderOptions options = ToyProgram.Options with { Data = data };
            byte[] expected = ToyProgram.Record(ToyProgram.Sample, ToyProgram.CallEverything, options);
            byte[] actual = Record(Least, options, toy => ToyProgram.CallEverything(toy(ToyProgram.Sample)));
            Assert.Equal(System.Text.Encoding.UTF8.GetString(expected), System.Text.Encoding.UTF8.GetString(actual));
        }
    }

    [Fact]
    public void Calls_go_round_the_ring_many_times_and_the_program_waits_for_room()
    {
        const int Calls = 5000;
        byte[] bytes = Record(Least, ToyProgram.Options, toy =>
        {
            IToy recorded = toy(ToyProgram.Sample);
            for (int i = 0; i < Calls; i++)
            {
                recorded.Extra(new string('x', i % 300));
            }
        });
        CallRecording recording = ToyProgram.Load(bytes);
        Assert.True(recording.Complete);
        Assert.Equal(Calls, recording.Calls.Count);
        Assert.All(recording.Calls, static c => Assert.Equal((c.Seq - 1) % 300, c.In.GetProperty("text").GetString()!.Length));
    }

    [Fact]
    public void A_call_may_be_larger_than_the_whole_ring()
    {
        byte[] large = [.. Enumerable.Range(0, 5 * Least).Select(static i => (byte)(i * 31))];
        byte[] bytes = Record(Least, ToyProgram.Options, toy =>
        {
            IToy recorded = toy(ToyProgram.Sample);
            recorded.Open("a", out nint stream);
            recorded.Write(stream, large, (uint)large.Length);
            recorded.Close(stream);
        });
        CallRecording recording = ToyProgram.Load(bytes);
        Assert.Equal(large, recording.GetData(recording.Calls[1].In.GetProperty("buffer")));
    }

    [Fact]
    public void Eight_threads_at_once_lose_nothing()
    {
        byte[] bytes = Record(Least, ToyProgram.Options, toy =>
        {
            IToy recorded = toy(ToyProgram.Sample);
            Thread[] threads = [.. Enumerable.Range(0, 8).Select(_ => new Thread(() =>
            {
                for (int i = 0; i < 50; i++)
                {
                    ToyProgram.ReadAll(recorded, 7);
                }
            }))];
            Array.ForEach(threads, static t => t.Start());
            Array.ForEach(threads, static t => t.Join());
        });
        CallRecording recording = ToyProgram.Load(bytes);
        Assert.True(recording.Complete);
        Assert.Equal(400, recording.Calls.Count(static c => c.Function == "Close"));
        Assert.Equal(8, recording.Calls.Select(static c => c.Thread).Distinct().Count());
        Assert.Empty(RecordingCheck.Run(recording, [ToyApi.Info]));
    }

    [Fact]
    public void A_call_in_flight_is_named_when_the_program_ends()
    {
        using var recorder = Recorder.Create(_file, ToyProgram.Options);
        using (var remote = RemoteRecording.Create(Ring, recorder, Least))
        {
            Recorder inside = Recorder.Attach(Ring, 1)!;
            RecordingToy toy = new(ToyProgram.Sample, inside);
            toy.Extra("finished");
            CallInProgress open = inside.Enter(ToyApi.Info, "Extra");
            open.Start();
            Assert.True(remote.Take(processIsDead: true));
            Assert.Equal((2, 1, 1), ((int)remote.Calls, remote.InFlight, remote.ProcessId));
        }

        recorder.Dispose();
        CallRecording recording = ToyProgram.Load(_file.ToArray());
        Assert.False(recording.Complete);
        Assert.Single(recording.Calls);
        Assert.Equal("Extra", Assert.Single(recording.InFlight).Function);
    }

    // A writer moves the tail first: it may die before it has written anything else.
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void What_a_dying_program_left_half_written_is_passed_over(int callsAfter)
    {
        using var recorder = Recorder.Create(_file, ToyProgram.Options);
        using var remote = RemoteRecording.Create(Ring, recorder, Least);
        RecordingToy toy = new(ToyProgram.Sample, Recorder.Attach(Ring, 1)!);
        toy.Extra("before");
        ReserveWithoutWriting(48);
        for (int i = 0; i < callsAfter; i++)
        {
            toy.Extra("after");
        }

        remote.Take(processIsDead: false);
        Assert.Equal(1, remote.Calls);
        remote.Take(processIsDead: true);
        Assert.Equal((1 + callsAfter, 1, 0), ((int)remote.Calls, remote.Torn, remote.InFlight));
    }

    [Fact]
    public void A_program_whose_recorder_has_gone_is_not_kept_waiting()
    {
        using var recorder = Recorder.Create(_file, ToyProgram.Options);
        RecordingToy toy;
        using (RemoteRecording.Create(Ring, recorder, Least))
        {
            toy = new RecordingToy(ToyProgram.Sample, Recorder.Attach(Ring, 1)!);
        }

        for (int i = 0; i < 2000; i++)
        {
            Assert.Equal(0, toy.Extra(new string('x', 200)));
        }
    }

    [Fact]
    public void A_ring_has_one_writing_process_and_counts_the_others()
    {
        using var recorder = Recorder.Create(_file, ToyProgram.Options);
        using var remote = RemoteRecording.Create(Ring, recorder, Least);
        Assert.Equal(0, remote.ProcessId);
        Assert.NotNull(Recorder.Attach(Ring, 7));
        Assert.Null(Recorder.Attach(Ring, 8));
        Assert.Equal((7, 1), (remote.ProcessId, remote.OtherProcesses));
    }

    [Fact]
    public void A_program_that_writes_over_the_ring_is_told_and_goes_on()
    {
        using var recorder = Recorder.Create(_file, ToyProgram.Options);
        using var remote = RemoteRecording.Create(Ring, recorder, Least);
        RecordingToy toy = new(ToyProgram.Sample, Recorder.Attach(Ring, 1)!);
        toy.Extra("before");
        toy.Extra("spoilt");
        Random random = new(1);
        for (int at = 300; at < 400; at++)
        {
            Poke(FirstMessage + at, (byte)random.Next());
        }

        InvalidDataException e = Assert.Throws<InvalidDataException>(() => remote.Take(processIsDead: true));
        Assert.Contains("wrote over", e.Message, StringComparison.Ordinal);
        Assert.Equal(0, toy.Extra("after"));
    }

    private byte[] Record(long room, RecorderOptions options, Action<Func<IToy, IToy>> program)
    {
        string ring = Path.Combine(_folder.Path, Guid.NewGuid().ToString("N"));
        using MemoryStream file = new();
        using var recorder = Recorder.Create(file, options);
        using (var remote = RemoteRecording.Create(ring, recorder, room))
        {
            Recorder inside = Recorder.Attach(ring, Environment.ProcessId)!;
            Exception? failure = null;
            Thread thread = new(() =>
            {
                try
                {
                    program(toy => new RecordingToy(toy, inside));
                }
                catch (Exception e)
                {
                    failure = e;
                }
            });
            thread.Start();
            while (!thread.Join(0))
            {
                remote.Take(processIsDead: false);
            }

            remote.Take(processIsDead: true);
            Assert.Null(failure);
            Assert.Equal((0, 0), (remote.InFlight, remote.Torn));
        }

        recorder.Complete();
        byte[] bytes = file.ToArray();
        RecordingSchema.Check(bytes);
        return bytes;
    }

    private void ReserveWithoutWriting(int bytes)
    {
        using FileStream ring = Open();
        using BinaryReader reader = new(ring);
        ring.Position = TailAt;
        long tail = reader.ReadInt64();
        ring.Position = TailAt;
        ring.Write(BitConverter.GetBytes(tail + bytes));
    }

    private void Poke(int at, byte value)
    {
        using FileStream ring = Open();
        ring.Position = at;
        ring.WriteByte(value);
    }

    private FileStream Open() => new(Ring, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete, 1);
}
