using System.Runtime.InteropServices;
using AotLayers.Interop;

namespace AotLayers.Replay.Tests.Recordings;

/// <summary>
/// A small API with everything that the recorder must know: handles, streams, structs, callee-allocated text, last errors, an optional
/// export.
/// </summary>
[NativeApi("toy", "libtoy.so", CodeNames = typeof(ToyCodes))]
internal static partial class Toy
{
    private const string Dll = "libtoy.so";

    [LibraryImport(Dll, StringMarshalling = StringMarshalling.Utf16)]
    public static partial int Open(string path, [Handle("stream", HandleUse.Produced)] out nint stream);

    [LibraryImport(Dll, StringMarshalling = StringMarshalling.Utf16)]
    public static partial int Next(
        [Handle("stream", HandleUse.Used)] nint stream,
        [CalleeAllocated(NativeAllocator.CoTaskMem)] out string? name,
        out ToyInfo info);

    [StreamRead(nameof(stream), nameof(buffer))]
    [LibraryImport(Dll)]
    public static partial int Read(
        [Handle("stream", HandleUse.Used)] nint stream,
        [Buffer(Length = nameof(length), Written = nameof(read))] Span<byte> buffer,
        uint length,
        out uint read);

    [LibraryImport(Dll)]
    public static partial int Write(
        [Handle("stream", HandleUse.Used)] nint stream,
        [Buffer(Length = nameof(length))] ReadOnlySpan<byte> buffer,
        uint length);

    [LibraryImport(Dll)]
    public static partial int Close([Handle("stream", HandleUse.Consumed)] nint stream);

    [LibraryImport(Dll, SetLastError = true), SuccessWhen(SuccessRule.NonZero)]
    public static partial int SetFlag(long small, ulong big, int value);

    [OptionalExport]
    [LibraryImport(Dll, StringMarshalling = StringMarshalling.Utf16)]
    public static partial int Extra(string? text);
}

/// <summary>A struct of a toy entry.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct ToyInfo
{
    public Guid Id;
    public long Time;
    public ulong Size;
    public uint Flags;
}

/// <summary>Names of the codes that the toy returns.</summary>
internal static class ToyCodes
{
    public const int NoMoreFiles = unchecked((int)0x80070012);
    public const int Denied = unchecked((int)0x80070005);
    public const int InvalidHandle = unchecked((int)0x80070006);

    public static string? GetName(uint code) => code switch
    {
        0x80070012 => "ERROR_NO_MORE_FILES",
        0x80070005 or 5 => "ERROR_ACCESS_DENIED",
        0x80070006 => "ERROR_INVALID_HANDLE",
        _ => null,
    };
}
