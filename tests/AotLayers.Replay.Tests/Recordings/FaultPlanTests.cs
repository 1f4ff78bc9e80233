using AotLayers.Interop;
using Xunit;

namespace AotLayers.Replay.Tests.Recordings;

/// <summary>One recording becomes a matrix of faults.</summary>
public sealed class FaultPlanTests
{
    private static readonly byte[] s_file = ToyProgram.Record(
        new FakeToy(("a", [1, 2, 3, 4, 5]), ("b", [6, 7])),
        toy => ToyProgram.ReadAll(toy));

    [Fact]
    public void Call_k_of_a_function_fails_with_the_code()
    {
        FaultingToy toy = Faulty(new FaultPlan().Fail("Next", 2, 0x80070005));
        toy.Open("C:\\a", out nint stream);
        Assert.Equal(0, toy.Next(stream, out _, out _));
        Assert.Equal(ToyCodes.Denied, toy.Next(stream, out string? name, out _));
        Assert.Null(name);
    }

    [Fact]
    public void Call_k_over_all_fails()
    {
        FaultingToy toy = Faulty(FaultPlan.Parse("""{"fail":[{"call":2,"code":"0x80070006"}]}"""));
        toy.Open("C:\\a", out nint stream);
        Assert.Equal(ToyCodes.InvalidHandle, toy.Next(stream, out _, out _));
        Assert.Equal(0, toy.Next(stream, out _, out _));
    }

    [Fact]
    public void A_function_that_answers_with_last_error_gets_the_code_there()
    {
        var toy = new FaultingToy(ToyProgram.Sample, FaultPlan.Parse("""{"fail":[{"fn":"toy!SetFlag","call":0,"code":"5"}]}"""));
        Assert.Equal(0, toy.SetFlag(1, 1, 1));
        Assert.Equal(5, ToyProgram.LastError());
    }

    [Fact]
    public void Short_reads_give_the_same_bytes()
    {
        string expected = ToyProgram.ReadAll(new ReplayingToy(ToyProgram.Replay(s_file)));
        for (int size = 1; size < 7; size++)
        {
            Assert.Equal(expected, ToyProgram.ReadAll(Faulty(FaultPlan.Parse($$"""{"shortReads":[{"size":{{size}}}]}"""))));
        }
    }

    [Fact]
    public void A_stream_is_cut_after_n_bytes()
    {
        var toy = new FaultingToy(new FakeToy(("a", new byte[100])), FaultPlan.Parse("""{"cut":[{"fn":"Read","after":10}]}"""));
        toy.Open("a", out nint stream);
        toy.Next(stream, out _, out _);
        int total = 0;
        while (toy.Read(stream, new byte[7], 7, out uint read) == 0 && read > 0)
        {
            total += (int)read;
        }

        Assert.Equal(10, total);
    }

    [Fact]
    public void An_export_or_a_library_is_absent()
    {
        FaultingToy toy = Faulty(FaultPlan.Parse("""{"absent":["Extra"]}"""));
        Assert.Equal(ExportStatus.ExportMissing, toy.Probe("Extra"));
        Assert.Throws<MissingExportException>(() => toy.Extra("a"));
        toy = Faulty(FaultPlan.Parse("""{"missing":["toy"]}"""));
        Assert.Equal(ExportStatus.LibraryMissing, toy.Probe("Open"));
        Assert.Throws<MissingLibraryException>(() => toy.Open("a", out _));
    }

    [Theory]
    [InlineData("nonsense")]
    [InlineData("null")]
    [InlineData("""{"fail":[{"fn":"A","call":1}]}""")]
    [InlineData("""{"fail":[{"call":0,"code":"5"}]}""")]
    [InlineData("""{"fail":[{"fn":"Read","call":1,"code":"0x00000000"}]}""")]
    [InlineData("""{"shortReads":[{"size":0}]}""")]
    [InlineData("""{"cut":[{}]}""")]
    public void A_wrong_plan_is_refused(string json) => Assert.Throws<FormatException>(() => FaultPlan.Parse(json));

    [Fact]
    public void Faults_have_to_happen()
    {
        FaultPlan plan = new FaultPlan().Fail("Next", 3, 5).Fail("Nxet", 1, 5).ShortReads(7).Absent("Extra");
        FaultingToy toy = Faulty(plan);
        toy.Open("C:\\a", out nint stream);
        toy.Next(stream, out _, out _);
        string message = Assert.Throws<InvalidOperationException>(plan.VerifyComplete).Message;
        Assert.Contains("fail Next 3 with 0x00000005;", message, StringComparison.Ordinal);
        Assert.Contains("no API that the plan was applied to has Nxet", message, StringComparison.Ordinal);
        Assert.Contains("short reads of 7 in any stream", message, StringComparison.Ordinal);
        Assert.Contains("export Extra absent", message, StringComparison.Ordinal);

        plan = new FaultPlan().Fail("Next", 1, 5).Absent("Extra");
        toy = Faulty(plan);
        toy.Open("C:\\a", out stream);
        toy.Next(stream, out _, out _);
        Assert.Throws<MissingExportException>(() => toy.Extra("a"));
        plan.VerifyComplete();
    }

    [Fact]
    public void A_function_that_cannot_fail_or_is_not_there_is_refused()
    {
        NativeApiInfo api = new("x", "x.dll", [new("Now", "Now", "0") { CanFail = false }, new("Open", "Open", "1")]);
        Assert.Contains(
            "x!Now cannot fail",
            Assert.Throws<ArgumentException>(() => new FaultPlan().Fail("Now", 1, 5).For(api)).Message,
            StringComparison.Ordinal);
        Assert.Contains(
            "x has no function Opne",
            Assert.Throws<ArgumentException>(() => new FaultPlan().Fail("x!Opne", 1, 5).For(api)).Message,
            StringComparison.Ordinal);
        FaultPlan any = new FaultPlan().FailCall(1, 5).For(api);
        Assert.Contains(
            "x!Now, which cannot fail",
            Assert.Throws<InvalidOperationException>(() => any.TryFail(api, "Now", out _)).Message,
            StringComparison.Ordinal);
    }

    private static FaultingToy Faulty(FaultPlan plan) => new(new ReplayingToy(ToyProgram.Replay(s_file)), plan);
}
