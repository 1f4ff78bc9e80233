namespace AotLayers.Interop;

/// <summary>
/// Says which parameters hold the sizes of a <c>Span</c> or <c>ReadOnlySpan</c> parameter. Both counts are in elements.
/// </summary>
[AttributeUsage(AttributeTargets.Parameter)]
public sealed class BufferAttribute : Attribute
{
    /// <summary>Name of the parameter that carries the span's length into the call. Always equal to the span's length.</summary>
    public string? Length { get; set; }

    /// <summary>Name of the out or ref parameter that tells how many elements the callee wrote.</summary>
    public string? Written { get; set; }

    /// <summary>The return value tells how many elements the callee wrote.</summary>
    public bool WrittenByReturnValue { get; set; }
}
