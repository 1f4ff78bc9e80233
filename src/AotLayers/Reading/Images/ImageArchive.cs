using System.Security.Cryptography;
using AotLayers.Interop;
using AotLayers.Formats;

namespace AotLayers;

/// <summary>
/// Images outside of a registry: archives of <c>docker save</c> (and of podman, skopeo, go-containerregistry, which write the same) and OCI
/// image layouts, each as a folder or a tar. Every blob that is read is compared with its digest. Not thread-safe.
/// </summary>
public sealed class ImageArchive : IDisposable
{
    private const string OciIndex = "index.json";
    private const string DockerManifest = "manifest.json";

    private readonly ImageStore _store;

    private ImageArchive(ImageStore store)
    {
        _store = store;
        Images = Read(store);
    }

    /// <summary>What the archive is called in errors.</summary>
    public string Name => _store.Name;

    /// <summary>The images, in the order of the archive; those of other platforms that it names but does not hold are left out.</summary>
    public IReadOnlyList<ContainerImage> Images { get; }

    /// <summary>Whether a folder is an image layout or an unpacked archive.</summary>
    /// <param name="path">The folder.</param>
    public static bool IsImageFolder(string path) =>
        File.Exists(Path.Combine(path, OciIndex)) || File.Exists(Path.Combine(path, DockerManifest));

    /// <summary>Whether a tar is an image archive and no layer, told by the name of its first entry.</summary>
    /// <param name="head">The first bytes of the tar; 64 KiB are enough.</param>
    public static bool IsImageArchive(ReadOnlySpan<byte> head)
    {
        try
        {
            var reader = new TarReader(new MemoryStream(head.ToArray()));
            while (reader.GetNextEntry() is { } header)
            {
                string name = header.Name.TrimStart('.', '/').TrimEnd('/');
                if (name.Length > 0)
                {
                    return IsNameOfImageArchive(name);
                }
            }
        }
        catch (LayerFormatException)
        {
            // Whoever reads it as a layer says what is wrong.
        }

        return false;
    }

    /// <summary>Opens a folder.</summary>
    /// <param name="path">The folder.</param>
    /// <exception cref="LayerException">It holds no image, or what describes the image is damaged.</exception>
    public static ImageArchive OpenFolder(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        return Open(new FolderImageStore(path));
    }

    /// <summary>Opens a tar.</summary>
    /// <param name="tar">The tar, uncompressed, at its start, able to seek; closed with the archive, and when this fails.</param>
    /// <param name="name">What to call it in errors.</param>
    /// <param name="cancellationToken">Stops between entries.</param>
    /// <exception cref="LayerException">It holds no image, or what describes the image is damaged.</exception>
    public static ImageArchive Open(Stream tar, string name, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(tar);
        ArgumentNullException.ThrowIfNull(name);
        ImageStore store;
        try
        {
            store = new TarImageStore(tar, name, cancellationToken);
        }
        catch (Exception e) when (LayerErrors.IsPlaceable(e))
        {
            tar.Dispose();
            throw LayerException.From(e, new LayerErrorContext { Layer = name });
        }
        catch
        {
            tar.Dispose();
            throw;
        }

        return Open(store);
    }

    /// <summary>Opens a layer. At its end its bytes are compared with the digests that the image has for it.</summary>
    /// <param name="layer">A layer of one of <see cref="Images"/>.</param>
    /// <param name="options">Choices; null for the defaults.</param>
    /// <param name="cancellationToken">Stops reading between entries and between reads.</param>
    /// <exception cref="LayerException">The archive does not hold the layer.</exception>
    public TarLayerReader OpenLayer(
        ContainerImageLayer layer,
        LayerTarReaderOptions? options = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(layer);
        var place = new LayerErrorContext { Layer = $"{Name}, {layer}" };
        if (layer.MediaType is { } type && type.Contains("encrypted", StringComparison.Ordinal))
        {
            throw new LayerException($"the layer is encrypted ({type})", place);
        }

        Stream? blob = _store.TryOpenChecked(layer.Path);
        if (blob is null)
        {
            throw new LayerException(
                $"the layer's bytes are not in the archive: there is no {layer.Path}",
                place,
                hint: layer.Urls.Count > 0
                    ? "the layer is a foreign one, which is not stored with its image; its bytes are at " + layer.Urls[0]
                    : "the archive was made without this layer, or is cut");
        }

        if (layer.Size >= 0 && blob.Length != layer.Size)
        {
            long length = blob.Length;
            blob.Dispose();
            throw new LayerException($"the layer's blob {layer.Path} has {length} bytes, the manifest says {layer.Size}", place);
        }

        return TarLayerReader.OpenHashed(blob, place.Layer, cancellationToken, options, layer.Digest, layer.DiffId);
    }

    /// <inheritdoc/>
    public void Dispose() => _store.Dispose();

    /// <summary>Reads a blob that is a document, and compares it with its digest.</summary>
    /// <returns>Null when the archive does not hold it.</returns>
    internal static BoundedJsonValue? TryReadBlob(ImageStore store, string digest)
    {
        string path = BlobPath(store, digest);
        if (store.TryReadAll(path) is not { } bytes)
        {
            return null;
        }

        string actual = "sha256:" + Convert.ToHexStringLower(SHA256.HashData(bytes));
        return actual == digest
            ? ImageJson.Parse(bytes, path, store.Name)
            : throw new LayerException(
                $"{path} is damaged: its digest is {actual}", new LayerErrorContext { Layer = store.Name });
    }

    /// <summary>Where a blob is.</summary>
    internal static string BlobPath(ImageStore store, string digest) => LayerImporter.IsDigest(digest)
        ? "blobs/sha256/" + digest["sha256:".Length..]
        : throw new LayerException(
            $"'{digest}' is no digest that is known here: sha256: and 64 lower-case hexadecimal digits",
            new LayerErrorContext { Layer = store.Name });

    private static ImageArchive Open(ImageStore store)
    {
        try
        {
            return new ImageArchive(store);
        }
        catch (Exception e) when (LayerErrors.IsPlaceable(e))
        {
            store.Dispose();
            throw LayerException.From(e, new LayerErrorContext { Layer = store.Name });
        }
    }

    private static List<ContainerImage> Read(ImageStore store)
    {
        // New archives of docker save are both; the index says more, the manifest has the whole names.
        byte[]? manifest = store.TryReadAll(DockerManifest);
        byte[]? index = store.TryReadAll(OciIndex);
        BoundedJsonValue? docker = manifest is null ? null : ImageJson.Parse(manifest, DockerManifest, store.Name);
        List<ContainerImage> images;
        if (index is not null)
        {
            BoundedJsonValue document = ImageJson.Parse(index, OciIndex, store.Name);
            images = new OciLayout(store, DockerSaveArchive.NamesByConfig(docker)).Read(document);
        }
        else if (docker is { } list)
        {
            images = DockerSaveArchive.Read(store, list);
        }
        else
        {
            throw new LayerException(
                "this is no image archive: it has neither index.json nor manifest.json", new LayerErrorContext { Layer = store.Name });
        }

        return images.Count > 0
            ? images
            : throw new LayerException("the archive holds no image", new LayerErrorContext { Layer = store.Name });
    }

    private static bool IsNameOfImageArchive(string name)
    {
        const int DigestLength = 64;
        string first = name.Split('/')[0];
        if (first is "blobs" or OciIndex or DockerManifest or "oci-layout" or "repositories" or "config.json")
        {
            return true;
        }

        first = first.StartsWith("sha256:", StringComparison.Ordinal) ? first["sha256:".Length..] : first;
        return first.Length >= DigestLength
            && LayerImporter.IsDigest("sha256:" + first[..DigestLength])
            && first[DigestLength..] is "" or ".tar" or ".tar.gz" or ".json";
    }
}
