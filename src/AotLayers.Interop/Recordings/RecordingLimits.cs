namespace AotLayers.Interop;

/// <summary>Bounds on what the loader accepts, so that a hostile file is an error and not an exhausted machine.</summary>
public sealed record RecordingLimits
{
    /// <summary>Most bytes of a file.</summary>
    public long FileBytes { get; init; } = 4L << 30;

    /// <summary>Most bytes of one call with everything in it.</summary>
    public int CallBytes { get; init; } = 256 << 20;

    /// <summary>Most calls.</summary>
    public int Calls { get; init; } = 16 << 20;

    /// <summary>Deepest nesting of objects and arrays.</summary>
    public int Depth { get; init; } = 64;

    /// <summary>Most bytes of one string that is not buffer content.</summary>
    public int TextBytes { get; init; } = 16 << 20;

    /// <summary>Most bytes of all buffer contents together.</summary>
    public long DataBytes { get; init; } = 3L << 30;
}
