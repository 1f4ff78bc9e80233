using System.Runtime.InteropServices;
using AotLayers.Interop;

namespace AotLayers.Hcs;

/// <summary>
/// The <c>kernel32.dll</c> calls that reading and writing a layer folder needs, so that a recording of a folder route holds everything
/// that was read and written (docs/formats/backup-stream.md#backupread-and-backupwrite, docs/formats/base-layer.md#walk). The last error
/// is kept with <see cref="Marshal.SetLastPInvokeError"/> by every implementation.
/// </summary>
[NativeApi("kernel32", "kernel32.dll", Success = SuccessRule.NonZero, CodeNames = typeof(HcsCodes))]
public static unsafe partial class Kernel32
{
    private const string Dll = "kernel32.dll";

    /// <summary>Opens a file or directory, or creates a file. -1 on failure.</summary>
    [SuccessWhen(SuccessRule.NotMinusOne)]
    [LibraryImport(
        Dll,
        StringMarshalling = StringMarshalling.Utf16,
        SetLastError = true), DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    [return: Handle("file", HandleUse.Produced)]
    public static partial nint CreateFileW(
        string fileName,
        uint access,
        uint share,
        [Reserved] nint securityAttributes,
        uint disposition,
        uint flags,
        [Reserved] nint template);

    /// <summary>Closes a handle of <see cref="CreateFileW"/> or of <see cref="Advapi32.OpenProcessToken"/>.</summary>
    [LibraryImport(Dll, SetLastError = true), DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    public static partial int CloseHandle([Handle("file|token", HandleUse.Consumed)] nint handle);

    /// <summary>Times and attributes (class 0, 40 bytes).</summary>
    [LibraryImport(
        Dll,
        EntryPoint = "GetFileInformationByHandleEx",
        SetLastError = true), DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    public static partial int GetFileBasicInfo(
        [Handle("file", HandleUse.Used)] nint handle,
        int infoClass,
        out FileBasicInfo info,
        uint size);

    /// <summary>Size and link count (class 1, 24 bytes).</summary>
    [LibraryImport(
        Dll,
        EntryPoint = "GetFileInformationByHandleEx",
        SetLastError = true), DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    public static partial int GetFileStandardInfo(
        [Handle("file", HandleUse.Used)] nint handle,
        int infoClass,
        out FileStandardInfo info,
        uint size);

    /// <summary>Volume serial and 128-bit file id (class 18, 24 bytes).</summary>
    [LibraryImport(
        Dll,
        EntryPoint = "GetFileInformationByHandleEx",
        SetLastError = true), DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    public static partial int GetFileIdInfo([Handle("file", HandleUse.Used)] nint handle, int infoClass, out FileIdInfo info, uint size);

    /// <summary>Reads from the file position. Zero bytes at the end.</summary>
    [StreamRead(nameof(handle), nameof(buffer))]
    [LibraryImport(Dll, SetLastError = true), DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    public static partial int ReadFile(
        [Handle("file", HandleUse.Used)] nint handle,
        [Buffer(Length = nameof(length), Written = nameof(bytesRead))] Span<byte> buffer,
        uint length,
        out uint bytesRead,
        [Reserved] nint overlapped);

    /// <summary>Moves the file position. <paramref name="method"/>: 0 begin, 1 current, 2 end.</summary>
    [LibraryImport(Dll, SetLastError = true), DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    public static partial int SetFilePointerEx(
        [Handle("file", HandleUse.Used)] nint handle,
        long distance,
        out long newPosition,
        uint method);

    /// <summary>
    /// Next bytes of the file's backup stream; zero bytes at its end. The abort form (<paramref name="abort"/> not zero, empty buffer)
    /// frees <paramref name="context"/>.
    /// </summary>
    [StreamRead(nameof(handle), nameof(buffer), ExceptWhen = nameof(abort))]
    [LibraryImport(Dll, SetLastError = true), DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    public static partial int BackupRead(
        [Handle("file", HandleUse.Used)] nint handle,
        [Buffer(Length = nameof(length), Written = nameof(bytesRead))] Span<byte> buffer,
        uint length,
        out uint bytesRead,
        int abort,
        int processSecurity,
        [Handle("backup", HandleUse.InOut, ConsumedWhen = nameof(abort))] ref nint context);

    /// <summary>
    /// Takes the next bytes of a backup stream, split anywhere, and gives the file what they say. The abort form
    /// (<paramref name="abort"/> not zero, empty buffer) ends it and frees <paramref name="context"/>.
    /// </summary>
    [LibraryImport(Dll, SetLastError = true), DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    public static partial int BackupWrite(
        [Handle("file", HandleUse.Used)] nint handle,
        [Buffer(Length = nameof(length))] ReadOnlySpan<byte> buffer,
        uint length,
        out uint bytesWritten,
        int abort,
        int processSecurity,
        [Handle("backup", HandleUse.InOut, ConsumedWhen = nameof(abort))] ref nint context);

    /// <summary>Writes at the file position.</summary>
    [LibraryImport(Dll, SetLastError = true), DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    public static partial int WriteFile(
        [Handle("file", HandleUse.Used)] nint handle,
        [Buffer(Length = nameof(length))] ReadOnlySpan<byte> buffer,
        uint length,
        out uint bytesWritten,
        [Reserved] nint overlapped);

    /// <summary>
    /// Sets times and attributes (class 0, 40 bytes). A time of 0 and attributes of 0 stay as they are
    /// (docs/windows/structs.md#file_basic_info).
    /// </summary>
    [LibraryImport(
        Dll,
        EntryPoint = "SetFileInformationByHandle",
        SetLastError = true), DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    public static partial int SetFileBasicInfo(
        [Handle("file", HandleUse.Used)] nint handle,
        int infoClass,
        in FileBasicInfo info,
        uint size);

    /// <summary>Gives a file one more name on its volume.</summary>
    [LibraryImport(
        Dll,
        StringMarshalling = StringMarshalling.Utf16,
        SetLastError = true), DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    public static partial int CreateHardLinkW(string fileName, string existingFileName, [Reserved] nint securityAttributes);

    /// <summary>Starts a directory listing. -1 on failure.</summary>
    [SuccessWhen(SuccessRule.NotMinusOne)]
    [LibraryImport(
        Dll,
        StringMarshalling = StringMarshalling.Utf16,
        SetLastError = true), DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    [return: Handle("find", HandleUse.Produced)]
    public static partial nint FindFirstFileW(string pattern, out Win32FindData data);

    /// <summary>Next entry of a listing; ERROR_NO_MORE_FILES at the end.</summary>
    [LibraryImport(Dll, SetLastError = true), DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    public static partial int FindNextFileW([Handle("find", HandleUse.Used)] nint find, out Win32FindData data);

    /// <summary>Ends a listing.</summary>
    [LibraryImport(Dll, SetLastError = true), DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    public static partial int FindClose([Handle("find", HandleUse.Consumed)] nint find);

    /// <summary>Attributes of a path, without following a reparse point; 0xFFFFFFFF on failure.</summary>
    [SuccessWhen(SuccessRule.NotMinusOne)]
    [LibraryImport(
        Dll,
        StringMarshalling = StringMarshalling.Utf16,
        SetLastError = true), DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    public static partial uint GetFileAttributesW(string fileName);

    /// <summary>Sets attributes of a path.</summary>
    [LibraryImport(
        Dll,
        StringMarshalling = StringMarshalling.Utf16,
        SetLastError = true), DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    public static partial int SetFileAttributesW(string fileName, uint attributes);

    /// <summary>The user's temporary folder, with a trailing backslash. Returns the length in characters.</summary>
    [LibraryImport(Dll, SetLastError = true), DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    public static partial uint GetTempPathW(
        uint length,
        [Buffer(Length = nameof(length), WrittenByReturnValue = true, Terminator = BufferTerminator.NotCounted)] Span<ushort> buffer);

    /// <summary>
    /// Makes a relative path absolute, against the current directory. Returns the length in characters. Only relative paths are given to
    /// it, so that a replay needs to know the current directory of the recording only where it mattered
    /// (docs/formats/names.md#long-paths).
    /// </summary>
    [LibraryImport(
        Dll,
        StringMarshalling = StringMarshalling.Utf16,
        SetLastError = true), DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    public static partial uint GetFullPathNameW(
        string fileName,
        uint length,
        [Buffer(Length = nameof(length), WrittenByReturnValue = true, Terminator = BufferTerminator.NotCounted)] Span<ushort> buffer,
        [Reserved] nint filePart);

    /// <summary>Creates one directory.</summary>
    [LibraryImport(
        Dll,
        StringMarshalling = StringMarshalling.Utf16,
        SetLastError = true), DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    public static partial int CreateDirectoryW(string path, [Reserved] nint securityAttributes);

    /// <summary>Removes an empty directory, or a directory reparse point.</summary>
    [LibraryImport(
        Dll,
        StringMarshalling = StringMarshalling.Utf16,
        SetLastError = true), DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    public static partial int RemoveDirectoryW(string path);

    /// <summary>Deletes a file, or a file reparse point.</summary>
    [LibraryImport(
        Dll,
        StringMarshalling = StringMarshalling.Utf16,
        SetLastError = true), DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    public static partial int DeleteFileW(string path);

    /// <summary>A counter that differs from call to call. Temporary names come from it, so that a replay makes the same ones.</summary>
    [LibraryImport(Dll, SetLastError = true), DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    public static partial int QueryPerformanceCounter(out long count);
}
