namespace AotLayers.Interop;

/// <summary>Bounds on a JSON text of unknown origin, so that a hostile one is an error and not an exhausted machine.</summary>
public sealed record BoundedJsonLimits
{
    /// <summary>Most bytes of the text.</summary>
    public int Bytes { get; init; } = 64 << 20;

    /// <summary>Deepest nesting of objects and arrays.</summary>
    public int Depth { get; init; } = 64;

    /// <summary>Most values and member names together; each takes 16 bytes of memory.</summary>
    public int Tokens { get; init; } = 16 << 20;

    /// <summary>Accept comments and commas before a closing bracket, for files that people write.</summary>
    public bool ForPeople { get; init; }
}
