namespace AotLayers.Interop;

/// <summary>How strictly a replay follows its recording.</summary>
public sealed record ReplayOptions
{
    /// <summary>Which order of calls is accepted.</summary>
    public ReplayOrder Order { get; init; } = ReplayOrder.Strict;

    /// <summary>Which buffer sizes stream reads may ask for.</summary>
    public StreamReadMode StreamReads { get; init; } = StreamReadMode.Elastic;

    /// <summary>
    /// How long a call waits for callbacks of the library's own threads that were done before it when the recording was made.
    /// </summary>
    public TimeSpan CallbackTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>What was kept out of the file, and what is not compared; null for nothing.</summary>
    public CallRules? Rules { get; init; }

    /// <summary>
    /// <see cref="Replayer.VerifyComplete"/> accepts a recording that was cut off: the calls that it has were made, and no more is known.
    /// </summary>
    public bool AcceptIncomplete { get; init; }
}
