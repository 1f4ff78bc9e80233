using System.IO.Compression;
using AotLayers.Interop;
using BenchmarkDotNet.Attributes;

namespace AotLayers.Benchmarks;

/// <summary>64 MiB through <c>gzread</c>, each chunk of it new: what recording and replaying cost where bytes are what counts.</summary>
[MemoryDiagnoser]
public class StreamBenchmarks
{
    private const int Size = 64 << 20;

    private byte[] _buffer = [];
    private string _folder = "";
    private string _file = "";
    private string _recorded = "";
    private CallRecording _recording = null!;

    [Params(4096, 65536)]
    public int Chunk { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        _folder = Directory.CreateTempSubdirectory("aotlayers-bench-").FullName;
        _file = Path.Combine(_folder, "data.gz");
        _recorded = Path.Combine(_folder, "whole.json");
        byte[] data = new byte[Size];
        new Random(1).NextBytes(data);
        using (GZipStream gzip = new(File.Create(_file), CompressionLevel.NoCompression))
        {
            gzip.Write(data);
        }

        _buffer = new byte[Chunk];
        Record();
        _recording = CallRecording.Load(_recorded);
    }

    [GlobalCleanup]
    public void Clean() => Directory.Delete(_folder, recursive: true);

    [Benchmark(Baseline = true)]
    public long Read() => ReadAll(new NativeGzip());

    [Benchmark]
    public long Record()
    {
        using var recorder = Recorder.Create(_recorded, new RecorderOptions());
        long total = ReadAll(new RecordingGzip(new NativeGzip(), recorder));
        recorder.Complete();
        return recorder.Failure is null ? total : throw recorder.Failure;
    }

    [Benchmark]
    public CallRecording Load() => CallRecording.Load(_recorded);

    [Benchmark]
    public long Replay()
    {
        using Replayer replayer = new(_recording);
        return ReadAll(new ReplayingGzip(replayer));
    }

    private long ReadAll(IGzip gzip)
    {
        nint file = gzip.Open(_file, "rb");
        long total = 0;
        int read;
        while ((read = gzip.Read(file, _buffer, (uint)_buffer.Length)) > 0)
        {
            total += read;
        }

        gzip.Close(file);
        return total == Size ? total : throw new InvalidOperationException($"{total} bytes were read");
    }
}
