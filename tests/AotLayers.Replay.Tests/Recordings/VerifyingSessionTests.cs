using AotLayers.Interop;
using Xunit;

namespace AotLayers.Replay.Tests.Recordings;

/// <summary>Verify mode: the library is called and compared with the file.</summary>
public sealed class VerifyingSessionTests
{
    private readonly CallRecording _reference = ToyProgram.Load(ToyProgram.Record(ToyProgram.Sample, toy => ToyProgram.ReadAll(toy)));

    [Fact]
    public void The_same_library_shows_no_difference() => Assert.Empty(Compare(ToyProgram.Sample, toy => ToyProgram.ReadAll(toy)));

    [Fact]
    public void Another_answer_is_a_difference_with_its_path()
    {
        ReplayMismatch difference = Compare(
            new FakeToy(("a.txt", "hallo"u8.ToArray()), ("empty", []), ("big", [.. Enumerable.Range(0, 100).Select(i => (byte)i)])),
            toy => ToyProgram.ReadAll(toy))[0];
        Assert.Equal("out.buffer.sha256", difference.Argument);
        Assert.Equal("\"2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824\"", difference.Expected);
    }

    [Fact]
    public void Another_program_is_in_or_out_of_the_order()
    {
        Assert.Equal(
            [ReplayMismatchKind.Unexpected, ReplayMismatchKind.ArgumentMismatch],
            Compare(ToyProgram.Sample, toy =>
            {
                toy.Extra("a");
                ToyProgram.ReadAll(toy, path: "C:\\b");
            }).Select(d => d.Kind));
        Assert.Equal([ReplayMismatchKind.Exhausted], Compare(ToyProgram.Sample, toy =>
        {
            ToyProgram.ReadAll(toy);
            toy.Open("more", out _);
        }).Select(d => d.Kind));
        IReadOnlyList<ReplayMismatch> never = Compare(ToyProgram.Sample, toy => toy.Open("C:\\a", out _));
        Assert.Equal(_reference.Calls.Count - 1, never.Count);
        Assert.Equal("the call was never made", never[0].Actual);
    }

    private IReadOnlyList<ReplayMismatch> Compare(IToy toy, Action<IToy> program)
    {
        using VerifyingSession session = new(_reference);
        program(new RecordingToy(toy, session.Recorder));
        return session.Complete();
    }
}
