using System.Runtime.InteropServices;

namespace AotLayers.Interop.Tests;

[UnmanagedFunctionPointer(CallingConvention.Cdecl)]
public unsafe delegate int Visit([Opaque] nint context, int index, [LibraryText] byte* name);

[UnmanagedFunctionPointer(CallingConvention.Cdecl)]
public unsafe delegate int CompareNumbers([In] int* a, [In] int* b);

[UnmanagedFunctionPointer(CallingConvention.Cdecl)]
public delegate nint ReadInto([Opaque] nint context, [Buffer(Length = "size", WrittenByReturnValue = true)] nint buffer, nuint size);

[UnmanagedFunctionPointer(CallingConvention.Cdecl)]
public unsafe delegate nint Pull([Opaque] nint context, [Out, LibraryMemory(LengthByReturnValue = true)] void** block);

[UnmanagedFunctionPointer(CallingConvention.Cdecl)]
public delegate int Push([Opaque] nint context, [LibraryMemory(Length = "size")] nint data, nuint size);

[UnmanagedFunctionPointer(CallingConvention.Cdecl)]
public delegate void OnEvent([Opaque] nint context, int number);

/// <summary>Passed by value.</summary>
[StructLayout(LayoutKind.Sequential)]
public struct NoticePoint
{
    public int X;
    public int Y;
}

/// <summary>Passed by its address, with text of the library.</summary>
[StructLayout(LayoutKind.Sequential)]
public struct Notice
{
    public int Kind;
    [LibraryText]
    public nint Text;
}

[UnmanagedFunctionPointer(CallingConvention.Cdecl)]
public unsafe delegate int Tell([Opaque] nint context, NoticePoint at, [In] Notice* notice);
