using AotLayers.Formats;
using BenchmarkDotNet.Attributes;

namespace AotLayers.Benchmarks;

/// <summary>Looking into a layer with the mix of a real base image: names alone, all metadata, all contents.</summary>
[MemoryDiagnoser]
public class LookBenchmarks
{
    private byte[] _tar = [];

    [GlobalSetup]
    public void Setup()
    {
        var tar = new MemoryStream();
        BaseImageLayer.Write(tar);
        _tar = tar.ToArray();
    }

    [Benchmark]
    public int Names() => Read(static _ =>
    {
    });

    [Benchmark]
    public int Metadata() => Read(static entry => entry.ReadMetadata());

    [Benchmark]
    public int Fingerprints()
    {
        var print = new LayerPrint();
        Read(print.Add);
        return print.Entries.Count;
    }

    [Benchmark(Baseline = true)]
    public int HeadersAlone()
    {
        var reader = new TarReader(new MemoryStream(_tar));
        int entries = 0;
        while (reader.GetNextEntry() is not null)
        {
            entries++;
        }

        return entries;
    }

    private int Read(Action<LayerEntry> visit)
    {
        using var reader = TarLayerReader.Open(new MemoryStream(_tar), "layer");
        int entries = 0;
        while (reader.GetNextEntry() is { } entry)
        {
            visit(entry);
            entries++;
        }

        return entries;
    }
}
