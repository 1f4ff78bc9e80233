using System.Runtime.InteropServices;

namespace AotLayers.Hcs;

/// <summary>
/// The calls of Windows by which a library is put into another process. They are declared here, where all native calls are, but are no
/// recorded API. Handles are plain numbers: none outlives the method that opened it.
/// </summary>
internal static unsafe partial class ProcessCalls
{
    /// <summary>CREATE_SUSPENDED.</summary>
    public const uint CreateSuspended = 0x4;

    /// <summary>STARTF_USESTDHANDLES.</summary>
    public const uint UseStandardHandles = 0x100;

    /// <summary>MEM_COMMIT | MEM_RESERVE.</summary>
    public const uint CommitAndReserve = 0x3000;

    /// <summary>MEM_RELEASE.</summary>
    public const uint Release = 0x8000;

    /// <summary>PAGE_READWRITE.</summary>
    public const uint ReadWrite = 0x4;

    /// <summary>PAGE_EXECUTE_READ.</summary>
    public const uint ExecuteRead = 0x20;

    /// <summary>STACK_SIZE_PARAM_IS_A_RESERVATION.</summary>
    public const uint StackSizeIsReservation = 0x10000;

    /// <summary>PROCESS_CREATE_THREAD, VM_OPERATION, VM_READ, VM_WRITE, QUERY_INFORMATION and SYNCHRONIZE.</summary>
    public const uint InjectionAccess = 0x0002 | 0x0008 | 0x0010 | 0x0020 | 0x0400 | 0x00100000;

    /// <summary>INFINITE.</summary>
    public const uint Infinite = 0xFFFFFFFF;

    private const string Kernel32Dll = "kernel32.dll";

    /// <summary>Starts a program. 0 on failure.</summary>
    [LibraryImport(Kernel32Dll, EntryPoint = "CreateProcessW", StringMarshalling = StringMarshalling.Utf16, SetLastError = true)]
    public static partial int CreateProcess(
        string? application,
        char* commandLine,
        nint processAttributes,
        nint threadAttributes,
        int inheritHandles,
        uint flags,
        nint environment,
        nint currentDirectory,
        in StartupInfo startup,
        out ProcessInformation information);

    /// <summary>Opens a process. 0 on failure.</summary>
    [LibraryImport(Kernel32Dll, SetLastError = true)]
    public static partial nint OpenProcess(uint access, int inherit, uint processId);

    /// <summary>Lets a suspended thread go on.</summary>
    [LibraryImport(Kernel32Dll, SetLastError = true)]
    public static partial uint ResumeThread(nint thread);

    /// <summary>Waits for the end of a process or thread: 0 when it has ended.</summary>
    [LibraryImport(Kernel32Dll, SetLastError = true)]
    public static partial uint WaitForSingleObject(nint handle, uint milliseconds);

    /// <summary>What a process ended with. 0 on failure.</summary>
    [LibraryImport(Kernel32Dll, SetLastError = true)]
    public static partial int GetExitCodeProcess(nint process, out uint code);

    /// <summary>What a thread ended with. 0 on failure.</summary>
    [LibraryImport(Kernel32Dll, SetLastError = true)]
    public static partial int GetExitCodeThread(nint thread, out uint code);

    /// <summary>Whether a process is a 32-bit one on 64-bit Windows. 0 on failure.</summary>
    [LibraryImport(Kernel32Dll, SetLastError = true)]
    public static partial int IsWow64Process(nint process, out int isWow64);

    /// <summary>Closes a handle.</summary>
    [LibraryImport(Kernel32Dll, SetLastError = true)]
    public static partial int CloseHandle(nint handle);

    /// <summary>Standard input (-10), output (-11) or error (-12).</summary>
    [LibraryImport(Kernel32Dll)]
    public static partial nint GetStdHandle(int which);

    /// <summary>Memory of another process. 0 on failure.</summary>
    [LibraryImport(Kernel32Dll, SetLastError = true)]
    public static partial nint VirtualAllocEx(nint process, nint address, nuint size, uint type, uint protection);

    /// <summary>Gives memory of another process back.</summary>
    [LibraryImport(Kernel32Dll, SetLastError = true)]
    public static partial int VirtualFreeEx(nint process, nint address, nuint size, uint type);

    /// <summary>Writes into another process. 0 on failure.</summary>
    [LibraryImport(Kernel32Dll, SetLastError = true)]
    public static partial int WriteProcessMemory(nint process, nint address, void* bytes, nuint length, nuint* written);

    /// <summary>A thread in another process. 0 on failure.</summary>
    [LibraryImport(Kernel32Dll, SetLastError = true)]
    public static partial nint CreateRemoteThread(
        nint process,
        nint attributes,
        nuint stackSize,
        nint function,
        nint parameter,
        uint flags,
        uint* threadId);

    /// <summary>The modules of a process. 0 on failure.</summary>
    [LibraryImport(Kernel32Dll, EntryPoint = "K32EnumProcessModules", SetLastError = true)]
    public static partial int EnumProcessModules(nint process, nint* modules, uint bytes, out uint needed);

    /// <summary>The path of a module of a process, in characters; 0 on failure.</summary>
    [LibraryImport(Kernel32Dll, EntryPoint = "K32GetModuleFileNameExW", SetLastError = true)]
    public static partial uint GetModuleFileName(nint process, nint module, char* path, uint length);

    /// <summary>Memory of this process. 0 on failure.</summary>
    [LibraryImport(Kernel32Dll, SetLastError = true)]
    public static partial nint VirtualAlloc(nint address, nuint size, uint type, uint protection);

    /// <summary>What may be done with memory of this process. 0 on failure.</summary>
    [LibraryImport(Kernel32Dll, SetLastError = true)]
    public static partial int VirtualProtect(nint address, nuint size, uint protection, out uint old);

    /// <summary>Hears of libraries that are loaded and unloaded. An NTSTATUS.</summary>
    [LibraryImport("ntdll.dll", EntryPoint = "LdrRegisterDllNotification")]
    public static partial int RegisterDllNotification(
        uint flags,
        delegate* unmanaged<uint, DllNotification*, nint, void> function,
        nint context,
        out nint cookie);
}

/// <summary>STARTUPINFOW.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct StartupInfo
{
    /// <summary>Size of this struct in bytes.</summary>
    public uint Size;

    /// <summary>What is not used here, with the gap before it: desktop, title, window.</summary>
    public fixed uint Unused[14];

    /// <summary>STARTF_*.</summary>
    public uint Flags;

    /// <summary>SW_*, and the size of what is reserved.</summary>
    public uint Show;

    /// <summary>Not used.</summary>
    public nint Reserved;

    /// <summary>Standard input.</summary>
    public nint Input;

    /// <summary>Standard output.</summary>
    public nint Output;

    /// <summary>Standard error.</summary>
    public nint Error;
}

/// <summary>PROCESS_INFORMATION.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct ProcessInformation
{
    /// <summary>The process.</summary>
    public nint Process;

    /// <summary>Its first thread.</summary>
    public nint Thread;

    /// <summary>The process's number.</summary>
    public uint ProcessId;

    /// <summary>The thread's number.</summary>
    public uint ThreadId;
}

/// <summary>LDR_DLL_NOTIFICATION_DATA.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct DllNotification
{
    /// <summary>LDR_DLL_NOTIFICATION_REASON_LOADED.</summary>
    public const uint Loaded = 1;

    /// <summary>Always 0.</summary>
    public uint Flags;

    /// <summary>Its path.</summary>
    public CountedText* FullName;

    /// <summary>Its file name.</summary>
    public CountedText* BaseName;

    /// <summary>Where it lies.</summary>
    public nint Module;

    /// <summary>Its size in memory.</summary>
    public uint Size;
}

/// <summary>UNICODE_STRING.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct CountedText
{
    /// <summary>Bytes of the text.</summary>
    public ushort Length;

    /// <summary>Bytes of its room.</summary>
    public ushort MaximumLength;

    /// <summary>The text, not ended by a NUL.</summary>
    public char* Buffer;

    /// <summary>The text.</summary>
    public readonly string Text => new(Buffer, 0, Length / 2);
}
