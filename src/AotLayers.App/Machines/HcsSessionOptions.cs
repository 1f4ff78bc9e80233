using AotLayers.Interop;

namespace AotLayers.App;

/// <summary>Which machine to work with, and whether to record the calls.</summary>
public sealed record HcsSessionOptions
{
    /// <summary>Where the calls go.</summary>
    public HcsChoice Choice { get; init; } = HcsChoice.Native;

    /// <summary>File that the calls are recorded to; null for none. It is replaced at once, and loadable at every moment.</summary>
    public string? RecordPath { get; init; }

    /// <summary>How much of the buffers a recording keeps.</summary>
    public DataPolicy RecordData { get; init; } = DataPolicy.All;

    /// <summary>Whether a recording has the duration of every call.</summary>
    public bool RecordTiming { get; init; }

    /// <summary>Faults, as <c>--fault</c> takes them; those of <see cref="FaultEnvironment"/> are added.</summary>
    public IReadOnlyList<string> Faults { get; init; } = [];

    /// <summary>Which order of calls a replay accepts. With faults, what the program leaves out is never an error.</summary>
    public ReplayOrder ReplayOrder { get; init; } = ReplayOrder.Strict;
}
