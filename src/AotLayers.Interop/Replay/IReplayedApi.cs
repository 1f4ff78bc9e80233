namespace AotLayers.Interop;

/// <summary>
/// Implemented by generated replays: a recording of a replay carries over the origin and the header facts of its source,
/// so that recording the replay of a file gives that file.
/// </summary>
public interface IReplayedApi : INativeApi
{
    /// <summary>Answers the calls.</summary>
    Replayer Replayer { get; }
}
