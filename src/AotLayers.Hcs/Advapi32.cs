using System.Runtime.InteropServices;
using AotLayers.Interop;

namespace AotLayers.Hcs;

/// <summary>The <c>advapi32.dll</c> calls behind <c>PrivilegeScope</c> (docs/windows/privileges.md#enabling).</summary>
[NativeApi("advapi32", "advapi32.dll", Success = SuccessRule.NonZero, CodeNames = typeof(HcsCodes))]
public static partial class Advapi32
{
    private const string Dll = "advapi32.dll";

    /// <summary>Opens a process's token. The pseudo handle of the own process is -1.</summary>
    [LibraryImport(Dll, SetLastError = true), DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    public static partial int OpenProcessToken(
        [Handle("process", HandleUse.Borrowed)] nint process,
        uint access,
        [Handle("token", HandleUse.Produced)] out nint token);

    /// <summary>Maps a privilege's name to the id it has on this machine.</summary>
    [LibraryImport(
        Dll,
        StringMarshalling = StringMarshalling.Utf16,
        SetLastError = true), DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    public static partial int LookupPrivilegeValueW(string? systemName, string name, out Luid id);

    /// <summary>
    /// Changes one privilege and tells its former state. Succeeds with last error ERROR_NOT_ALL_ASSIGNED when the token does not hold it.
    /// </summary>
    [LibraryImport(Dll, SetLastError = true), DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    public static partial int AdjustTokenPrivileges(
        [Handle("token", HandleUse.Used)] nint token,
        int disableAll,
        in TokenPrivilege newState,
        uint length,
        out TokenPrivilege previous,
        out uint previousLength);

    /// <summary>Facts of a token, in the layout of their class (docs/windows/host.md#tokens).</summary>
    [LibraryImport(Dll, SetLastError = true), DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    public static partial int GetTokenInformation(
        [Handle("token", HandleUse.Used)] nint token,
        int infoClass,
        [Buffer(Length = nameof(length), Written = nameof(written))] Span<byte> information,
        uint length,
        out uint written);

    /// <summary>Whether the token has a group enabled. 0 for the token of the calling thread or its process.</summary>
    [LibraryImport(Dll, SetLastError = true), DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    public static partial int CheckTokenMembership(
        [Handle("token", HandleUse.Used)] nint token,
        [Buffer(Count = 16)] ReadOnlySpan<byte> sid,
        out int isMember);

    /// <summary>A number in the registry (REG_DWORD). <paramref name="size"/> is 4. Returns a Win32 code.</summary>
    [SuccessWhen(SuccessRule.Zero)]
    [LibraryImport(
        Dll,
        EntryPoint = "RegGetValueW",
        StringMarshalling = StringMarshalling.Utf16), DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    public static partial int RegGetNumber(
        [Number] nint rootKey,
        string key,
        string value,
        uint flags,
        out uint type,
        out uint number,
        ref uint size);
}

/// <summary>LUID, 8 bytes aligned to 4 (docs/windows/structs.md#token_privileges).</summary>
[StructLayout(LayoutKind.Sequential)]
public struct Luid
{
    /// <summary>Low half.</summary>
    public uint Low;

    /// <summary>High half.</summary>
    public int High;
}

/// <summary>TOKEN_PRIVILEGES with room for one privilege: 16 bytes without padding (docs/windows/structs.md#token_privileges).</summary>
[StructLayout(LayoutKind.Sequential)]
public struct TokenPrivilege
{
    /// <summary>1, or 0 in a former state that did not change.</summary>
    public uint Count;

    /// <summary>Which privilege.</summary>
    public Luid Id;

    /// <summary>2 when enabled, 0 when not.</summary>
    public uint Attributes;
}
