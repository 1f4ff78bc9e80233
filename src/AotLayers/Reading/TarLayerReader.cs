using System.Buffers;
using AotLayers.Formats;

namespace AotLayers;

/// <summary>Reads a layer tar, plain or compressed, on any operating system (layers.md 6.6, 6.7, 6.9).</summary>
public sealed class TarLayerReader : LayerReader
{
    private const int DrainSize = 64 * 1024;

    private readonly DecompressedStream _content;
    private readonly LayerTarReader _tar;

    private TarLayerReader(DecompressedStream content, LayerTarReaderOptions? options, LayerErrorContext context, CancellationToken cancellationToken)
        : base(context, cancellationToken)
    {
        _content = content;
        _tar = new LayerTarReader(content, options);
    }

    /// <inheritdoc/>
    public override string Kind => "tar";

    /// <summary>Opens a layer tar.</summary>
    /// <param name="stream">The file; closed with the reader. It need not be able to seek.</param>
    /// <param name="name">What to call it in errors.</param>
    /// <param name="options">Choices; null for the defaults.</param>
    /// <param name="cancellationToken">Stops reading between entries and between reads.</param>
    /// <exception cref="IOException">The stream cannot be read.</exception>
    public static TarLayerReader Open(Stream stream, string name, LayerTarReaderOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(stream);
        return new TarLayerReader(DecompressedStream.Open(stream), options, new LayerErrorContext { Layer = name }, cancellationToken);
    }

    private protected override LayerEntry? ReadNextEntry()
    {
        try
        {
            if (_tar.GetNextEntry(CancellationToken) is { } entry)
            {
                return Describe(entry);
            }

            Drain();
            return null;
        }
        catch (Exception e) when (LayerErrors.IsPlaceable(e))
        {
            throw LayerException.From(e, ErrorContext);
        }
    }

    private protected override void CloseCore(bool reportErrors) => _content.Dispose();

    private LayerEntry Describe(LayerTarEntry entry) => entry.Kind switch
    {
        LayerTarEntryKind.Tombstone => new LayerEntry(entry.Name),
        LayerTarEntryKind.HardLink => new LayerEntry(entry.Name, 0, entry.Info, null, () => Stream.Null) { HardLinkTarget = entry.LinkTarget },
        _ => new LayerEntry(entry.Name, entry.Size, entry.Info, null, _tar.OpenBackupStream),
    };

    /// <summary>Behind the tar's end there is padding, and then the check sum of the compressed stream, which is only looked at when all was read.</summary>
    private void Drain()
    {
        byte[] buffer = ArrayPool<byte>.Shared.Rent(DrainSize);
        try
        {
            while (_content.Read(buffer) > 0)
            {
                CancellationToken.ThrowIfCancellationRequested();
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
