namespace AotLayers.Replay.Tests;

/// <summary>Tests that need a process to kill start this assembly as a program.</summary>
internal static class Program
{
    private static int Main(string[] args) => args switch
    {
        ["record", string path] => Recordings.CrashTests.RecordForever(path),
        ["once", string path] => Layers.OutputFileTests.WriteOnce(path),
        ["output", string path, string named] => Layers.OutputFileTests.WriteForever(path, named == "named"),
        ["import", string layers, string state] => Simulator.SharedStateTests.ImportForever(layers, state),
        ["create", string layers, string state, string name] => Simulator.SharedStateTests.CreateMany(layers, state, name),
        _ => 2,
    };
}
