using AotLayers.Formats;

namespace AotLayers;

/// <summary>What a file is that may hold a layer.</summary>
public enum LayerFileKind
{
    /// <summary>A layer tar, plain or compressed; also anything that is none of the others.</summary>
    LayerTar,

    /// <summary>An archive of <c>docker save</c> or an OCI layout in a tar, plain or compressed.</summary>
    ImageArchive,

    /// <summary>A recording of calls.</summary>
    Recording,
}

/// <summary>
/// A file whose kind is told by its first bytes, after decompression, never by its name. It is read once, as what it is: by
/// <see cref="OpenLayer"/> or <see cref="OpenImages"/>, which take the file over; after <see cref="Keep"/> a layer can be read again.
/// </summary>
public sealed class LayerFile : IDisposable
{
    private const int HeadSize = 64 * 1024;

    private readonly string _name;
    private readonly HashingReadStream? _hashed;
    private Stream? _content;
    private bool _kept;

    private LayerFile(string name, HashingReadStream? hashed, Stream content, LayerFileKind kind, bool canReopen)
    {
        CanReopen = canReopen;
        _name = name;
        _hashed = hashed;
        _content = content;
        Kind = kind;
    }

    /// <summary>What the file is.</summary>
    public LayerFileKind Kind { get; }

    /// <summary>Looks at a file.</summary>
    /// <param name="file">The file at its start; owned from now on, also when this fails. It need not be able to seek.</param>
    /// <param name="name">What to call it in errors.</param>
    /// <param name="digests">Whether the digests of a layer tar are wanted; then all of it is read.</param>
    /// <exception cref="LayerException">The file cannot be read, or its compressed data is damaged.</exception>
    public static LayerFile Open(Stream file, string name, bool digests = false)
    {
        ArgumentNullException.ThrowIfNull(file);
        ArgumentNullException.ThrowIfNull(name);
        Stream? content = file;
        try
        {
            HashingReadStream? hashed = digests ? new HashingReadStream(file) : null;
            content = hashed ?? file;
            content = DecompressedStream.Open(content);
            byte[] head = new byte[HeadSize];
            head = head[..content.ReadAtLeast(head, head.Length, throwOnEndOfStream: false)];
            LayerFileKind kind = head is [(byte)'{', ..] ? LayerFileKind.Recording
                : ImageArchive.IsImageArchive(head) ? LayerFileKind.ImageArchive
                : LayerFileKind.LayerTar;
            return new LayerFile(name, hashed, PrefixedStream.Rewind(content, head), kind, file.CanSeek);
        }
        catch (Exception e) when (LayerErrors.IsPlaceable(e))
        {
            content.Dispose();
            throw LayerException.From(e, new LayerErrorContext { Layer = name });
        }
        catch
        {
            content.Dispose();
            throw;
        }
    }

    /// <summary>Whether the file can be opened again by its name; a pipe cannot.</summary>
    public bool CanReopen { get; }

    /// <summary>
    /// Makes the layer readable more than once. What cannot seek is decompressed to a temporary file without a name, which is gone with
    /// this object.
    /// </summary>
    /// <param name="cancellationToken">Stops copying.</param>
    /// <exception cref="InvalidOperationException">The file was taken over before, or digests are wanted.</exception>
    public void Keep(CancellationToken cancellationToken = default)
    {
        if (_hashed is not null)
        {
            throw new InvalidOperationException("a file with digests is read once");
        }

        _content = TakeSeekable(cancellationToken);
        _kept = true;
    }

    /// <summary>Reads the layer of a layer tar.</summary>
    /// <param name="options">Choices; null for the defaults.</param>
    /// <param name="cancellationToken">Stops reading between entries and between reads.</param>
    /// <exception cref="InvalidOperationException">The file was taken over before.</exception>
    public TarLayerReader OpenLayer(LayerTarReaderOptions? options = null, CancellationToken cancellationToken = default)
    {
        if (_kept)
        {
            return TarLayerReader.Of(new StreamSlice(_content!, 0, _content!.Length), null, _name, options, cancellationToken);
        }

        Stream content = Take();
        return TarLayerReader.Of(
            _hashed is null ? content : new HashingReadStream(content), _hashed, _name, options, cancellationToken);
    }

    /// <summary>
    /// Reads the images of an image archive. What cannot seek (a pipe, a compressed archive) is copied to a temporary file without a name.
    /// </summary>
    /// <param name="cancellationToken">Stops copying, and between entries.</param>
    /// <exception cref="InvalidOperationException">The file was taken over before.</exception>
    /// <exception cref="LayerException">It holds no image, or what describes the image is damaged.</exception>
    public ImageArchive OpenImages(CancellationToken cancellationToken = default) =>
        ImageArchive.Open(TakeSeekable(cancellationToken), _name, cancellationToken);

    /// <inheritdoc/>
    public void Dispose() => _content?.Dispose();

    private Stream TakeSeekable(CancellationToken cancellationToken)
    {
        Stream content = Take();
        if (content.CanSeek)
        {
            return content;
        }

        using (content)
        {
            try
            {
                return SpoolFile.Copy(content, cancellationToken);
            }
            catch (Exception e) when (LayerErrors.IsPlaceable(e))
            {
                throw LayerException.From(e, new LayerErrorContext { Layer = _name });
            }
        }
    }

    private Stream Take()
    {
        Stream content = _content ?? throw new InvalidOperationException("the file was read before");
        _content = null;
        return content;
    }
}
