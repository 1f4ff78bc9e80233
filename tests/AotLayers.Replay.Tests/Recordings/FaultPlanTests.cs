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

    [Theory]
    [InlineData("Next#2=0x80070005", "fail Next 2 with 0x80070005")]
    [InlineData("toy!Next=-5", "fail toy!Next always with 0xfffffffb")]
    [InlineData("#7=5", "fail the program's call 7 with 0x00000005")]
    [InlineData("Read#3=short:7", "short reads of 7 in Read, call 3")]
    [InlineData("Read=short:7", "short reads of 7 in Read")]
    [InlineData("*=short:7", "short reads of 7 in any stream")]
    [InlineData("Read=cut:0", "a cut after 0 bytes in Read")]
    [InlineData("absent:Extra", "export Extra absent")]
    [InlineData("missing:toy", "library of toy missing")]
    public void A_fault_is_written_in_one_line(string text, string told) =>
        Assert.EndsWith(
            ": " + told,
            Assert.Throws<InvalidOperationException>(new FaultPlan().Add(text).VerifyComplete).Message,
            StringComparison.Ordinal);

    [Theory]
    [InlineData("")]
    [InlineData("Next")]
    [InlineData("Next=")]
    [InlineData("Next#=5")]
    [InlineData("Next#0=5")]
    [InlineData("Next#-1=5")]
    [InlineData("Next#1=0")]
    [InlineData("Next#1=five")]
    [InlineData("=5")]
    [InlineData("*=5")]
    [InlineData("Read#1=cut:5")]
    [InlineData("Read=short:0")]
    [InlineData("Read=short:")]
    [InlineData("absent:")]
    public void What_is_no_fault_is_refused_with_the_forms(string text) =>
        Assert.Contains(
            $"'{text}' is no fault",
            Assert.Throws<FormatException>(() => new FaultPlan().Add(text)).Message,
            StringComparison.Ordinal);

    [Fact]
    public void Names_are_checked_when_the_plan_was_applied_to_all_APIs()
    {
        foreach (string fault in (string[])["Nxet=5", "toy!Nxet=short:5", "absent:Extar", "missing:tyo"])
        {
            FaultPlan plan = new FaultPlan().Add(fault).Add("Next=5");
            try
            {
                plan.For(ToyApi.Info);
                plan.VerifyNames();
                Assert.Fail(fault);
            }
            catch (ArgumentException e)
            {
                Assert.Contains("never happen", e.Message, StringComparison.Ordinal);
            }
        }

        new FaultPlan().Add("Next=5").Add("toy!Read=short:5").Add("absent:Extra").Add("missing:toy").For(ToyApi.Info).VerifyNames();
    }

    [Fact]
    public void One_short_read_is_told_when_it_happens()
    {
        List<string> happened = [];
        FaultPlan plan = new FaultPlan().Add("Read#2=short:1");
        plan.Happened = happened.Add;
        FaultingToy toy = new(new FakeToy(("a", [1, 2, 3, 4, 5, 6])), plan);
        toy.Open("a", out nint stream);
        toy.Next(stream, out _, out _);
        uint[] sizes = [.. Enumerable.Range(0, 4).Select(_ => toy.Read(stream, new byte[2], 2, out uint read) < 0 ? 9 : read)];
        Assert.Equal([2u, 1u, 2u, 1u], sizes);
        Assert.Equal(["short reads of 1 in Read, call 2"], happened);
        plan.VerifyComplete();
    }

    private static FaultingToy Faulty(FaultPlan plan) => new(new ReplayingToy(ToyProgram.Replay(s_file)), plan);
}
