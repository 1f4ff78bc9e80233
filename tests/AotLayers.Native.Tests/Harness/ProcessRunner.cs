using System.Diagnostics;
using System.Text;

namespace AotLayers.Native.Tests.Harness;

/// <summary>What a finished process left: its exit code and the exact bytes of both streams.</summary>
internal sealed record ProcessResult(string Command, int ExitCode, byte[] OutputBytes, byte[] ErrorBytes)
{
    /// <summary>Standard output as UTF-8, with CRLF as LF.</summary>
    public string Output => Text(OutputBytes);

    /// <summary>Standard error as UTF-8, with CRLF as LF.</summary>
    public string Error => Text(ErrorBytes);

    /// <summary>Fails the test, with both streams in the message, when the exit code is not the expected one.</summary>
    public ProcessResult ShouldExit(int expected)
    {
        Assert.That(ExitCode, Is.EqualTo(expected), ToString());
        return this;
    }

    public override string ToString() =>
        $"{Command}\nexit code {ExitCode} (0x{ExitCode:X8})\n--- standard output\n{Output}\n--- standard error\n{Error}";

    private static string Text(byte[] bytes) => Encoding.UTF8.GetString(bytes).Replace("\r\n", "\n", StringComparison.Ordinal);
}

/// <summary>Runs programs: never waits for ever, never leaves one behind, and keeps what they wrote.</summary>
internal static class ProcessRunner
{
    public static readonly TimeSpan DefaultTimeout = TimeSpan.FromMinutes(2);

    // The runtime's own switches, set by the host that runs the tests, would change the programs under test.
    private static readonly string[] s_hostVariables =
        ["DOTNET_", "COMPlus_", "CORECLR_", "COREHOST_", "VSTEST_", "MSBuild", "TESTINGPLATFORM_"];

    /// <param name="program">A path, or a name that the PATH finds.</param>
    /// <param name="arguments">Passed as they are: no shell is involved.</param>
    /// <param name="workingFolder">The current folder when null.</param>
    /// <param name="environment">Added to the environment; a null value removes the variable.</param>
    /// <param name="input">What the program reads; an empty stream when null.</param>
    /// <param name="timeout"><see cref="DefaultTimeout"/> when null. The whole process tree is killed then, and the test fails.</param>
    public static ProcessResult Run(
        string program,
        IEnumerable<string> arguments,
        string? workingFolder = null,
        IReadOnlyDictionary<string, string?>? environment = null,
        byte[]? input = null,
        TimeSpan? timeout = null)
    {
        ProcessStartInfo start = new(program, arguments)
        {
            WorkingDirectory = workingFolder ?? "",
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        PrepareEnvironment(start.Environment, environment);

        string command = string.Join(' ', start.ArgumentList.Prepend(program));
        using Process process = Process.Start(start) ?? throw new InvalidOperationException($"{program} did not start");
        Task<byte[]> output = ReadAllAsync(process.StandardOutput.BaseStream);
        Task<byte[]> error = ReadAllAsync(process.StandardError.BaseStream);
        Task write = WriteAllAsync(process.StandardInput.BaseStream, input ?? []);

        // The streams stay open while any descendant holds them, so they are part of what is waited for.
        TimeSpan limit = timeout ?? DefaultTimeout;
        bool finished = Task.WhenAll(process.WaitForExitAsync(), output, error, write).Wait(limit);
        if (!finished)
        {
            process.Kill(entireProcessTree: true);
            Task.WhenAll(output, error).Wait(TimeSpan.FromSeconds(5));
            ProcessResult partial = new(command, -1, Finished(output), Finished(error));
            Assert.Fail($"did not end within {limit.TotalSeconds} s and was killed:\n{partial}");
        }

        return new ProcessResult(command, process.ExitCode, output.Result, error.Result);
    }

    /// <summary>Whether the PATH finds a program of this name.</summary>
    public static bool Exists(string program) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "")
            .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .Any(folder => File.Exists(Path.Combine(folder, program)));

    private static void PrepareEnvironment(IDictionary<string, string?> variables, IReadOnlyDictionary<string, string?>? changes)
    {
        foreach (string name in variables.Keys.Where(IsHostVariable).ToArray())
        {
            variables.Remove(name);
        }

        // Arguments and file names are UTF-8 whatever the machine's locale is.
        variables["LC_ALL"] = "C.UTF-8";
        foreach ((string name, string? value) in changes ?? new Dictionary<string, string?>())
        {
            if (value is null)
            {
                variables.Remove(name);
            }
            else
            {
                variables[name] = value;
            }
        }
    }

    private static bool IsHostVariable(string name) =>
        Array.Exists(s_hostVariables, prefix => name.StartsWith(prefix, StringComparison.OrdinalIgnoreCase));

    private static byte[] Finished(Task<byte[]> stream) => stream.IsCompletedSuccessfully ? stream.Result : "(still open)"u8.ToArray();

    private static async Task<byte[]> ReadAllAsync(Stream stream)
    {
        using MemoryStream memory = new();
        await stream.CopyToAsync(memory).ConfigureAwait(false);
        return memory.ToArray();
    }

    private static async Task WriteAllAsync(Stream stream, byte[] input)
    {
        try
        {
            await stream.WriteAsync(input).ConfigureAwait(false);
            await stream.DisposeAsync().ConfigureAwait(false);
        }
        catch (IOException)
        {
            // The program ended without reading all of it: its exit code says whether that was right.
        }
    }
}
