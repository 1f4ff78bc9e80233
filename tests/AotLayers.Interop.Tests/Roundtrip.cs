namespace AotLayers.Interop.Tests;

/// <summary>Records a program, and hands out what was recorded.</summary>
internal static class Roundtrip
{
    /// <summary>Records what a program does.</summary>
    public static CallRecording Record(Action<Recorder> program, CallRules? rules = null)
    {
        using MemoryStream stream = new();
        RecorderOptions options = new() { Origin = RecordingOrigin.Current(RecordingOrigin.Live), Rules = rules };
        using (var recorder = Recorder.Create(stream, options))
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

    /// <summary>Writes what is committed, where AOTLAYERS_RECORD_LIBRARIES names the folder recordings/libraries.</summary>
    public static void Commit(CallRecording recording, string name)
    {
        if (Environment.GetEnvironmentVariable("AOTLAYERS_RECORD_LIBRARIES") is { Length: > 0 } folder)
        {
            using FileStream file = File.Create(Path.Combine(folder, name + ".json"));
            CallRecordingWriter.Write(recording, file);
        }
    }

    /// <summary>The lines of a recording's calls, as they stand in the file.</summary>
    public static string Lines(CallRecording recording) =>
        string.Join('\n', recording.Calls.Concat(recording.Callbacks).OrderBy(static c => c.Index).Select(static c => c.Json.GetRawText()));
}
