using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;

// --quick: few iterations, to see the order of magnitude; everything else is BenchmarkDotNet's.
bool quick = args.Contains("--quick");
Job job = Job.Default
    .WithToolchain(InProcessEmitToolchain.Instance)
    .WithWarmupCount(quick ? 1 : 2)
    .WithIterationCount(quick ? 3 : 7);
BenchmarkSwitcher
    .FromAssembly(typeof(Program).Assembly)
    .Run([.. args.Where(static arg => arg != "--quick")], DefaultConfig.Instance.AddJob(job));
