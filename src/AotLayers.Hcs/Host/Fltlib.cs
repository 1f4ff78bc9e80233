using System.Runtime.InteropServices;
using AotLayers.Interop;

namespace AotLayers.Hcs;

/// <summary>
/// The <c>fltlib.dll</c> calls that list the file system filters of the machine (docs/windows/host.md#filters). They need an elevated
/// caller.
/// </summary>
[NativeApi("fltlib", "fltlib.dll", CodeNames = typeof(HcsCodes))]
public static partial class Fltlib
{
    private const string Dll = "fltlib.dll";

    /// <summary>Starts a listing and gives its first filter.</summary>
    [OptionalExport]
    [LibraryImport(Dll), DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    public static partial int FilterFindFirst(
        int infoClass,
        [Buffer(Length = nameof(length), Written = nameof(written))] Span<byte> buffer,
        uint length,
        out uint written,
        [Handle("filterFind", HandleUse.Produced)] out nint find);

    /// <summary>The next filter; ERROR_NO_MORE_ITEMS at the end.</summary>
    [OptionalExport]
    [LibraryImport(Dll), DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    public static partial int FilterFindNext(
        [Handle("filterFind", HandleUse.Used)] nint find,
        int infoClass,
        [Buffer(Length = nameof(length), Written = nameof(written))] Span<byte> buffer,
        uint length,
        out uint written);

    /// <summary>Ends a listing.</summary>
    [OptionalExport]
    [LibraryImport(Dll), DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    public static partial int FilterFindClose([Handle("filterFind", HandleUse.Consumed)] nint find);
}
