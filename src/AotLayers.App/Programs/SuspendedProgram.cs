using System.Globalization;
using System.Runtime.InteropServices;
using AotLayers.Hcs;

namespace AotLayers.App;

/// <summary>
/// A program on Windows: started suspended, with a library put inside before its first thread goes on; or one that runs, with the library
/// put inside as it is.
/// </summary>
internal sealed unsafe class SuspendedProgram : StartedProgram
{
    private const uint FirstFault = 0xC0000000;
    private const nuint StackSize = 1 << 20;
    private const string InstallExport = "aotlayers_install";

    private readonly PosixSignalRegistration _interrupt;
    private readonly nint _process;
    private string? _failure;

    private SuspendedProgram(nint process, uint id)
    {
        _process = process;
        Id = (int)id;

        // The console sends it to the program as well, whose decision it is.
        _interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, static context => context.Cancel = true);
    }

    public override int Id { get; }

    public override int ExitStatus => ProcessCalls.GetExitCodeProcess(_process, out uint code) == 0 ? 1 : unchecked((int)code);

    public override bool WasCut => unchecked((uint)ExitStatus) >= FirstFault;

    public override string? Failure => _failure;

    /// <summary>Starts a program.</summary>
    /// <exception cref="IOException">It does not start.</exception>
    public static SuspendedProgram Start(string path, IReadOnlyList<string> arguments, string library, string settings)
    {
        StartupInfo startup = new()
        {
            Size = (uint)sizeof(StartupInfo),
            Flags = ProcessCalls.UseStandardHandles,
            Input = ProcessCalls.GetStdHandle(-10),
            Output = ProcessCalls.GetStdHandle(-11),
            Error = ProcessCalls.GetStdHandle(-12),
        };
        ProcessInformation information;
        fixed (char* line = CommandLine.Of(path, arguments) + '\0')
        {
            // The line is in memory of a new string: Windows may write to it.
            if (ProcessCalls.CreateProcess(
                path, line, 0, 0, inheritHandles: 1, ProcessCalls.CreateSuspended, 0, 0, startup, out information) == 0)
            {
                throw new IOException($"cannot start {path}: {LastError()}");
            }
        }

        var program = new SuspendedProgram(information.Process, information.ProcessId);
        program._failure = program.Inject(library, settings);
        ProcessCalls.ResumeThread(information.Thread);
        ProcessCalls.CloseHandle(information.Thread);
        return program;
    }

    public override bool Wait(int milliseconds) => ProcessCalls.WaitForSingleObject(_process, (uint)milliseconds) == 0;

    public override void Dispose()
    {
        _interrupt.Dispose();
        ProcessCalls.CloseHandle(_process);
    }

    // What fails here is told, and the program runs.
    private string? Inject(string library, string settings)
    {
        if (ProcessCalls.IsWow64Process(_process, out int isWow64) != 0 && isWow64 != 0)
        {
            return "it is a 32-bit program: the recorder is a 64-bit library";
        }

        nint kernel32 = NativeLibrary.Load("kernel32.dll");
        if (Run(NativeLibrary.GetExport(kernel32, "LoadLibraryW"), library, out uint module) is { } failure)
        {
            return failure;
        }

        nint remote = module == 0 ? 0 : FindModule(Path.GetFileName(library));
        if (remote == 0)
        {
            return $"{library} did not load inside of it";
        }

        // Where the function lies in the library is the same everywhere; nothing of it runs in this process.
        nint local = NativeLibrary.Load(library);
        nint install = remote + (NativeLibrary.GetExport(local, InstallExport) - local);
        return Run(install, settings, out uint result) is { } problem ? problem
            : result != 0 ? $"the recorder did not start inside of it (0x{result:x8})"
            : null;
    }

    // Runs a function of one argument, a text, on a thread of the other process.
    private string? Run(nint function, string argument, out uint result)
    {
        result = 0;
        nuint size = (nuint)((argument.Length + 1) * sizeof(char));
        nint memory = ProcessCalls.VirtualAllocEx(_process, 0, size, ProcessCalls.CommitAndReserve, ProcessCalls.ReadWrite);
        if (memory == 0)
        {
            return $"its memory: {LastError()}";
        }

        try
        {
            fixed (char* text = argument)
            {
                if (ProcessCalls.WriteProcessMemory(_process, memory, text, size, null) == 0)
                {
                    return $"its memory: {LastError()}";
                }
            }

            // Programs may ask for small stacks; the loader and the runtime need an ordinary one.
            nint thread = ProcessCalls.CreateRemoteThread(
                _process, 0, StackSize, function, memory, ProcessCalls.StackSizeIsReservation, null);
            if (thread == 0)
            {
                return $"a thread: {LastError()}";
            }

            ProcessCalls.WaitForSingleObject(thread, ProcessCalls.Infinite);
            ProcessCalls.GetExitCodeThread(thread, out result);
            ProcessCalls.CloseHandle(thread);
            return null;
        }
        finally
        {
            ProcessCalls.VirtualFreeEx(_process, memory, 0, ProcessCalls.Release);
        }
    }

    private nint FindModule(string name)
    {
        const int Most = 1024;
        nint* modules = stackalloc nint[Most];
        char* path = stackalloc char[Most];
        if (ProcessCalls.EnumProcessModules(_process, modules, (uint)(Most * sizeof(nint)), out uint needed) == 0)
        {
            return 0;
        }

        for (int i = 0; i < Math.Min(Most, needed / sizeof(nint)); i++)
        {
            uint length = ProcessCalls.GetModuleFileName(_process, modules[i], path, Most);
            if (Path.GetFileName(new ReadOnlySpan<char>(path, (int)length)).Equals(name, StringComparison.OrdinalIgnoreCase))
            {
                return modules[i];
            }
        }

        return 0;
    }

    private static string LastError()
    {
        int error = Marshal.GetLastPInvokeError();
        return string.Create(CultureInfo.InvariantCulture, $"{Marshal.GetPInvokeErrorMessage(error)} (0x{error:x})");
    }
}
