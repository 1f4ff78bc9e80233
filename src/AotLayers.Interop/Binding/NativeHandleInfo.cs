namespace AotLayers.Interop;

/// <summary>A place where a handle stands in the calls of a function.</summary>
/// <param name="Function">The function.</param>
/// <param name="Parameter">The parameter; null for the return value.</param>
/// <param name="Kind">Kind of the handle.</param>
/// <param name="Use">What the call does with it.</param>
/// <param name="ConsumedWhen">The integer parameter that ends the handle's life when it is not zero; null when none does.</param>
public sealed record NativeHandleInfo(string Function, string? Parameter, string Kind, HandleUse Use, string? ConsumedWhen = null);
