using System.Diagnostics;
using AotLayers.Interop;
using Xunit;

namespace AotLayers.Replay.Tests.Recordings;

/// <summary>What is on disk while recording is loadable at every byte.</summary>
public sealed class CrashTests
{
    [Fact]
    public void A_file_that_is_cut_anywhere_has_its_finished_calls()
    {
        byte[] file = ToyProgram.Record(ToyProgram.Sample, ToyProgram.CallEverything);
        List<int> ends = CallEnds(file);
        int header = Array.IndexOf(file, (byte)'[', file.AsSpan().IndexOf("\"calls\""u8));
        for (int length = 0; length < file.Length - 1; length++)
        {
            byte[] cut = file[..length];
            if (length <= header)
            {
                RecordingFormatException e = Assert.Throws<RecordingFormatException>(() => ToyProgram.Load(cut));
                Assert.Contains("header", e.Message, StringComparison.Ordinal);
                continue;
            }

            CallRecording recording = ToyProgram.Load(cut);
            Assert.False(recording.Complete);
            Assert.Equal(ends.Count(e => e <= length), recording.Calls.Count);
        }
    }

    // A killed process leaves a prefix of its last write over what was there before.
    [Fact]
    public void A_write_that_was_torn_anywhere_loses_no_finished_call()
    {
        JournalStream journal = new();
        using (var recorder = Recorder.Create(journal, ToyProgram.Options))
        {
            RecordingToy toy = new(ToyProgram.Sample, recorder);
            toy.Extra("first");
            journal.Begin();
            Overlap(recorder, toy, journal);
            recorder.Complete();
        }

        int states = 0;
        foreach ((byte[] before, long position, byte[] bytes, int finished) in journal.Writes)
        {
            for (int torn = 0; torn <= bytes.Length; torn++)
            {
                byte[] state = JournalStream.Apply(before, position, bytes.AsSpan(0, torn));
                CallRecording recording = ToyProgram.Load(state);
                Assert.True(
                    recording.Calls.Count >= finished,
                    $"{recording.Calls.Count} of {finished} calls in:\n{System.Text.Encoding.UTF8.GetString(state)}");
                states++;
            }
        }

        Assert.True(states > 1000);
    }

    [Fact]
    public void The_calls_in_flight_are_named()
    {
        using MemoryStream file = new();
        using var recorder = Recorder.Create(file, ToyProgram.Options);
        RecordingToy toy = new(ToyProgram.Sample, recorder);
        toy.Extra("done");
        CallInProgress one = Begin(recorder, "Read");
        CallInProgress two = Begin(recorder, "Write");
        CallInProgress three = Begin(recorder, "Close");
        Assert.Equal(["2 Read", "3 Write", "4 Close"], InFlight(file));
        two.Return(ReturnValue.HResult(0, succeeded: true));
        Assert.Equal(["2 Read", "4 Close"], InFlight(file));
        Assert.Equal([1L, 3L], ToyProgram.Load(file.ToArray()).Calls.Select(c => c.Seq));

        // The recorded object threw: the call never came back.
        one.Dispose();
        Assert.Equal(["4 Close"], InFlight(file));
        three.Return(ReturnValue.HResult(-1, succeeded: false));
        Assert.Empty(InFlight(file));
        recorder.Complete();
        Assert.True(ToyProgram.Load(file.ToArray()).Complete);
    }

    [Fact]
    public void A_full_disk_disturbs_no_call_and_keeps_what_was_written()
    {
        string expected = ToyProgram.ReadAll(ToyProgram.Sample);
        int whole = ToyProgram.Record(ToyProgram.Sample, toy => ToyProgram.ReadAll(toy)).Length;
        int header = ToyProgram.Record(ToyProgram.Sample, _ => { }).Length;
        for (int room = header; room < whole; room++)
        {
            FullStream disk = new(room);
            using var recorder = Recorder.Create(disk, ToyProgram.Options);
            Assert.Equal(expected, ToyProgram.ReadAll(new RecordingToy(ToyProgram.Sample, recorder)));
            recorder.Complete();
            Assert.IsType<IOException>(recorder.Failure);
            CallRecording recording = ToyProgram.Load(disk.ToArray());
            Assert.False(recording.Complete);
            Assert.Equal(disk.WholeCalls, recording.Calls.Count);
        }
    }

    [Fact]
    public void A_process_that_is_killed_leaves_its_calls()
    {
        using TempFolder folder = new();
        string path = folder.File("run.json");
        string host = Environment.ProcessPath is string self && Path.GetFileNameWithoutExtension(self) == "dotnet" ? self : "dotnet";
        string program = Path.Combine(AppContext.BaseDirectory, "AotLayers.Replay.Tests.dll");
        using Process child = Process.Start(new ProcessStartInfo(
            host,
            ["exec", program, "record", path]) { RedirectStandardOutput = true })!;
        for (int i = 0; i < 200; i++)
        {
            Assert.NotNull(child.StandardOutput.ReadLine());
        }

        child.Kill();
        child.WaitForExit();
        int reported = 200;
        while (child.StandardOutput.ReadLine() is not null)
        {
            reported++;
        }

        var recording = CallRecording.Load(path);
        Assert.False(recording.Complete);
        Assert.True(recording.Calls.Count >= reported - 1, $"{recording.Calls.Count} calls on disk, {reported} were made");
        Assert.Equal(Enumerable.Range(1, recording.Calls.Count).Select(i => (long)i), recording.Calls.Select(c => c.Seq));
    }

    /// <summary>What the child process does: calls that never end.</summary>
    internal static int RecordForever(string path)
    {
        using var recorder = Recorder.Create(path, ToyProgram.Options);
        RecordingToy toy = new(ToyProgram.Sample, recorder);
        toy.Open("a", out nint stream);
        for (int i = 0; ; i++)
        {
            toy.Write(stream, BitConverter.GetBytes(i), sizeof(int));
            Console.Out.WriteLine(i);
        }
    }

    private static void Overlap(Recorder recorder, RecordingToy toy, JournalStream journal)
    {
        CallInProgress one = Begin(recorder, "Read");
        CallInProgress two = Begin(recorder, "WriteWithAVeryLongNameSoThatItsOpeningIsLongerThanAFinishedLine");
        journal.Finish(() => toy.Extra("between"));
        CallInProgress three = Begin(recorder, "Close");
        journal.Finish(() => one.Return(ReturnValue.HResult(0, succeeded: true)));
        journal.Finish(() => three.Return(ReturnValue.HResult(-1, succeeded: false)));
        journal.Finish(() => two.Return(ReturnValue.HResult(0, succeeded: true)));
        journal.Finish(() => toy.Write(1, new byte[300], 300));
    }

    private static CallInProgress Begin(Recorder recorder, string function)
    {
        CallInProgress call = recorder.Enter(ToyApi.Info, function);
        call.Start();
        return call;
    }

    private static IEnumerable<string> InFlight(MemoryStream file) =>
        ToyProgram.Load(file.ToArray()).InFlight.Select(c => $"{c.Seq} {c.Function}");

    private static List<int> CallEnds(byte[] file)
    {
        List<int> ends = [];
        for (int i = 0; i < file.Length; i++)
        {
            if (file[i] == '\n' && file[i - 1] is (byte)',' or (byte)'}' && file.AsSpan(0, i).LastIndexOf("\n{\"seq\""u8) >= 0
                && file.AsSpan(file.AsSpan(0, i).LastIndexOf((byte)'\n') + 1).StartsWith("{\"seq\""u8))
            {
                ends.Add(file[i - 1] == ',' ? i - 1 : i);
            }
        }

        return ends;
    }

    /// <summary>Remembers every write with the state before it.</summary>
    private sealed class JournalStream : MemoryStream
    {
        private bool _on;
        private int _finished = 1;

        public List<(byte[] Before, long Position, byte[] Bytes, int Finished)> Writes { get; } = [];

        public void Begin() => _on = true;

        public void Finish(Action call)
        {
            call();
            _finished++;
        }

        public override void Write(ReadOnlySpan<byte> buffer)
        {
            if (_on)
            {
                Writes.Add((ToArray(), Position, buffer.ToArray(), _finished));
            }

            base.Write(buffer);
        }

        public static byte[] Apply(byte[] before, long position, ReadOnlySpan<byte> bytes)
        {
            byte[] state = new byte[Math.Max(before.Length, position + bytes.Length)];
            before.CopyTo(state, 0);
            bytes.CopyTo(state.AsSpan((int)position));
            return state;
        }
    }

    /// <summary>A disk with room for so many bytes: what still fits is written before the error.</summary>
    private sealed class FullStream(int room) : MemoryStream
    {
        /// <summary>Finished calls that were written whole.</summary>
        public int WholeCalls { get; private set; }

        public override void Write(ReadOnlySpan<byte> buffer)
        {
            int fits = (int)Math.Clamp(room - Position, 0, buffer.Length);
            base.Write(buffer[..fits]);
            if (fits < buffer.Length)
            {
                throw new IOException("No space left on device");
            }

            if (buffer.IndexOf("\"ret\":"u8) >= 0)
            {
                WholeCalls++;
            }
        }
    }
}
