using System.Runtime.InteropServices;
using AotLayers.Interop;

namespace AotLayers.Hcs;

/// <summary>
/// The <c>kernel32.dll</c> calls that tell about the volume that a path lies on (docs/windows/host.md#volumes).
/// </summary>
[NativeApi("volumes", "kernel32.dll", Success = SuccessRule.NonZero, CodeNames = typeof(HcsCodes))]
public static partial class Volumes
{
    private const string Dll = "kernel32.dll";

    /// <summary>Where the volume of a path is mounted, with a trailing backslash. The path need not exist.</summary>
    [LibraryImport(
        Dll,
        StringMarshalling = StringMarshalling.Utf16,
        SetLastError = true), DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    public static partial int GetVolumePathNameW(
        string fileName,
        [Buffer(Length = nameof(length), Terminator = BufferTerminator.Ends)] Span<ushort> volumePath,
        uint length);

    /// <summary>Name of a volume's file system, such as <c>NTFS</c>.</summary>
    [LibraryImport(
        Dll,
        StringMarshalling = StringMarshalling.Utf16,
        SetLastError = true), DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    public static partial int GetVolumeInformationW(
        string rootPath,
        [Buffer(Length = nameof(nameLength), Terminator = BufferTerminator.Ends)] Span<ushort> name,
        uint nameLength,
        out uint serial,
        out uint maxComponent,
        out uint flags,
        [Buffer(Length = nameof(fileSystemLength), Terminator = BufferTerminator.Ends)] Span<ushort> fileSystem,
        uint fileSystemLength);

    /// <summary>Space of the volume of a folder, in bytes: what the caller may still use, all of it, what is free.</summary>
    [LibraryImport(
        Dll,
        StringMarshalling = StringMarshalling.Utf16,
        SetLastError = true), DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    public static partial int GetDiskFreeSpaceExW(string folder, out ulong available, out ulong total, out ulong free);
}
