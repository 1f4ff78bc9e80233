using System.Diagnostics;
using BenchmarkDotNet.Attributes;

namespace AotLayers.Benchmarks;

/// <summary>Whole processes: how long a program takes that only says its version. Publish the command line for linux-x64 first.</summary>
public class StartBenchmarks
{
    private readonly string _reference = "bsdtar";
    private string _program = "";

    [GlobalSetup]
    public void Setup()
    {
        string? folder = AppContext.BaseDirectory;
        while (folder is not null && !File.Exists(Path.Combine(folder, "AotLayers.sln")))
        {
            folder = Path.GetDirectoryName(folder);
        }

        _program = Path.Combine(folder ?? "", "artifacts", "publish", "AotLayers.Cli", "release_linux-x64", "aotlayers");
        if (!File.Exists(_program))
        {
            throw new FileNotFoundException("publish it first: dotnet publish src/AotLayers.Cli -r linux-x64", _program);
        }
    }

    [Benchmark(Baseline = true)]
    public int BsdtarVersion() => Run(_reference);

    [Benchmark]
    public int AotlayersVersion() => Run(_program);

    private static int Run(string program)
    {
        using Process process = Process.Start(new ProcessStartInfo(program, "--version") { RedirectStandardOutput = true })!;
        process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0 ? 0 : throw new InvalidOperationException($"{program} ended with {process.ExitCode}");
    }
}
