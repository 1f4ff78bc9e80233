namespace AotLayers.Interop;

/// <summary>
/// The pointer-sized value is a token that means something to one side only. Recordings hold its identity, never the address: the same
/// token is the same in every call, and a replay gives the program its own token back.
/// </summary>
[AttributeUsage(AttributeTargets.Parameter | AttributeTargets.ReturnValue | AttributeTargets.Field)]
public sealed class OpaqueAttribute : Attribute;
