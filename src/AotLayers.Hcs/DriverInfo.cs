using System.Runtime.InteropServices;
using System.Runtime.InteropServices.Marshalling;

namespace AotLayers.Hcs;

/// <summary>
/// DRIVER_INFO: which layer driver, and the directory that a bare layer id is looked up in (docs/windows/structs.md#driver_info).
/// </summary>
[NativeMarshalling(typeof(DriverInfoMarshaller))]
public struct DriverInfo
{
    /// <summary>0 is the diff driver of old tools, 1 the filter driver.</summary>
    public int Flavour;

    /// <summary>Parent directory of the layer folders; empty, never null, when ids are full paths.</summary>
    public string HomeDir;

    /// <summary>
    /// The fixed form in which every layer id is a full path: flavour 1 and an empty home directory
    /// (docs/windows/vmcompute.md#driver-and-id).
    /// </summary>
    public static DriverInfo FullPaths => new() { Flavour = 1, HomeDir = "" };
}

/// <summary>Native layout of <see cref="DriverInfo"/>: 16 bytes on 64-bit, 8 on 32-bit (docs/windows/structs.md#driver_info).</summary>
[StructLayout(LayoutKind.Sequential)]
public unsafe struct DriverInfoNative
{
    /// <summary>Flavour, offset 0.</summary>
    public int Flavour;

    /// <summary>HomeDir, NUL-terminated UTF-16, offset 8 (4 on 32-bit).</summary>
    public char* HomeDir;
}

/// <summary>Marshals <see cref="DriverInfo"/> for the length of one call.</summary>
[CustomMarshaller(typeof(DriverInfo), MarshalMode.ManagedToUnmanagedIn, typeof(DriverInfoMarshaller))]
[CustomMarshaller(typeof(DriverInfo), MarshalMode.UnmanagedToManagedIn, typeof(DriverInfoMarshaller))]
public static unsafe class DriverInfoMarshaller
{
    /// <summary>Copies to native memory; <see cref="Free"/> releases it.</summary>
    public static DriverInfoNative ConvertToUnmanaged(DriverInfo managed) => new()
    {
        Flavour = managed.Flavour,
        HomeDir = (char*)Marshal.StringToCoTaskMemUni(managed.HomeDir ?? ""),
    };

    /// <summary>Copies from native memory that stays the caller's. A null HomeDir reads as empty.</summary>
    public static DriverInfo ConvertToManaged(DriverInfoNative unmanaged) => new()
    {
        Flavour = unmanaged.Flavour,
        HomeDir = unmanaged.HomeDir is null ? "" : new string(unmanaged.HomeDir),
    };

    /// <summary>Frees what <see cref="ConvertToUnmanaged"/> allocated.</summary>
    public static void Free(DriverInfoNative unmanaged) => Marshal.FreeCoTaskMem((nint)unmanaged.HomeDir);
}
