namespace AotLayers.Interop;

/// <summary>How a <see cref="RecordingSession"/> records and replays.</summary>
public sealed record RecordingSessionOptions
{
    /// <summary>How a recording is made.</summary>
    public RecorderOptions Recorder { get; init; } = new();

    /// <summary>How strictly a recording is followed.</summary>
    public ReplayOptions Replay { get; init; } = new();

    /// <summary>Redactions and matchers, for recording and replaying alike.</summary>
    public CallRules? Rules { get; init; }
}
