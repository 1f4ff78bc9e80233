namespace AotLayers.Interop;

/// <summary>
/// The <c>nint</c> is a number that happens to be as wide as a pointer (<c>ssize_t</c>, <c>LPARAM</c>): it is recorded as it is.
/// </summary>
[AttributeUsage(AttributeTargets.Parameter | AttributeTargets.ReturnValue | AttributeTargets.Field)]
public sealed class NumberAttribute : Attribute;
