namespace AotLayers.Replay.Tests;

/// <summary>Tests that need a process to kill start this assembly as a program.</summary>
internal static class Program
{
    private static int Main(string[] args) => args is ["record", string path] ? Recordings.CrashTests.RecordForever(path) : 2;
}
