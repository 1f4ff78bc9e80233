using AotLayers.Hcs;
using AotLayers.Interop;

namespace AotLayers.App;

/// <summary>The native APIs that this build declares: recordings of them are judged by their declarations.</summary>
public static class HcsApis
{
    /// <summary>All of them.</summary>
    public static IReadOnlyList<NativeApiInfo> All { get; } =
        [VmcomputeApi.Info, Kernel32Api.Info, ComputestorageApi.Info, Advapi32Api.Info];
}
