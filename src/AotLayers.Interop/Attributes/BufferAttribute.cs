namespace AotLayers.Interop;

/// <summary>Says what holds the sizes of a span or array parameter.</summary>
[AttributeUsage(AttributeTargets.Parameter)]
public sealed class BufferAttribute : Attribute
{
    /// <summary>Name of the parameter that carries the span's length into the call. Always equal to the span's length.</summary>
    public string? Length { get; set; }

    /// <summary>
    /// Name of the out or ref parameter that tells how much the callee wrote, or of a parameter that goes in and says how much it has to
    /// write (<c>RAND_bytes</c>).
    /// </summary>
    public string? Written { get; set; }

    /// <summary>The return value tells how much the callee wrote.</summary>
    public bool WrittenByReturnValue { get; set; }

    /// <summary>What <see cref="Length"/>, <see cref="Written"/> and the return value count.</summary>
    public BufferUnit Unit { get; set; }

    /// <summary>What ends the text that the callee writes.</summary>
    public BufferTerminator Terminator { get; set; }

    /// <summary>
    /// A count beyond the room means that the callee filled the room and tells what it would have needed (<c>snprintf</c>); otherwise it
    /// wrote nothing.
    /// </summary>
    public bool Truncates { get; set; }

    /// <summary>
    /// A number of elements that the ABI fixes (<c>int fds[2]</c>, the room for a SHA-256): the span has at least so many, and where
    /// nothing else counts, so many are written.
    /// </summary>
    public int Count { get; set; }
}
