namespace AotLayers.Interop;

/// <summary>
/// The pointer means something to one side only: a token that the program passes and gets back (user data), or a field in which a library keeps its own state.
/// It is never recorded as an address.
/// </summary>
[AttributeUsage(AttributeTargets.Parameter | AttributeTargets.ReturnValue | AttributeTargets.Field)]
public sealed class OpaqueAttribute : Attribute;
