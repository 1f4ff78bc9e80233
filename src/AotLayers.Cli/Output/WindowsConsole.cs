using System.Runtime.InteropServices;
using System.Runtime.Versioning;

namespace AotLayers.Cli.Output;

/// <summary>Windows consoles understand ANSI sequences only after they were asked to.</summary>
[SupportedOSPlatform("windows")]
internal static partial class WindowsConsole
{
    private const int StandardError = -12;
    private const uint EnableVirtualTerminalProcessing = 4;

    /// <summary>Asks the console of standard error.</summary>
    /// <returns>Whether it agreed.</returns>
    public static bool TryEnableAnsi()
    {
        nint handle = GetStdHandle(StandardError);
        return GetConsoleMode(handle, out uint mode) != 0
            && ((mode & EnableVirtualTerminalProcessing) != 0 || SetConsoleMode(handle, mode | EnableVirtualTerminalProcessing) != 0);
    }

    [LibraryImport("kernel32.dll")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    private static partial nint GetStdHandle(int which);

    [LibraryImport("kernel32.dll")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    private static partial int GetConsoleMode(nint handle, out uint mode);

    [LibraryImport("kernel32.dll")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    private static partial int SetConsoleMode(nint handle, uint mode);
}
