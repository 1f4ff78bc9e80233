using AotLayers.Formats;
using BenchmarkDotNet.Attributes;

namespace AotLayers.Benchmarks;

/// <summary>Backup streams to layer tar: one large file, where copying counts, and many small ones, where headers do.</summary>
[MemoryDiagnoser]
public class TarBenchmarks
{
    private static readonly LayerFileInfo s_info = new(
        131000000012345678,
        131000000012345678,
        131000000012345678,
        131000000012345678,
        WindowsFileAttributes.Archive);

    private byte[] _large = [];
    private byte[] _small = [];

    [GlobalSetup]
    public void Setup()
    {
        _large = BackupStream(64 << 20);
        _small = BackupStream(700);
    }

    [Benchmark]
    public long OneFileOf64MiB()
    {
        using var tar = new LayerTarWriter(Stream.Null);
        tar.WriteEntry(@"Files\large.bin", 64 << 20, s_info, new MemoryStream(_large));
        tar.Finish();
        return 1;
    }

    [Benchmark]
    public long TenThousandFilesOf700Bytes()
    {
        using var tar = new LayerTarWriter(Stream.Null);
        using var stream = new MemoryStream(_small);
        for (int i = 0; i < 10_000; i++)
        {
            stream.Position = 0;
            tar.WriteEntry(@"Files\Windows\System32\small.dll", 700, s_info, stream);
        }

        tar.Finish();
        return 1;
    }

    private static byte[] BackupStream(int size)
    {
        var stream = new MemoryStream(size + 256);
        var writer = new BackupStreamWriter(stream);
        byte[] descriptor = SecurityDescriptor.FromSddl("O:BAG:SYD:(A;;FA;;;BA)(A;;FA;;;SY)(A;;0x1200a9;;;BU)").Encode();
        writer.WriteHeader(new BackupStreamHeader(BackupStreamId.SecurityData, descriptor.Length));
        writer.Write(descriptor);
        writer.WriteHeader(new BackupStreamHeader(BackupStreamId.Data, size));
        writer.Write(new byte[size]);
        return stream.ToArray();
    }
}
