namespace AotLayers.Interop;

/// <summary>
/// A JSON text is malformed, exceeds its bounds, or holds something else than is expected. The message says what was read and the place
/// in it.
/// </summary>
public sealed class BoundedJsonException : FormatException
{
    /// <summary>Creates an exception without details.</summary>
    public BoundedJsonException()
        : this("the JSON text is malformed")
    {
    }

    /// <summary>Creates an exception with its message.</summary>
    public BoundedJsonException(string message)
        : base(message)
    {
    }

    /// <summary>Creates an exception with its message and its cause.</summary>
    public BoundedJsonException(string message, Exception? innerException)
        : base(message, innerException)
    {
    }

    /// <summary>Bytes of the text that were read before the damage; -1 when the text is JSON, but not what is expected.</summary>
    public long Position { get; init; } = -1;
}
