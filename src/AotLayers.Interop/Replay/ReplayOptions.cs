namespace AotLayers.Interop;

/// <summary>How strictly a replay follows its recording.</summary>
public sealed record ReplayOptions
{
    /// <summary>Which order of calls is accepted.</summary>
    public ReplayOrder Order { get; init; } = ReplayOrder.Strict;

    /// <summary>Which buffer sizes stream reads may ask for.</summary>
    public StreamReadMode StreamReads { get; init; } = StreamReadMode.Elastic;
}
