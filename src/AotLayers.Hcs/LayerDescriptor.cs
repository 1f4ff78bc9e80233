using System.Runtime.InteropServices;
using System.Runtime.InteropServices.Marshalling;

namespace AotLayers.Hcs;

/// <summary>
/// WC_LAYER_DESCRIPTOR: one parent of a layer. Parents are passed nearest first, base layer last (docs/windows/vmcompute.md#parents,
/// docs/windows/structs.md#wc_layer_descriptor).
/// </summary>
[NativeMarshalling(typeof(LayerDescriptorMarshaller))]
public struct LayerDescriptor
{
    /// <summary>Identity of the parent: NameToGuid of the base name of its path.</summary>
    public Guid Id;

    /// <summary>0; the top bit means "dirty".</summary>
    public uint Flags;

    /// <summary>The parent's path exactly as given.</summary>
    public string Path;
}

/// <summary>
/// Native layout of <see cref="LayerDescriptor"/>: 32 bytes on 64-bit, 24 on 32-bit (docs/windows/structs.md#wc_layer_descriptor).
/// </summary>
[StructLayout(LayoutKind.Sequential)]
public unsafe struct LayerDescriptorNative
{
    /// <summary>LayerId, offset 0.</summary>
    public Guid Id;

    /// <summary>Flags, offset 16.</summary>
    public uint Flags;

    /// <summary>Path, NUL-terminated UTF-16, offset 24 (20 on 32-bit).</summary>
    public char* Path;
}

/// <summary>Marshals <see cref="LayerDescriptor"/>, alone or as an element, for the length of one call.</summary>
[CustomMarshaller(typeof(LayerDescriptor), MarshalMode.ManagedToUnmanagedIn, typeof(LayerDescriptorMarshaller))]
[CustomMarshaller(typeof(LayerDescriptor), MarshalMode.UnmanagedToManagedIn, typeof(LayerDescriptorMarshaller))]
[CustomMarshaller(typeof(LayerDescriptor), MarshalMode.ElementIn, typeof(LayerDescriptorMarshaller))]
public static unsafe class LayerDescriptorMarshaller
{
    /// <summary>Copies to native memory; <see cref="Free"/> releases it.</summary>
    public static LayerDescriptorNative ConvertToUnmanaged(LayerDescriptor managed) => new()
    {
        Id = managed.Id,
        Flags = managed.Flags,
        Path = (char*)Marshal.StringToCoTaskMemUni(managed.Path),
    };

    /// <summary>Copies from native memory that stays the caller's.</summary>
    public static LayerDescriptor ConvertToManaged(LayerDescriptorNative unmanaged) => new()
    {
        Id = unmanaged.Id,
        Flags = unmanaged.Flags,
        Path = unmanaged.Path is null ? "" : new string(unmanaged.Path),
    };

    /// <summary>Frees what <see cref="ConvertToUnmanaged"/> allocated.</summary>
    public static void Free(LayerDescriptorNative unmanaged) => Marshal.FreeCoTaskMem((nint)unmanaged.Path);
}
