using AotLayers.WindowsLibraries;

namespace AotLayers.Interop.Tests;

/// <summary>
/// Registry and files of Windows, recorded by the published win-x64 program under Wine (AotLayers.Native.Tests), replayed here, where
/// there is no such library.
/// </summary>
public sealed class WindowsLibraries
{
    [Fact]
    public Task Registry_of_advapi32() =>
        Check("registry", RegistryProgram.Rules, static r => RegistryProgram.Run(new ReplayingRegistry(r)));

    [Fact]
    public Task Files_and_volumes_of_kernel32() =>
        Check("volumes", VolumesProgram.Rules, static r => VolumesProgram.Run(new ReplayingVolumes(r)));

    private static Task Check(string name, CallRules rules, Func<Replayer, IReadOnlyList<string>> run)
    {
        string path = Path.Combine(AppContext.BaseDirectory, "recordings", "libraries", name + ".json");
        using Replayer replayer = new(CallRecording.Load(path), new ReplayOptions { Rules = rules });
        IReadOnlyList<string> seen = run(replayer);
        replayer.VerifyComplete();
        return Verify(string.Join('\n', seen));
    }
}
