using AotLayers.Hcs;

namespace AotLayers.App;

/// <summary>The APIs whose calls by other programs can be recorded: those that the recorder has entry points for.</summary>
public static class RecordableApis
{
    /// <summary>Their names in recordings.</summary>
    public static IReadOnlyList<string> Names { get; } = [VmcomputeApi.Info.Name, ComputestorageApi.Info.Name];
}
