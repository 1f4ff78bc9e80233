using BenchmarkDotNet.Attributes;

namespace AotLayers.Benchmarks;

/// <summary>What the generated binding adds to a call of a native function that does nothing.</summary>
[MemoryDiagnoser]
public class BindingBenchmarks
{
    private readonly NativeGzip _binding = new();

    [Benchmark(Baseline = true)]
    public nuint LibraryImport() => Gzip.CompileFlags();

    [Benchmark]
    public nuint NativeBinding() => _binding.CompileFlags();
}
