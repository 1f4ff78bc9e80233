using System.Runtime.InteropServices;
using AotLayers.Interop;

namespace AotLayers.WindowsLibraries;

/// <summary>Registry calls of advapi32: error codes as return values, sizes in bytes and in characters, keys that nobody made.</summary>
[NativeApi("registry", Library, Success = SuccessRule.Zero)]
internal static partial class Registry
{
    /// <summary>HKEY_CURRENT_USER: a value that is always open.</summary>
    internal const int CurrentUser = unchecked((int)0x80000001);

    private const string Library = "advapi32.dll";

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf16), DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    internal static partial int RegCreateKeyExW(
        [Handle("key", HandleUse.Used, Pseudo = [CurrentUser])] nint key,
        string subKey,
        [Reserved] uint reserved,
        string? className,
        uint options,
        uint access,
        [Reserved] nint security,
        [Handle("key", HandleUse.Produced)] out nint result,
        out uint disposition);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf16), DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    internal static partial int RegOpenKeyExW(
        [Handle("key", HandleUse.Used, Pseudo = [CurrentUser])] nint key,
        string subKey,
        uint options,
        uint access,
        [Handle("key", HandleUse.Produced)] out nint result);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf16), DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    internal static partial int RegSetValueExW(
        [Handle("key", HandleUse.Used)] nint key,
        string? name,
        [Reserved] uint reserved,
        uint type,
        [Buffer(Length = nameof(size))] ReadOnlySpan<byte> data,
        uint size);

    /// <summary>With too little room, ERROR_MORE_DATA (234) tells the size.</summary>
    [ResultsOn(234)]
    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf16), DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    internal static partial int RegQueryValueExW(
        [Handle("key", HandleUse.Used)] nint key,
        string? name,
        [Reserved] nint reserved,
        out uint type,
        [Buffer(Written = nameof(size))] Span<byte> data,
        ref uint size);

    /// <summary>The text of a value, sizes in bytes of a buffer of characters.</summary>
    [ResultsOn(234)]
    [LibraryImport(
        Library,
        EntryPoint = "RegGetValueW",
        StringMarshalling = StringMarshalling.Utf16), DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    internal static partial int GetText(
        [Handle("key", HandleUse.Used)] nint key,
        string? subKey,
        string? name,
        uint flags,
        out uint type,
        [Buffer(Written = nameof(bytes), Unit = BufferUnit.Bytes)] Span<char> text,
        ref uint bytes);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf16), DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    internal static partial int RegEnumKeyExW(
        [Handle("key", HandleUse.Used)] nint key,
        uint index,
        [Buffer(Written = nameof(length), Terminator = BufferTerminator.NotCounted)] Span<char> name,
        ref uint length,
        [Reserved] nint reserved,
        [Reserved] nint className,
        [Reserved] nint classLength,
        out ulong lastWriteTime);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf16), DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    internal static partial int RegEnumValueW(
        [Handle("key", HandleUse.Used)] nint key,
        uint index,
        [Buffer(Written = nameof(nameLength), Terminator = BufferTerminator.NotCounted)] Span<char> name,
        ref uint nameLength,
        [Reserved] nint reserved,
        out uint type,
        [Buffer(Written = nameof(size))] Span<byte> data,
        ref uint size);

    [LibraryImport(Library), DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    internal static partial int RegQueryInfoKeyW(
        [Handle("key", HandleUse.Used)] nint key,
        [Reserved] nint className,
        [Reserved] nint classLength,
        [Reserved] nint reserved,
        out uint subKeys,
        out uint longestSubKey,
        out uint longestClass,
        out uint values,
        out uint longestValueName,
        out uint longestValue,
        out uint securityDescriptor,
        out ulong lastWriteTime);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf16), DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    internal static partial int RegDeleteValueW([Handle("key", HandleUse.Used)] nint key, string? name);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf16), DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    internal static partial int RegDeleteTreeW(
        [Handle("key", HandleUse.Used, Pseudo = [CurrentUser])] nint key,
        string? subKey);

    [LibraryImport(Library), DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    internal static partial int RegCloseKey([Handle("key", HandleUse.ConsumedOnSuccess, Pseudo = [CurrentUser])] nint key);
}
