namespace AotLayers.Interop;

/// <summary>
/// The parameter is always zero: it is reserved, or it asks for something that the declaration does not model (an <c>OVERLAPPED</c>,
/// security attributes). Another value is an <see cref="ArgumentException"/> before the call.
/// </summary>
[AttributeUsage(AttributeTargets.Parameter)]
public sealed class ReservedAttribute : Attribute;
