namespace AotLayers.Replay.Tests;

/// <summary>Tests that need a process to kill start this assembly as a program.</summary>
internal static class Program
{
    private static int Main(string[] args) => args switch
    {
        ["record", string path] => Recordings.CrashTests.RecordForever(path),
        ["once", string path] => Layers.OutputFileTests.WriteOnce(path),
        ["output", string path, string named] => Layers.OutputFileTests.WriteForever(path, named == "named"),
        _ => 2,
    };
}
