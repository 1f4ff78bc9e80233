using System.Runtime.InteropServices;

namespace AotLayers.Interop.Generators.Tests;

/// <summary>
/// A second, real library: zlib, as every Linux has it. Its <c>z_stream</c> functions are not bound: that struct holds pointers to memory
/// that no signature names, which cannot be recorded honestly. <c>unsigned long</c> is pointer-sized on Linux.
/// </summary>
[NativeApi("zlib", Library, Success = SuccessRule.Zero)]
internal static partial class Zlib
{
    private const string Library = "libz.so.1";

    /// <summary>Updates a CRC-32.</summary>
    [SuccessWhen(SuccessRule.Always)]
    [LibraryImport(Library, EntryPoint = "crc32")]
    internal static partial nuint Crc32(nuint crc, [Buffer(Length = nameof(length))] ReadOnlySpan<byte> buffer, uint length);

    /// <summary>Most bytes that <see cref="Compress2"/> writes.</summary>
    [SuccessWhen(SuccessRule.Always)]
    [LibraryImport(Library, EntryPoint = "compressBound")]
    internal static partial nuint CompressBound(nuint sourceLength);

    /// <summary>Compresses at once. Z_BUF_ERROR (-5) when the room is too small.</summary>
    [LibraryImport(Library, EntryPoint = "compress2")]
    internal static partial int Compress2(
        [Buffer(Written = nameof(destinationLength))] Span<byte> destination,
        ref nuint destinationLength,
        [Buffer(Length = nameof(sourceLength))] ReadOnlySpan<byte> source,
        nuint sourceLength,
        int level);

    /// <summary>Decompresses at once. Z_DATA_ERROR (-3) when the data is damaged.</summary>
    [LibraryImport(Library, EntryPoint = "uncompress")]
    internal static partial int Uncompress(
        [Buffer(Written = nameof(destinationLength))] Span<byte> destination,
        ref nuint destinationLength,
        [Buffer(Length = nameof(sourceLength))] ReadOnlySpan<byte> source,
        nuint sourceLength);

    /// <summary>Opens a gzip file; 0 on failure.</summary>
    [SuccessWhen(SuccessRule.NonZero)]
    [LibraryImport(Library, EntryPoint = "gzopen", StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
    [return: Handle("gzfile", HandleUse.Produced)]
    internal static partial nint GzOpen(string path, string mode);

    /// <summary>Reads decompressed bytes; 0 at the end, -1 on failure.</summary>
    [SuccessWhen(SuccessRule.NotMinusOne), StreamRead(nameof(file), nameof(buffer))]
    [LibraryImport(Library, EntryPoint = "gzread")]
    internal static partial int GzRead(
        [Handle("gzfile", HandleUse.Used)] nint file,
        [Buffer(Length = nameof(length), WrittenByReturnValue = true)] Span<byte> buffer,
        uint length);

    /// <summary>Writes bytes; gives the number of bytes taken, 0 on failure.</summary>
    [SuccessWhen(SuccessRule.NonZero)]
    [LibraryImport(Library, EntryPoint = "gzwrite")]
    internal static partial int GzWrite(
        [Handle("gzfile", HandleUse.Used)] nint file,
        [Buffer(Length = nameof(length))] ReadOnlySpan<byte> buffer,
        uint length);

    /// <summary>Closes a file.</summary>
    [LibraryImport(Library, EntryPoint = "gzclose")]
    internal static partial int GzClose([Handle("gzfile", HandleUse.Consumed)] nint file);

    /// <summary>An export that zlib does not have.</summary>
    [OptionalExport]
    [LibraryImport(Library, EntryPoint = "aotlayers_no_such_export")]
    internal static partial int NoSuchExport(int value);
}
