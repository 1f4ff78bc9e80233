using System.Runtime.InteropServices;
using AotLayers.Interop;

namespace AotLayers.Benchmarks;

/// <summary>A library that every Linux has, with a call that costs nothing and a stream.</summary>
[NativeApi("gzip", Library, Success = SuccessRule.Zero)]
internal static partial class Gzip
{
    private const string Library = "libz.so.1";

    /// <summary>Returns a constant: what is measured is the way to it.</summary>
    [SuccessWhen(SuccessRule.Always)]
    [LibraryImport(Library, EntryPoint = "zlibCompileFlags")]
    internal static partial nuint CompileFlags();

    [SuccessWhen(SuccessRule.NonZero)]
    [LibraryImport(Library, EntryPoint = "gzopen", StringMarshalling = StringMarshalling.Utf8)]
    [return: Handle("gzfile", HandleUse.Produced)]
    internal static partial nint Open(string path, string mode);

    [SuccessWhen(SuccessRule.NotMinusOne), StreamRead(nameof(file), nameof(buffer))]
    [LibraryImport(Library, EntryPoint = "gzread")]
    internal static partial int Read(
        [Handle("gzfile", HandleUse.Used)] nint file,
        [Buffer(Length = nameof(length), WrittenByReturnValue = true)] Span<byte> buffer,
        uint length);

    [LibraryImport(Library, EntryPoint = "gzclose")]
    internal static partial int Close([Handle("gzfile", HandleUse.Consumed)] nint file);
}
