using AotLayers.Hcs;
using AotLayers.Interop;
using Xunit;

namespace AotLayers.Replay.Tests.Recordings;

/// <summary>Records and replays whole machines in memory.</summary>
internal static class RecordingLab
{
    // The system that the committed recordings name, so that they are the same wherever they are made again.
    private static readonly RecordingOrigin s_origin = new(RecordingOrigin.Simulated, "linux 6.1", "x64", "aotlayers 0.1.0");

    /// <summary>Records what is done with a machine.</summary>
    public static byte[] Record(HcsMachine machine, Action<HcsMachine> work)
    {
        using var file = new MemoryStream();
        using (var recorder = Recorder.Create(file, new RecorderOptions { Origin = s_origin }))
        {
            work(machine.Recorded(recorder));
            recorder.Complete();
            Assert.Null(recorder.Failure);
        }

        return file.ToArray();
    }

    /// <summary>Does something with the machine of a recording and checks that all of the recording was used.</summary>
    public static void Replay(string path, Action<HcsMachine> work)
    {
        using var replayer = new Replayer(CallRecording.Load(path));
        work(HcsMachine.Replayed(replayer));
        replayer.VerifyComplete();
    }
}
