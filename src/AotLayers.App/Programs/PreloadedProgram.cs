using System.Diagnostics;
using System.Runtime.InteropServices;
using AotLayers.Hcs;

namespace AotLayers.App;

/// <summary>A program on Linux, started with a library that its loader loads first.</summary>
internal sealed class PreloadedProgram : StartedProgram
{
    private const string Preload = "LD_PRELOAD";
    private const int FirstSignalStatus = 128;
    private const int LastSignal = 64;

    private readonly Process _process;
    private readonly List<PosixSignalRegistration> _signals = [];

    public PreloadedProgram(
        string path,
        IReadOnlyList<string> arguments,
        string library,
        string folder,
        IReadOnlyDictionary<string, string> variables)
    {
        ProcessStartInfo start = new(path, arguments) { UseShellExecute = false };
        foreach ((string name, string value) in variables)
        {
            start.Environment[name] = value;
        }

        start.Environment[Preload] = start.Environment.TryGetValue(Preload, out string? others) && !string.IsNullOrEmpty(others)
            ? Listable(library, folder) + ":" + others
            : Listable(library, folder);

        // Before it starts: a signal that comes between must not end this process.
        bool hasTerminal = HasTerminal();
        Pass(PosixSignal.SIGTERM, 15, forward: true);
        Pass(PosixSignal.SIGHUP, 1, forward: !hasTerminal);
        Pass(PosixSignal.SIGINT, 2, forward: !hasTerminal);
        Pass(PosixSignal.SIGQUIT, 3, forward: !hasTerminal);
        try
        {
            _process = Process.Start(start) ?? throw new IOException($"{path} did not start");
        }
        catch (Exception e)
        {
            Dispose();
            throw e is System.ComponentModel.Win32Exception ? new IOException($"cannot start {path}: {e.Message}", e) : e;
        }
    }

    public override int Id => _process.Id;

    public override int ExitStatus => _process.ExitCode;

    // .NET tells a signal as shells do.
    public override bool WasCut => ExitStatus is > FirstSignalStatus and <= FirstSignalStatus + LastSignal;

    public override bool Wait(int milliseconds) => _process.WaitForExit(milliseconds);

    public override void Dispose()
    {
        foreach (PosixSignalRegistration signal in _signals)
        {
            signal.Dispose();
        }

        _process?.Dispose();
    }

    // The list is separated by colons and blanks, and has no way to write one.
    private static string Listable(string library, string folder)
    {
        if (!library.AsSpan().ContainsAny(':', ' ', '\t'))
        {
            return library;
        }

        string link = Path.Combine(folder, RecorderLibrary.Name);
        File.CreateSymbolicLink(link, library);
        return link;
    }

    // The terminal sends its signals to the program as well; without one, they were meant for this process alone.
    private static bool HasTerminal()
    {
        try
        {
            using var terminal = new FileStream("/dev/tty", FileMode.Open, FileAccess.Read, FileShare.ReadWrite, 1);
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    private void Pass(PosixSignal signal, int number, bool forward) => _signals.Add(PosixSignalRegistration.Create(signal, context =>
    {
        context.Cancel = true;
        if (forward && _process is { HasExited: false })
        {
            Libc.Kill(_process.Id, number);
        }
    }));
}
