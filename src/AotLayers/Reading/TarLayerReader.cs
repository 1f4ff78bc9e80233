using System.Buffers;
using AotLayers.Formats;

namespace AotLayers;

/// <summary>
/// Reads a layer tar, plain or compressed, on any operating system (docs/formats/layer-tar.md#reading-a-header,
/// docs/formats/import-rules.md#entries).
/// </summary>
public sealed class TarLayerReader : LayerReader
{
    private const int DrainSize = 64 * 1024;

    private readonly Stream _content;
    private readonly LayerTarReader _tar;
    private readonly HashingReadStream? _file;
    private readonly string? _expectedDigest;
    private readonly string? _expectedDiffId;

    private TarLayerReader(
        Stream content,
        HashingReadStream? file,
        LayerTarReaderOptions? options,
        LayerErrorContext context,
        CancellationToken cancellationToken,
        string? expectedDigest = null,
        string? expectedDiffId = null)
        : base(context, cancellationToken)
    {
        _content = content;
        _file = file;
        _expectedDigest = expectedDigest;
        _expectedDiffId = expectedDiffId;
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
    public static TarLayerReader Open(
        Stream stream,
        string name,
        LayerTarReaderOptions? options = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(stream);
        return new TarLayerReader(
            DecompressedStream.Open(stream),
            null,
            options,
            new LayerErrorContext { Layer = name },
            cancellationToken);
    }

    /// <summary>The same, with the digests of all that is read, which have to be the expected ones where some are.</summary>
    internal static TarLayerReader OpenHashed(
        Stream stream,
        string name,
        CancellationToken cancellationToken,
        LayerTarReaderOptions? options = null,
        string? expectedDigest = null,
        string? expectedDiffId = null)
    {
        var file = new HashingReadStream(stream);
        return new TarLayerReader(
            new HashingReadStream(DecompressedStream.Open(file)),
            file,
            options,
            new LayerErrorContext { Layer = name },
            cancellationToken,
            expectedDigest,
            expectedDiffId);
    }

    /// <summary>Reads a tar that was decompressed already.</summary>
    /// <param name="content">The tar; a <see cref="HashingReadStream"/> where <paramref name="file"/> is one.</param>
    /// <param name="file">The file below it, where digests are wanted.</param>
    /// <param name="name">What to call it in errors.</param>
    /// <param name="options">Choices; null for the defaults.</param>
    /// <param name="cancellationToken">Stops reading between entries and between reads.</param>
    internal static TarLayerReader Of(
        Stream content, HashingReadStream? file, string name, LayerTarReaderOptions? options, CancellationToken cancellationToken) =>
        new(content, file, options, new LayerErrorContext { Layer = name }, cancellationToken);

    /// <summary>The tar, before anything was read of it: for who reads it in a way of his own.</summary>
    internal Stream Content => _content;

    /// <summary>The file below the tar, where digests are made; otherwise null.</summary>
    internal HashingReadStream? File => _file;

    /// <summary>Bytes of tar read so far, before compression.</summary>
    public long TarBytes => _content.Position;

    /// <summary>Bytes of the file read so far, where digests are made; otherwise 0.</summary>
    public long Bytes => _file?.Position ?? 0;

    /// <summary>Digest of the tar before compression; null where digests are not made, and before the end was read.</summary>
    public string? DiffId { get; private set; }

    /// <summary>Digest of the file; null where digests are not made, and before the end was read.</summary>
    public string? Digest { get; private set; }

    private protected override LayerEntry? ReadNextEntry()
    {
        try
        {
            if (_tar.GetNextEntry(CancellationToken) is { } entry)
            {
                return Describe(entry);
            }

            Drain(_content);
            if (_file is not null)
            {
                Drain(_file);
                DiffId = ((HashingReadStream)_content).GetDigest();
                Digest = _file.GetDigest();
                Demand("digest of the layer's blob", _expectedDigest, Digest);
                Demand("diffID of the layer", _expectedDiffId, DiffId);
            }

            return null;
        }
        catch (Exception e) when (LayerErrors.IsPlaceable(e))
        {
            throw LayerException.From(e, ErrorContext);
        }
    }

    private protected override void CloseCore(bool reportErrors) => _content.Dispose();

    private void Demand(string what, string? expected, string actual)
    {
        if (expected is not null && expected != actual)
        {
            throw new LayerException(
                $"the {what} is {actual}, the image says {expected}: it is damaged, or not the layer of this image", ErrorContext);
        }
    }

    private LayerEntry Describe(LayerTarEntry entry) => entry.Kind switch
    {
        LayerTarEntryKind.Tombstone => new LayerEntry(entry.Name),
        LayerTarEntryKind.HardLink =>
            new LayerEntry(entry.Name, 0, entry.Info, null, () => Stream.Null) { HardLinkTarget = entry.LinkTarget },
        _ => new LayerEntry(entry.Name, entry.Size, entry.Info, null, _tar.OpenBackupStream),
    };

    /// <summary>
    /// Behind the tar's end there is padding, and then the check sum of the compressed stream, which is only looked at when all was read.
    /// </summary>
    private void Drain(Stream stream)
    {
        byte[] buffer = ArrayPool<byte>.Shared.Rent(DrainSize);
        try
        {
            while (stream.Read(buffer) > 0)
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
