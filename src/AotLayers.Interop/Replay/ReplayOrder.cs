namespace AotLayers.Interop;

/// <summary>Which order of calls a replay accepts.</summary>
public enum ReplayOrder
{
    /// <summary>The order in which the recorded calls were entered.</summary>
    Strict,

    /// <summary>
    /// The recorded order of every handle by itself; calls on different handles may interleave. For programs with several threads.
    /// </summary>
    PerHandle,

    /// <summary>
    /// As <see cref="PerHandle"/>, but what the program leaves out is no error, neither calls nor the rest of a stream. For programs that
    /// a <see cref="FaultPlan"/> makes leave the recording: what they still do is compared, and the handles that they do not end are
    /// still told.
    /// </summary>
    Skipping,
}
