namespace AotLayers.Interop;

/// <summary>The out-string or returned string was allocated by the callee; the SDK's marshaller copies and frees it.</summary>
/// <param name="allocator">Who frees it, and how.</param>
[AttributeUsage(AttributeTargets.Parameter | AttributeTargets.ReturnValue)]
public sealed class CalleeAllocatedAttribute(NativeAllocator allocator) : Attribute
{
    /// <summary>Who frees it, and how.</summary>
    public NativeAllocator Allocator { get; } = allocator;
}
