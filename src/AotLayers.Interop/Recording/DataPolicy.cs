namespace AotLayers.Interop;

/// <summary>How much of the buffers a recording keeps.</summary>
public enum DataPolicy
{
    /// <summary>
    /// Length, SHA-256 and content; each distinct content once. The only policy whose recordings can be replayed where bytes are read.
    /// </summary>
    All,

    /// <summary>Length and SHA-256.</summary>
    Digest,

    /// <summary>Length only.</summary>
    Lengths,
}
