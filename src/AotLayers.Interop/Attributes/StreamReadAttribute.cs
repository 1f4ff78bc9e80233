namespace AotLayers.Interop;

/// <summary>
/// The method reads the next bytes of a stream. Replay serves the recorded bytes whatever buffer size is asked for,
/// instead of the recorded chunk sizes.
/// </summary>
/// <param name="handle">Name of the handle parameter that the stream belongs to.</param>
/// <param name="buffer">Name of the <c>Span&lt;byte&gt;</c> parameter. Its <see cref="BufferAttribute"/> names the written count.</param>
[AttributeUsage(AttributeTargets.Method)]
public sealed class StreamReadAttribute(string handle, string buffer) : Attribute
{
    /// <summary>Name of the handle parameter.</summary>
    public string Handle { get; } = handle;

    /// <summary>Name of the buffer parameter.</summary>
    public string Buffer { get; } = buffer;

    /// <summary>Name of an integer parameter: when it is not zero the call is not a stream read (BackupRead's abort form).</summary>
    public string? ExceptWhen { get; set; }
}
