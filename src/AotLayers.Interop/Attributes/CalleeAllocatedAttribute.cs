namespace AotLayers.Interop;

/// <summary>The out-string was allocated by the callee; the SDK's marshaller copies and frees it.</summary>
/// <param name="allocator">Who frees it, and how.</param>
[AttributeUsage(AttributeTargets.Parameter)]
public sealed class CalleeAllocatedAttribute(NativeAllocator allocator) : Attribute
{
    /// <summary>Who frees it, and how.</summary>
    public NativeAllocator Allocator { get; } = allocator;
}
