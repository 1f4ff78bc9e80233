namespace AotLayers.Interop;

/// <summary>An allocator shared by both sides of a call.</summary>
public enum NativeAllocator
{
    /// <summary><c>CoTaskMemAlloc</c>/<c>CoTaskMemFree</c>; <c>malloc</c>/<c>free</c> where there is no COM.</summary>
    CoTaskMem,
}
