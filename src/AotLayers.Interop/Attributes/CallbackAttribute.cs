namespace AotLayers.Interop;

/// <summary>
/// The parameter takes a function of the program: an unmanaged function pointer, a delegate, or a <c>nint</c> with
/// <see cref="Signature"/>. Each callback is recorded as a call the other way, with what the library passed and what the program
/// answered; a replay makes it again and compares the answer.
/// </summary>
/// <remarks>
/// What the function's own parameters are is said by attributes on the parameters of the delegate type: <see cref="OpaqueAttribute"/> is
/// the context, <see cref="HandleAttribute"/>, <see cref="LibraryTextAttribute"/>, <see cref="LibraryMemoryAttribute"/>,
/// <see cref="BufferAttribute"/>, <c>[In]</c> and <c>[Out]</c> the other pointers. A function pointer type has no room for attributes:
/// numbers alone need none, otherwise name a delegate type as <see cref="Signature"/>.
/// </remarks>
[AttributeUsage(AttributeTargets.Parameter)]
public sealed class CallbackAttribute : Attribute
{
    /// <summary>
    /// Name of the parameter whose value comes back as the callback's context (user data). Only the program knows what it means; it is
    /// not recorded.
    /// </summary>
    public string? Context { get; set; }

    /// <summary>How long the library keeps the function.</summary>
    public CallbackLifetime Lifetime { get; set; }

    /// <summary>A delegate type that says what the function takes and gives; not needed where the parameter is a delegate itself.</summary>
    public Type? Signature { get; set; }
}
