using AotLayers.Interop;
using Xunit;

namespace AotLayers.Replay.Tests.Recordings;

/// <summary>The replayer is a checker: what it says when a program leaves the recording.</summary>
public sealed class MismatchTests
{
    private readonly byte[] _file = ToyProgram.Record(ToyProgram.Sample, toy => ToyProgram.ReadAll(toy, 64));

    [Fact]
    public Task Other_arguments() => Mismatch(ReplayMismatchKind.ArgumentMismatch, toy => toy.Open("c:\\A", out _));

    [Fact]
    public Task A_call_too_early() => Mismatch(ReplayMismatchKind.OutOfOrder, toy =>
    {
        toy.Open("C:\\a", out nint stream);
        toy.Close(stream);
    });

    [Fact]
    public Task A_function_that_was_never_called() => Mismatch(ReplayMismatchKind.Unexpected, toy => toy.Extra("a"));

    [Fact]
    public Task A_call_too_many() => Mismatch(ReplayMismatchKind.Exhausted, toy =>
    {
        ToyProgram.ReadAll(toy);
        toy.Open("C:\\a", out _);
    });

    [Fact]
    public Task Bytes_that_were_not_read() => Mismatch(ReplayMismatchKind.OutOfOrder, toy =>
    {
        toy.Open("C:\\a", out nint stream);
        toy.Next(stream, out _, out _);
        toy.Read(stream, new byte[2], 2, out _);
        toy.Next(stream, out _, out _);
    });

    [Fact]
    public Task More_bytes_than_were_recorded()
    {
        byte[] file = ToyProgram.Record(ToyProgram.Sample, toy => ToyProgram.ReadAll(toy, 64, readEnd: false));
        return Mismatch(ReplayMismatchKind.Exhausted, toy => ToyProgram.ReadAll(toy, 64), file);
    }

    [Fact]
    public Task Other_buffer_sizes_in_exact_mode() =>
        Mismatch(
            ReplayMismatchKind.ArgumentMismatch,
            toy => ToyProgram.ReadAll(toy, 63),
            options: new ReplayOptions { StreamReads = StreamReadMode.Exact });

    [Fact]
    public Task A_cut_recording_says_so() =>
        Mismatch(ReplayMismatchKind.Exhausted, toy => ToyProgram.ReadAll(toy), _file.AsSpan(0, _file.AsSpan().IndexOf("{\"seq\":2"u8))
            .ToArray()
            .Concat("{\"seq\":2,\"thread\":1,\"api\":\"toy\",\"fn\":\"Next\""u8.ToArray())
            .ToArray(), twice: true);

    [Fact]
    public void Calls_that_were_never_made_and_handles_that_never_ended()
    {
        Replayer replayer = ToyProgram.Replay(_file);
        ReplayingToy toy = new(replayer);
        toy.Open("C:\\a", out nint stream);
        toy.Next(stream, out _, out _);
        ReplayException e = Assert.Throws<ReplayException>(replayer.VerifyComplete);
        Assert.Contains("recorded calls were never made", e.Message, StringComparison.Ordinal);
        Assert.Contains(
            "stream#1 was never ended; stream#1 made by Open (call 1), path=C:\\a; stream#1 used by Next (call 2)",
            e.Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void A_use_after_the_end_and_a_second_end()
    {
        Replayer replayer = ToyProgram.Replay(_file);
        ReplayingToy toy = new(replayer);
        ToyProgram.ReadAll(toy);
        nint stream = 0x5A000010;
        ReplayHandleException use = Assert.Throws<ReplayHandleException>(() => toy.Next(stream, out _, out _));
        Assert.Equal("stream#1", use.Handle);
        Assert.Contains("uses a handle after its end", use.Message, StringComparison.Ordinal);
        Assert.Contains("ended by Close", use.Message, StringComparison.Ordinal);
        Assert.Contains("a second time", Assert.Throws<ReplayException>(() => toy.Close(stream)).Message, StringComparison.Ordinal);
        Assert.Same(use, replayer.Failure);
        Assert.Contains(
            "had left the recording",
            Assert.Throws<ReplayException>(replayer.VerifyComplete).Message,
            StringComparison.Ordinal);
    }

    private Task Mismatch(
        ReplayMismatchKind kind,
        Action<IToy> program,
        byte[]? file = null,
        ReplayOptions? options = null,
        bool twice = false)
    {
        ReplayingToy toy = new(ToyProgram.Replay(file ?? _file, options));
        if (twice)
        {
            toy.Open("C:\\a", out _);
        }

        ReplayMismatchException e = Assert.Throws<ReplayMismatchException>(() => program(toy));
        Assert.Equal(kind, e.Kind);
        return Verify(e.Message);
    }
}
