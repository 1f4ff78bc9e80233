using System.Runtime.InteropServices;

namespace AotLayers.Interop.Tests;

/// <summary><c>z_stream</c> of zlib.h. The library keeps its address between calls: it stays where it is from init to end.</summary>
[StructLayout(LayoutKind.Sequential)]
public unsafe struct ZStream
{
    [InputCursor(nameof(AvailIn))]
    public byte* NextIn;
    public uint AvailIn;
    public CULong TotalIn;
    [OutputCursor(nameof(AvailOut))]
    public byte* NextOut;
    public uint AvailOut;
    public CULong TotalOut;
    [LibraryText]
    public byte* Msg;
    [Opaque]
    public nint State;
    [Opaque]
    public nint Zalloc;
    [Opaque]
    public nint Zfree;
    [Opaque]
    public nint Opaque;
    public int DataType;
    public CULong Adler;
    public CULong Reserved;
}
