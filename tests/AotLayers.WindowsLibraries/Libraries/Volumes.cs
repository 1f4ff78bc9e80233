using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using AotLayers.Interop;

namespace AotLayers.WindowsLibraries;

/// <summary>BY_HANDLE_FILE_INFORMATION. A FILETIME stands at any multiple of four.</summary>
[StructLayout(LayoutKind.Sequential, Pack = 4)]
internal struct FileInformation
{
    public uint Attributes;
    public ulong Creation;
    public ulong LastAccess;
    public ulong LastWrite;
    public uint VolumeSerial;
    public uint SizeHigh;
    public uint SizeLow;
    public uint Links;
    public uint IndexHigh;
    public uint IndexLow;
}

/// <summary>WCHAR[260].</summary>
[InlineArray(260)]
internal struct LongName
{
    private char _first;
}

/// <summary>WCHAR[14].</summary>
[InlineArray(14)]
internal struct ShortName
{
    private char _first;
}

/// <summary>WIN32_FIND_DATAW.</summary>
[StructLayout(LayoutKind.Sequential, Pack = 4)]
internal struct FindData
{
    public uint Attributes;
    public ulong Creation;
    public ulong LastAccess;
    public ulong LastWrite;
    public uint SizeHigh;
    public uint SizeLow;
    public uint Tag;
    public uint Reserved;
    public LongName Name;
    public ShortName Alternate;
}

/// <summary>Files, listings and volumes of kernel32: BOOL and the last error, INVALID_HANDLE_VALUE, texts that a NUL ends.</summary>
[NativeApi("volumes", Library, Success = SuccessRule.NonZero)]
internal static partial class Volumes
{
    private const string Library = "kernel32.dll";

    [LibraryImport(
        Library,
        StringMarshalling = StringMarshalling.Utf16,
        SetLastError = true), DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    internal static partial int CreateDirectoryW(string path, [Reserved] nint security);

    [LibraryImport(
        Library,
        StringMarshalling = StringMarshalling.Utf16,
        SetLastError = true), DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    internal static partial int RemoveDirectoryW(string path);

    /// <summary>A name without a file when <paramref name="unique"/> is not zero.</summary>
    [LibraryImport(
        Library,
        StringMarshalling = StringMarshalling.Utf16,
        SetLastError = true), DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    internal static partial uint GetTempFileNameW(
        string folder,
        string prefix,
        uint unique,
        [Buffer(Count = 260, Terminator = BufferTerminator.Ends)] Span<char> name);

    [SuccessWhen(SuccessRule.NotMinusOne)]
    [LibraryImport(
        Library,
        StringMarshalling = StringMarshalling.Utf16,
        SetLastError = true), DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    [return: Handle("file", HandleUse.Produced, Invalid = [-1])]
    internal static partial nint CreateFileW(
        string path,
        uint access,
        uint share,
        [Reserved] nint security,
        uint disposition,
        uint flags,
        [Reserved] nint template);

    [LibraryImport(Library, SetLastError = true), DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    internal static partial int WriteFile(
        [Handle("file", HandleUse.Used)] nint file,
        [Buffer(Length = nameof(length))] ReadOnlySpan<byte> data,
        uint length,
        out uint written,
        [Reserved] nint overlapped);

    [StreamRead(nameof(file), nameof(buffer))]
    [LibraryImport(Library, SetLastError = true), DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    internal static partial int ReadFile(
        [Handle("file", HandleUse.Used)] nint file,
        [Buffer(Length = nameof(length), Written = nameof(read))] Span<byte> buffer,
        uint length,
        out uint read,
        [Reserved] nint overlapped);

    [LibraryImport(Library, SetLastError = true), DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    internal static partial int SetFilePointerEx(
        [Handle("file", HandleUse.Used)] nint file,
        long distance,
        out long position,
        uint method);

    [LibraryImport(Library, SetLastError = true), DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    internal static partial int SetEndOfFile([Handle("file", HandleUse.Used)] nint file);

    [LibraryImport(Library, SetLastError = true), DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    internal static partial int GetFileInformationByHandle([Handle("file", HandleUse.Used)] nint file, out FileInformation info);

    /// <summary>Returns the length; with too little room, the length that is needed with its NUL.</summary>
    [LibraryImport(
        Library,
        StringMarshalling = StringMarshalling.Utf16,
        SetLastError = true), DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    internal static partial uint GetFinalPathNameByHandleW(
        [Handle("file", HandleUse.Used)] nint file,
        [Buffer(
            Length = nameof(length),
            WrittenByReturnValue = true,
            Terminator = BufferTerminator.NotCounted)] Span<char> path,
        uint length,
        uint flags);

    [LibraryImport(Library, SetLastError = true), DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    internal static partial int CloseHandle([Handle("file", HandleUse.Consumed)] nint handle);

    [SuccessWhen(SuccessRule.NotMinusOne)]
    [LibraryImport(
        Library,
        StringMarshalling = StringMarshalling.Utf16,
        SetLastError = true), DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    [return: Handle("find", HandleUse.Produced, Invalid = [-1])]
    internal static partial nint FindFirstFileW(string pattern, out FindData data);

    [LibraryImport(Library, SetLastError = true), DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    internal static partial int FindNextFileW([Handle("find", HandleUse.Used)] nint find, out FindData data);

    [LibraryImport(Library, SetLastError = true), DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    internal static partial int FindClose([Handle("find", HandleUse.Consumed)] nint find);

    [SuccessWhen(SuccessRule.NotMinusOne)]
    [LibraryImport(
        Library,
        StringMarshalling = StringMarshalling.Utf16,
        SetLastError = true), DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    internal static partial uint GetFileAttributesW(string path);

    [LibraryImport(
        Library,
        StringMarshalling = StringMarshalling.Utf16,
        SetLastError = true), DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    internal static partial int SetFileAttributesW(string path, uint attributes);

    [LibraryImport(
        Library,
        StringMarshalling = StringMarshalling.Utf16,
        SetLastError = true), DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    internal static partial int MoveFileExW(string from, string? to, uint flags);

    [LibraryImport(
        Library,
        StringMarshalling = StringMarshalling.Utf16,
        SetLastError = true), DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    internal static partial int DeleteFileW(string path);

    /// <summary>Every answer is a result: 0 unknown, 1 no such root, 3 fixed, ...</summary>
    [SuccessWhen(SuccessRule.Always)]
    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf16), DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    internal static partial uint GetDriveTypeW(string? root);

    [LibraryImport(
        Library,
        StringMarshalling = StringMarshalling.Utf16,
        SetLastError = true), DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    internal static partial int GetVolumeInformationW(
        string? root,
        [Buffer(Length = nameof(labelLength), Terminator = BufferTerminator.Ends)] Span<char> label,
        uint labelLength,
        out uint serial,
        out uint longestName,
        out uint flags,
        [Buffer(Length = nameof(fileSystemLength), Terminator = BufferTerminator.Ends)] Span<char> fileSystem,
        uint fileSystemLength);

    [LibraryImport(
        Library,
        StringMarshalling = StringMarshalling.Utf16,
        SetLastError = true), DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    internal static partial int GetVolumePathNameW(
        string path,
        [Buffer(Length = nameof(length), Terminator = BufferTerminator.Ends)] Span<char> volume,
        uint length);

    [LibraryImport(
        Library,
        StringMarshalling = StringMarshalling.Utf16,
        SetLastError = true), DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    internal static partial int GetDiskFreeSpaceExW(string? folder, out ulong available, out ulong total, out ulong free);
}
