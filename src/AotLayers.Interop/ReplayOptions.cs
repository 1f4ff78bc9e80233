namespace AotLayers.Interop;

/// <summary>How strictly a replay follows its recording.</summary>
public sealed record ReplayOptions
{
    /// <summary>Which order of calls is accepted.</summary>
    public ReplayOrder Order { get; init; } = ReplayOrder.Strict;

    /// <summary>Which buffer sizes stream reads may ask for.</summary>
    public StreamReadMode StreamReads { get; init; } = StreamReadMode.Elastic;
}

/// <summary>Which order of calls a replay accepts.</summary>
public enum ReplayOrder
{
    /// <summary>The order in which the recorded calls were entered.</summary>
    Strict,

    /// <summary>The recorded order of every handle by itself; calls on different handles may interleave. For programs with several threads.</summary>
    PerHandle,

    /// <summary>
    /// As <see cref="PerHandle"/>, but what the program leaves out is no error, neither calls nor the rest of a stream. For programs that a <see cref="FaultPlan"/>
    /// makes leave the recording: what they still do is compared, and the handles that they do not end are still told.
    /// </summary>
    Skipping,
}

/// <summary>Which buffer sizes stream reads may ask for.</summary>
public enum StreamReadMode
{
    /// <summary>Any: the recorded bytes are served in whatever sizes are asked for.</summary>
    Elastic,

    /// <summary>The recorded ones only.</summary>
    Exact,
}
