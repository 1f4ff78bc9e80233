using AotLayers.Interop;
using BenchmarkDotNet.Attributes;

namespace AotLayers.Benchmarks;

/// <summary>What recording and replaying add to a call, by the calls that generated code makes.</summary>
[MemoryDiagnoser]
public class RecordingBenchmarks : IDisposable
{
    private const int Calls = 100_000;

    private static readonly NativeApiInfo s_api = new(
        "bench",
        "bench.dll",
        [new("Empty", "Empty", "0123456789abcdef"), new("Used", "Used", "0123456789abcdef"), new("Make", "Make", "0123456789abcdef")]);
    private readonly byte[] _data = new byte[64];
    private string _folder = "";
    private string _path = "";
    private Recorder _recorder = null!;
    private CallRecording _recording = null!;
    private Replayer _replayer = null!;
    private nint _handle;

    [Params(ReplayOrder.Strict, ReplayOrder.PerHandle)]
    public ReplayOrder Order { get; set; }

    [GlobalSetup]
    public void Start()
    {
        _folder = Directory.CreateTempSubdirectory("aotlayers-bench-").FullName;
        _recorder = Recorder.Create(Path.Combine(_folder, "growing.json"), new RecorderOptions());
        _path = Path.Combine(_folder, "whole.json");
        using var recorder = Recorder.Create(_path, new RecorderOptions());
        recorder.Register(new Api());
        using (CallInProgress make = recorder.Enter(s_api, "Make"))
        {
            make.Start();
            make.Out.Produced("made", "thing", 0x1000);
            make.Return(ReturnValue.HResult(0, succeeded: true));
        }

        for (int i = 0; i < Calls; i++)
        {
            using CallInProgress call = recorder.Enter(s_api, "Used");
            call.In.Handle("thing", "thing", 0x1000);
            call.In.Int32("number", i);
            call.Start();
            call.Out.Int64("size", 42);
            call.Return(ReturnValue.HResult(0, succeeded: true));
        }

        recorder.Complete();
        _recording = CallRecording.Load(_path);
    }

    [GlobalCleanup]
    public void End()
    {
        Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    public void Dispose()
    {
        _recorder?.Dispose();
        _replayer?.Dispose();
        GC.SuppressFinalize(this);
    }

    [Benchmark]
    public void RecordEmptyCall()
    {
        using CallInProgress call = _recorder.Enter(s_api, "Empty");
        call.Start();
        call.Return(ReturnValue.HResult(0, succeeded: true));
    }

    [Benchmark]
    public void RecordCallWith64NewBytes()
    {
        BitConverter.TryWriteBytes(_data, Environment.TickCount64 + Random.Shared.NextInt64());
        using CallInProgress call = _recorder.Enter(s_api, "Used");
        call.In.Bytes("data", _data);
        call.Start();
        call.Return(ReturnValue.HResult(0, succeeded: true));
    }

    [Benchmark]
    public CallRecording Load100000Calls() => CallRecording.Load(_path);

    [IterationSetup(Target = nameof(Replay100000Calls))]
    public void Rewind()
    {
        _replayer = new Replayer(_recording, new ReplayOptions { Order = Order });
        using ReplayCall make = _replayer.Enter(s_api, "Make");
        _handle = make.Match().Produced("made", "thing");
    }

    [Benchmark(OperationsPerInvoke = Calls)]
    public long Replay100000Calls()
    {
        long sum = 0;
        for (int i = 0; i < Calls; i++)
        {
            using ReplayCall call = _replayer.Enter(s_api, "Used");
            call.In.Handle("thing", "thing", _handle);
            call.In.Int32("number", i);
            CallReader reader = call.Match();
            sum += reader.Int64("size") + call.ReturnInt32();
        }

        return sum;
    }

    private sealed class Api : INativeApi
    {
        public NativeApiInfo Info => s_api;

        public ExportStatus Probe(string export) => ExportStatus.Present;
    }
}
