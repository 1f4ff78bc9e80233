using System.IO.Compression;
using AotLayers.Formats;

namespace AotLayers;

/// <summary>
/// The tar in a layer file, which may be compressed by gzip or zstd; damage of the compressed data is an error of the format.
/// </summary>
internal sealed class DecompressedStream : ForwardOnlyStream
{
    private const int MagicLength = 4;

    private readonly Stream _file;
    private readonly Stream _content;

    private DecompressedStream(Stream file, Stream content)
    {
        _file = file;
        _content = content;
    }

    /// <summary>Looks at the first bytes.</summary>
    /// <param name="file">The file, at its start; owned from now on.</param>
    /// <returns>The file itself where it is not compressed and can seek.</returns>
    public static Stream Open(Stream file)
    {
        byte[] magic = new byte[MagicLength];
        int length = file.ReadAtLeast(magic, MagicLength, throwOnEndOfStream: false);
        Stream whole = PrefixedStream.Rewind(file, magic.AsMemory(0, length));
        return magic switch
        {
            [0x1F, 0x8B, ..] => new DecompressedStream(file, new GZipStream(whole, CompressionMode.Decompress)),
            [0x28, 0xB5, 0x2F, 0xFD] => new DecompressedStream(file, new ZstdSharp.DecompressionStream(whole, leaveOpen: true)),
            _ => whole,
        };
    }

    private protected override int ReadNext(Span<byte> buffer)
    {
        try
        {
            return _content.Read(buffer);
        }
        catch (Exception e) when (e is InvalidDataException or EndOfStreamException or ZstdSharp.ZstdException)
        {
            throw new LayerFormatException($"the compressed data is damaged or cut: {e.Message}", offset: Position, innerException: e);
        }
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _content.Dispose();
            _file.Dispose();
        }

        base.Dispose(disposing);
    }
}
