using AotLayers.Interop;
using Xunit;

namespace AotLayers.Replay.Tests.Recordings;

/// <summary>One test records where the library is and replays where it is not.</summary>
public sealed class RecordingSessionTests : IDisposable
{
    private static readonly RecordingSessionOptions s_options = new() { Recorder = ToyProgram.Options };

    private readonly TempFolder _folder = new();
    private readonly string? _automated = Environment.GetEnvironmentVariable("CI");

    // Whether a recording is made by the way depends on it: each test says for itself.
    public RecordingSessionTests() => Environment.SetEnvironmentVariable("CI", null);

    private string Recording => _folder.File("run.json");

    public void Dispose()
    {
        Environment.SetEnvironmentVariable("CI", _automated);
        _folder.Dispose();
    }

    [Theory]
    [InlineData("run.json")]
    [InlineData("run.json.gz")]
    public void Once_records_first_and_replays_then(string name)
    {
        string path = _folder.File(name);
        string expected = Run(path, RecordingMode.Once, () => ToyProgram.Sample, out bool replayed);
        Assert.False(replayed);
        Assert.Equal(name.EndsWith(".gz", StringComparison.Ordinal), File.ReadAllBytes(path) is [0x1F, 0x8B, ..]);
        Assert.True(CallRecording.Load(path).Complete);
        Assert.Equal(
            expected,
            Run(path, RecordingMode.Once, () => throw new InvalidOperationException("the library was called"), out replayed));
        Assert.True(replayed);
        Assert.Equal(expected, Run(path, RecordingMode.None, () => throw new InvalidOperationException("the library was called"), out _));
        Assert.Equal(expected, Run(path, RecordingMode.Verify, () => ToyProgram.Sample, out _));
    }

    [Fact]
    public void Once_makes_no_recording_under_continuous_integration()
    {
        Environment.SetEnvironmentVariable("CI", "true");
        FileNotFoundException e = Assert.Throws<FileNotFoundException>(() => RecordingSession.Open(Recording, RecordingMode.Once));
        Assert.Contains("CI=true", e.Message, StringComparison.Ordinal);
        Assert.False(File.Exists(Recording));
    }

    [Fact]
    public void Verify_says_what_the_library_does_otherwise()
    {
        Run(Recording, RecordingMode.All, () => ToyProgram.Sample, out _);
        ReplayException e = Assert.Throws<ReplayException>(() => Run(
            Recording,
            RecordingMode.Verify,
            () => new FakeToy(("other", [1])),
            out _));
        Assert.Contains("argument out.name differs", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void None_needs_a_recording_and_makes_none()
    {
        FileNotFoundException e = Assert.Throws<FileNotFoundException>(() => RecordingSession.Open(Recording, RecordingMode.None));
        Assert.Contains(RecordingSession.ModeVariable, e.Message, StringComparison.Ordinal);
        Assert.False(File.Exists(Recording));
    }

    [Fact]
    public void A_test_that_fails_leaves_no_recording()
    {
        using (var session = RecordingSession.Open(Recording, RecordingMode.All, s_options))
        {
            ToyApi.Open(session, () => ToyProgram.Sample).Extra("a");
        }

        Assert.Empty(Directory.GetFiles(Path.GetDirectoryName(Recording)!));
    }

    [Fact]
    public void A_value_is_kept_out_of_the_file_and_put_back()
    {
        CallRules rules = new CallRules().Redact("Open", "path", "PATH")
            .Redact("Next", "name", "NAME", restored: "restored")
            .Redact("Write", "buffer", "SECRET");
        RecordingSessionOptions options = s_options with { Rules = rules };
        using (var session = RecordingSession.Open(Recording, RecordingMode.All, options))
        {
            Program(ToyApi.Open(session, () => ToyProgram.Sample), "C:\\Users\\somebody", "password"u8, "a.txt");
            session.Complete();
        }

        string text = File.ReadAllText(Recording);
        Assert.DoesNotContain("somebody", text, StringComparison.Ordinal);
        Assert.DoesNotContain(Convert.ToBase64String("password"u8), text, StringComparison.Ordinal);
        Assert.DoesNotContain("a.txt", text, StringComparison.Ordinal);
        RecordingSchema.Check(File.ReadAllBytes(Recording));
        using var replay = RecordingSession.Open(Recording, RecordingMode.None, options);
        Program(ToyApi.Open(replay), "D:\\elsewhere", "other"u8, "restored");
        replay.Complete();

        static void Program(IToy toy, string path, ReadOnlySpan<byte> secret, string name)
        {
            toy.Open(path, out nint stream);
            toy.Next(stream, out string? seen, out _);
            Assert.Equal(name, seen);
            toy.Write(stream, secret, (uint)secret.Length);
            Assert.Equal(0, toy.Close(stream));
        }
    }

    [Fact]
    public void A_number_and_a_field_are_kept_out_of_the_file()
    {
        CallRules rules = new CallRules().Redact("Next", "info.time", 0).Redact(null, "length", 7);
        RecordingSessionOptions options = s_options with { Rules = rules };
        using (var session = RecordingSession.Open(Recording, RecordingMode.All, options))
        {
            Program(ToyApi.Open(session, () => ToyProgram.Sample), "abc"u8, long.MaxValue);
            session.Complete();
        }

        var recording = CallRecording.Load(Recording);
        Assert.Equal(0, recording.Calls[1].Result("info")["time"].Int64());
        Assert.Equal(5UL, recording.Calls[1].Result("info")["size"].UInt64());
        RecordingSchema.Check(File.ReadAllBytes(Recording));
        using var replay = RecordingSession.Open(Recording, RecordingMode.None, options);
        Program(ToyApi.Open(replay), "abc"u8, 0);
        replay.Complete();

        static void Program(IToy toy, ReadOnlySpan<byte> data, long time)
        {
            toy.Open("C:\\a", out nint stream);
            toy.Next(stream, out _, out ToyInfo info);
            Assert.Equal((time, 5UL), (info.Time, (ulong)info.Size));
            toy.Write(stream, data, (uint)data.Length);
            Assert.Equal(0, toy.Close(stream));
        }
    }

    [Fact]
    public void A_parameter_is_ignored_or_matched_otherwise()
    {
        byte[] file = ToyProgram.Record(ToyProgram.Sample, toy => toy.Extra("run 1"));
        CallRules prefix = new CallRules().Match(
            "Extra",
            "text",
            (recorded, actual) => recorded.GetString()![..3] == actual.GetString()![..3]);
        Assert.Equal(0, new ReplayingToy(ToyProgram.Replay(file, new ReplayOptions { Rules = prefix })).Extra("run 2"));
        Assert.Throws<ReplayMismatchException>(() => new ReplayingToy(ToyProgram.Replay(
            file,
            new ReplayOptions { Rules = prefix })).Extra("walk"));
        Assert.Equal(
            0,
            new ReplayingToy(ToyProgram.Replay(file, new ReplayOptions { Rules = new CallRules().Ignore(null, "text") })).Extra("walk"));
    }

    [Fact]
    public void Calls_can_be_asserted_on()
    {
        CallRecording recording = ToyProgram.Load(ToyProgram.Record(ToyProgram.Sample, ToyProgram.CallEverything));
        Assert.Equal(105, recording.Calls.Where(c => c.Function == "Read").Sum(c => c.Result("buffer").Length));
        RecordedCall open = recording.Calls[0];
        Assert.Equal("C:\\a", open.Argument("path").Text());
        Assert.Equal("stream#1", open.Result("stream").Handle);
        Assert.Equal("0x00000000", open.Returned.Text());
        RecordedCall next = recording.Calls[1];
        Assert.Equal(long.MaxValue, next.Result("info")["time"].Int64());
        Assert.Equal(5UL, next.Result("info")["size"].UInt64());
        Assert.Equal(64, recording.Calls[2].Argument("buffer").Room);
        Assert.Equal("hello"u8.ToArray(), recording.Calls[2].Result("buffer").Bytes());
        Assert.False(open.Argument("nothing").Exists);
        Assert.Contains(
            "not a buffer",
            Assert.Throws<InvalidOperationException>(() => open.Argument("path").Length).Message,
            StringComparison.Ordinal);
    }

    private static string Run(string path, RecordingMode mode, Func<IToy> native, out bool replayed)
    {
        using var session = RecordingSession.Open(path, mode, s_options);
        replayed = session.IsReplaying;
        string seen = ToyProgram.ReadAll(ToyApi.Open(session, native));
        session.Complete();
        return seen;
    }
}
