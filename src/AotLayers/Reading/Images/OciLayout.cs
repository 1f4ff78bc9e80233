using AotLayers.Interop;

namespace AotLayers;

/// <summary>
/// Reads <c>index.json</c> of an OCI image layout: manifests, indexes of several platforms inside of it, configurations.
/// </summary>
internal sealed class OciLayout(ImageStore store, Dictionary<string, List<string>> namesByConfig)
{
    private const int MaxDepth = 4;
    private const int MaxManifests = 1000;

    private readonly List<ContainerImage> _images = [];
    private int _manifests;

    /// <summary>The images of the layout.</summary>
    /// <param name="index">The root of index.json.</param>
    /// <exception cref="LayerException">A document is damaged, or there are too many.</exception>
    public List<ContainerImage> Read(BoundedJsonValue index)
    {
        ReadIndex(index, [], 0);
        return _images;
    }

    private void ReadIndex(BoundedJsonValue index, List<string> names, int depth)
    {
        if (ImageJson.Array(index, "manifests") is not { } manifests)
        {
            throw Invalid("an image index has no 'manifests'");
        }

        foreach (BoundedJsonValue descriptor in manifests.Items())
        {
            if (depth > MaxDepth || ++_manifests > MaxManifests)
            {
                throw Invalid($"the image index has more than {MaxManifests} manifests, or {MaxDepth} indexes inside of each other");
            }

            BoundedJsonValue? annotations = ImageJson.Object(descriptor, "annotations");
            if (annotations is { } notes && ImageJson.Text(notes, "vnd.docker.reference.type") == "attestation-manifest")
            {
                continue;
            }

            List<string> own = NamesOf(annotations);
            ReadManifest(descriptor, own.Count > 0 ? own : names, depth);
        }
    }

    private void ReadManifest(BoundedJsonValue descriptor, List<string> names, int depth)
    {
        string digest = ImageJson.Text(descriptor, "digest") ?? throw Invalid("a manifest of the image index has no digest");
        if (ImageArchive.TryReadBlob(store, digest) is not { } manifest)
        {
            // An index may name platforms that were not fetched.
            return;
        }

        if (ImageJson.Array(manifest, "manifests") is not null)
        {
            ReadIndex(manifest, names, depth + 1);
        }
        else if (ImageJson.Array(manifest, "layers") is { } layers)
        {
            _images.Add(ReadImage(digest, descriptor, names, manifest, layers));
        }
    }

    private ContainerImage ReadImage(
        string digest, BoundedJsonValue descriptor, List<string> names, BoundedJsonValue manifest, BoundedJsonValue layers)
    {
        string? configDigest = ImageJson.Object(manifest, "config") is { } reference ? ImageJson.Text(reference, "digest") : null;
        ImageConfig config = configDigest is not null && ImageArchive.TryReadBlob(store, configDigest) is { } document
            ? DockerSaveArchive.ReadConfig(document)
            : ImageJson.Object(descriptor, "platform") is { } platform ? DockerSaveArchive.ReadConfig(platform) : new ImageConfig();
        if (configDigest is not null && namesByConfig.TryGetValue(configDigest, out List<string>? whole))
        {
            names = whole;
        }

        var list = new List<ContainerImageLayer>();
        foreach (BoundedJsonValue layer in layers.Items())
        {
            string blob = ImageJson.Text(layer, "digest") ?? throw Invalid("a layer of the manifest has no digest");
            list.Add(new ContainerImageLayer(list.Count, ImageArchive.BlobPath(store, blob))
            {
                Digest = blob,
                DiffId = config.DiffIds is { } ids && list.Count < ids.Count ? ids[list.Count] : null,
                MediaType = ImageJson.Text(layer, "mediaType"),
                Size = ImageJson.Number(layer, "size"),
                Urls = ImageJson.Texts(layer, "urls"),
            });
        }

        if (config.DiffIds is { } diffIds && diffIds.Count != list.Count)
        {
            throw Invalid($"the configuration {configDigest} has {diffIds.Count} layers, the manifest {digest} has {list.Count}");
        }

        return new ContainerImage(digest, names, config, list);
    }

    private static List<string> NamesOf(BoundedJsonValue? annotations)
    {
        var names = new List<string>();
        if (annotations is { } notes)
        {
            string? name = ImageJson.Text(notes, "io.containerd.image.name") ?? ImageJson.Text(notes, "org.opencontainers.image.ref.name");
            if (name is not null)
            {
                names.Add(name);
            }
        }

        return names;
    }

    private LayerException Invalid(string reason) => new(reason, new LayerErrorContext { Layer = store.Name });
}
