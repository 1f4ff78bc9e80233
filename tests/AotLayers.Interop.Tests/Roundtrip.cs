namespace AotLayers.Interop.Tests;

/// <summary>Records a program, and hands out what was recorded.</summary>
internal static class Roundtrip
{
    /// <summary>Records what a program does.</summary>
    public static CallRecording Record(Action<Recorder> program)
    {
        using MemoryStream stream = new();
        using (var recorder = Recorder.Create(stream, new RecorderOptions { Origin = RecordingOrigin.Current(RecordingOrigin.Live) }))
        {
            program(recorder);
            recorder.Complete();
            Assert.Null(recorder.Failure);
        }

        stream.Position = 0;
        var recording = CallRecording.Load(stream, "test");
        Assert.True(recording.Complete);
        return recording;
    }

    /// <summary>Runs a program against a recording, to its end.</summary>
    public static void Replay(CallRecording recording, Action<Replayer> program, ReplayOptions? options = null)
    {
        using Replayer replayer = new(recording, options);
        program(replayer);
        replayer.VerifyComplete();
    }

    /// <summary>The lines of a recording's calls, as they stand in the file.</summary>
    public static string Lines(CallRecording recording) =>
        string.Join('\n', recording.Calls.Concat(recording.Callbacks).OrderBy(static c => c.Index).Select(static c => c.Json.GetRawText()));
}
