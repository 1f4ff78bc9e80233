namespace AotLayers.Interop;

/// <summary>How a recording is made.</summary>
public sealed record RecorderOptions
{
    /// <summary>
    /// What the header says about where the calls come from. Ignored when the recorded API is itself a replay: its origin is carried
    /// over.
    /// </summary>
    public RecordingOrigin Origin { get; init; } = RecordingOrigin.Current(RecordingOrigin.Live);

    /// <summary>How much of the buffers is kept.</summary>
    public DataPolicy Data { get; init; } = DataPolicy.All;

    /// <summary>Writes each call's duration in microseconds. Without it the same run recorded twice is byte-identical.</summary>
    public bool Timing { get; init; }

    /// <summary>What is not to be in the file; null for nothing.</summary>
    public CallRules? Rules { get; init; }
}
