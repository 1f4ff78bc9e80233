using AotLayers.App;
using AotLayers.Hcs;
using AotLayers.Interop;

namespace AotLayers.Shim;

/// <summary>
/// A program whose calls are answered from a recording by the process that started it: what it calls is copied to that process, which
/// compares.
/// </summary>
internal static class ShimReplay
{
    /// <summary>Environment variable with the path of the shared memory.</summary>
    public const string Variable = "AOTLAYERS_REPLAY";

    /// <summary>Environment variable with the order of calls that is accepted, as the command line spells it.</summary>
    public const string OrderVariable = "AOTLAYERS_REPLAY_ORDER";

    /// <summary>Whether this is such a program.</summary>
    public static bool IsActive { get; } = Environment.GetEnvironmentVariable(Variable) is { Length: > 0 };

    /// <summary>Which order of calls is accepted.</summary>
    public static ReplayOrder Order =>
        OptionWords.ReplayOrder.TryRead(Environment.GetEnvironmentVariable(OrderVariable), out ReplayOrder order)
            ? order
            : ReplayOrder.Strict;

    /// <summary>The entry point of an export; 0 when the recorded library lacked it.</summary>
    public static nint Find(string export)
    {
        if (ShimRecorder.Find(library: null, export) is not { } api)
        {
            return 0;
        }

        HcsMachine machine = ShimMachine.Current;
        INativeApi replayed = api.Name == machine.Vmcompute.Info.Name ? machine.Vmcompute : machine.Computestorage;
        return replayed.Probe(export) == ExportStatus.Present ? HcsExports.GetEntryPoint(export) : 0;
    }

    /// <summary>
    /// Copies the calls to the process that started this one. The first process of a program is watched, others only served.
    /// </summary>
    public static HcsMachine Watch(HcsMachine machine)
    {
        if (!IsActive)
        {
            return machine;
        }

        var recorder = Recorder.Attach(Environment.GetEnvironmentVariable(Variable)!, Environment.ProcessId);
        return recorder is null ? machine : machine.Recorded(recorder);
    }
}
