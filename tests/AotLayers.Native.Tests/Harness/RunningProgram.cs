using System.Diagnostics;
using System.Globalization;

namespace AotLayers.Native.Tests.Harness;

/// <summary>
/// A program on Linux that is not waited for: it says how far it is on its standard output. It is killed with all it started.
/// </summary>
internal sealed class RunningProgram : IDisposable
{
    private readonly Process _process;

    public RunningProgram(string program, IEnumerable<string> arguments, IReadOnlyDictionary<string, string?> environment)
    {
        ProcessStartInfo start = new(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach ((string name, string? value) in environment)
        {
            start.Environment[name] = value;
        }

        _process = Process.Start(start)!;
    }

    /// <summary>The next line that it prints.</summary>
    public string? ReadLine()
    {
        Task<string?> line = _process.StandardOutput.ReadLineAsync();
        Assert.That(line.Wait(ProcessRunner.DefaultTimeout), Is.True, "it printed nothing");
        return line.Result;
    }

    /// <summary>Sends it a signal.</summary>
    public void Signal(string name) =>
        ProcessRunner.Run("kill", ["-" + name, _process.Id.ToString(CultureInfo.InvariantCulture)]).ShouldExit(0);

    /// <summary>The processes that it started.</summary>
    public int[] Children() =>
        [.. File.ReadAllText($"/proc/{_process.Id}/task/{_process.Id}/children")
            .Split(' ', StringSplitOptions.RemoveEmptyEntries)
            .Select(static id => int.Parse(id, CultureInfo.InvariantCulture))];

    /// <summary>Waits for its end.</summary>
    public int WaitForExit()
    {
        Assert.That(_process.WaitForExit(ProcessRunner.DefaultTimeout), Is.True, "it did not end");
        return _process.ExitCode;
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
        }

        _process.Dispose();
    }
}
