using System.Security.Cryptography;
using System.Text.Json;
using AotLayers.Interop;

namespace AotLayers;

/// <summary>Reads <c>manifest.json</c> of an archive of <c>docker save</c>, and image configurations.</summary>
internal static class DockerSaveArchive
{
    private const string Blobs = "blobs/sha256/";

    /// <summary>The images of the archive.</summary>
    /// <param name="store">The archive's files.</param>
    /// <param name="manifest">The root of manifest.json.</param>
    /// <exception cref="LayerException">A document is damaged.</exception>
    public static List<ContainerImage> Read(ImageStore store, BoundedJsonValue manifest)
    {
        if (manifest.Kind != JsonValueKind.Array)
        {
            throw Invalid(store, "manifest.json is not the list of images that docker save writes");
        }

        var images = new List<ContainerImage>();
        foreach (BoundedJsonValue image in manifest.Items())
        {
            images.Add(ReadImage(store, image));
        }

        return images;
    }

    /// <summary>The names that the manifest gives to images, by the digests of their configurations.</summary>
    /// <param name="manifest">The root of manifest.json; null where there is none.</param>
    public static Dictionary<string, List<string>> NamesByConfig(BoundedJsonValue? manifest)
    {
        var names = new Dictionary<string, List<string>>(StringComparer.Ordinal);
        if (manifest is { Kind: JsonValueKind.Array } images)
        {
            foreach (BoundedJsonValue image in images.Items())
            {
                List<string> tags = ImageJson.Texts(image, "RepoTags");
                if (ImageJson.Text(image, "Config") is { } config && tags.Count > 0)
                {
                    names["sha256:" + Path.GetFileNameWithoutExtension(config)] = tags;
                }
            }
        }

        return names;
    }

    /// <summary>What a configuration says.</summary>
    /// <param name="config">The root of the configuration, or a platform of an index.</param>
    public static ImageConfig ReadConfig(BoundedJsonValue config) => new()
    {
        OperatingSystem = ImageJson.Text(config, "os"),
        OperatingSystemVersion = ImageJson.Text(config, "os.version"),
        Architecture = ImageJson.Text(config, "architecture"),
        DiffIds = ImageJson.Object(config, "rootfs") is { } rootfs && ImageJson.Array(rootfs, "diff_ids") is not null
            ? ImageJson.Texts(rootfs, "diff_ids")
            : null,
    };

    private static ContainerImage ReadImage(ImageStore store, BoundedJsonValue image)
    {
        string path = ImageJson.Text(image, "Config") ?? throw Invalid(store, "an image of manifest.json has no 'Config'");
        byte[] bytes = store.TryReadAll(path) ?? throw Invalid(store, $"the image's configuration {path} is not in the archive");
        string digest = "sha256:" + Convert.ToHexStringLower(SHA256.HashData(bytes));
        if (DigestOf(path) is { } expected && expected != digest)
        {
            throw Invalid(store, $"the image's configuration {path} is damaged: its digest is {digest}");
        }

        BoundedJsonValue document = ImageJson.Parse(bytes, path, store.Name);
        ImageConfig config = ReadConfig(document);
        List<string> layers = ImageJson.Texts(image, "Layers");
        if (config.DiffIds is { } ids && ids.Count != layers.Count)
        {
            throw Invalid(store, $"the configuration {path} has {ids.Count} layers, manifest.json has {layers.Count}");
        }

        return new ContainerImage(digest, ImageJson.Texts(image, "RepoTags"), config, ReadLayers(layers, config, image));
    }

    private static List<ContainerImageLayer> ReadLayers(List<string> paths, ImageConfig config, BoundedJsonValue image)
    {
        BoundedJsonValue? sources = ImageJson.Object(image, "LayerSources");
        var layers = new List<ContainerImageLayer>();
        for (int i = 0; i < paths.Count; i++)
        {
            string? diffId = config.DiffIds?[i];
            BoundedJsonValue? source = diffId is not null && sources is { } all ? ImageJson.Object(all, diffId) : null;
            layers.Add(new ContainerImageLayer(i, paths[i])
            {
                // Below "blobs" a name is a digest by definition; other names are what a program liked.
                Digest = paths[i].StartsWith(Blobs, StringComparison.Ordinal) ? DigestOf(paths[i]) : null,
                DiffId = diffId,
                MediaType = source is { } descriptor ? ImageJson.Text(descriptor, "mediaType") : null,
                Urls = source is { } foreign ? ImageJson.Texts(foreign, "urls") : [],
            });
        }

        return layers;
    }

    /// <summary>
    /// The digest that a file's name is, as <c>HEX.json</c>, <c>sha256:HEX</c> or <c>blobs/sha256/HEX</c>; null for others.
    /// </summary>
    private static string? DigestOf(string path)
    {
        string name = Path.GetFileNameWithoutExtension(path);
        string digest = name.StartsWith("sha256:", StringComparison.Ordinal) ? name : "sha256:" + name;
        return LayerImporter.IsDigest(digest) ? digest : null;
    }

    private static LayerException Invalid(ImageStore store, string reason) => new(reason, new LayerErrorContext { Layer = store.Name });
}
