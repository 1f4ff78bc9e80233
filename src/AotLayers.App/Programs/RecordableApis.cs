using AotLayers.Hcs;
using AotLayers.Interop;

namespace AotLayers.App;

/// <summary>The APIs whose calls by other programs can be recorded: those that the recorder has entry points for.</summary>
public static class RecordableApis
{
    /// <summary>Their facts.</summary>
    public static IReadOnlyList<NativeApiInfo> All { get; } = [VmcomputeApi.Info, ComputestorageApi.Info];

    /// <summary>Their names in recordings.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. All.Select(static api => api.Name)];
}
