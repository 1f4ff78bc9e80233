using System.IO.Compression;

namespace AotLayers;

/// <summary>What a tar flows through: a hash, the compressor, another hash, the output. Nothing is read twice.</summary>
internal sealed class TarPipeline : IDisposable
{
    private const int ZstdLevel = 3;

    private readonly HashingStream _output;
    private readonly Stream? _compressor;
    private readonly HashingStream _tar;

    public TarPipeline(Stream output, ExportOptions options)
    {
        _output = new HashingStream(output, options.ComputeDigests);
        _compressor = options.Compression switch
        {
            LayerCompression.Gzip => new GZipStream(new GzipHeaderStream(_output), CompressionLevel.Optimal),
            LayerCompression.Zstd => new ZstdSharp.CompressionStream(_output, ZstdLevel, leaveOpen: true),
            _ => null,
        };
        _tar = _compressor is null ? _output : new HashingStream(_compressor, options.ComputeDigests);
    }

    /// <summary>Where the tar goes.</summary>
    public Stream Tar => _tar;

    /// <summary>Bytes of tar so far.</summary>
    public long TarBytes => _tar.Count;

    /// <summary>Bytes of output so far.</summary>
    public long OutputBytes => _output.Count;

    /// <summary>Digest of the tar; after <see cref="Complete"/>.</summary>
    public string? DiffId { get; private set; }

    /// <summary>Digest of the output; after <see cref="Complete"/>.</summary>
    public string? Digest { get; private set; }

    /// <summary>Ends the compressed stream and the hashes.</summary>
    public void Complete()
    {
        _compressor?.Dispose();
        _output.Flush();
        Digest = _output.GetDigest();
        DiffId = _compressor is null ? Digest : _tar.GetDigest();
    }

    /// <summary>Gives everything back. Without <see cref="Complete"/> the output stays without its end.</summary>
    public void Dispose()
    {
        if (Digest is null && _compressor is not null)
        {
            // Ending the compressed stream properly would make a cut archive look whole to tools that only check the compression.
            _output.Discard = true;
            _compressor.Dispose();
        }

        _tar.Dispose();
        _output.Dispose();
    }
}
