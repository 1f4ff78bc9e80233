namespace AotLayers;

/// <summary>An image of a <c>docker save</c> archive or an OCI layout: what it is called, for which system it is, its layers.</summary>
public sealed class ContainerImage
{
    internal ContainerImage(string? digest, IReadOnlyList<string> names, ImageConfig config, IReadOnlyList<ContainerImageLayer> layers)
    {
        Digest = digest;
        Names = names;
        OperatingSystem = config.OperatingSystem;
        OperatingSystemVersion = config.OperatingSystemVersion;
        Architecture = config.Architecture;
        Layers = layers;
    }

    /// <summary>Digest of the manifest; of an archive of <c>docker save</c> without manifests, that of the configuration.</summary>
    public string? Digest { get; }

    /// <summary>Names and tags; empty for an image without.</summary>
    public IReadOnlyList<string> Names { get; }

    /// <summary><c>windows</c>, <c>linux</c>, ...; null when the image does not say.</summary>
    public string? OperatingSystem { get; }

    /// <summary>Windows' build, <c>10.0.26100.1</c>; null when the image does not say.</summary>
    public string? OperatingSystemVersion { get; }

    /// <summary><c>amd64</c>, <c>arm64</c>, ...; null when the image does not say.</summary>
    public string? Architecture { get; }

    /// <summary>The layers, base first.</summary>
    public IReadOnlyList<ContainerImageLayer> Layers { get; }

    /// <summary>Whether a text of a user means this image: one of its names, or only their tag, its digest or the beginning of it
    /// (at least four digits), its platform (<c>windows/amd64</c>), or the version of Windows.</summary>
    /// <param name="text">What the user wrote.</param>
    public bool Matches(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        foreach (string name in Names)
        {
            if (name == text || name.EndsWith(":" + text, StringComparison.Ordinal) || name.EndsWith("/" + text, StringComparison.Ordinal))
            {
                return true;
            }
        }

        return ContainerImageLayer.IsDigest(Digest, text)
            || text == $"{OperatingSystem}/{Architecture}"
            || text == OperatingSystemVersion;
    }

    /// <summary>The image in a few words: names, platform, digest, number of layers.</summary>
    public override string ToString()
    {
        string name = Names.Count > 0 ? string.Join(", ", Names) : "without a name";
        string version = OperatingSystemVersion is null ? "" : " " + OperatingSystemVersion;
        string layers = Layers.Count == 1 ? "1 layer" : Layers.Count + " layers";
        return $"{name} ({OperatingSystem ?? "unknown system"}/{Architecture ?? "unknown"}{version}, {Digest ?? "no digest"}, {layers})";
    }
}

/// <summary>A layer of an image: where it is and what its bytes must be.</summary>
public sealed class ContainerImageLayer
{
    private const int ShortestDigest = 4;

    internal ContainerImageLayer(int index, string path)
    {
        Index = index;
        Path = path;
    }

    /// <summary>Position among the layers: 0 is the base.</summary>
    public int Index { get; }

    /// <summary>Digest of the blob, compressed as it is; null when the image does not say.</summary>
    public string? Digest { get; internal init; }

    /// <summary>Digest of the tar before compression; null when the image does not say.</summary>
    public string? DiffId { get; internal init; }

    /// <summary>What the manifest says that the blob is; null when it does not.</summary>
    public string? MediaType { get; internal init; }

    /// <summary>Bytes of the blob; -1 when the image does not say.</summary>
    public long Size { get; internal init; } = -1;

    /// <summary>Where its bytes are to be had instead, of a layer that is not distributed with its image.</summary>
    public IReadOnlyList<string> Urls { get; internal init; } = [];

    /// <summary>Name of the blob in the archive or folder, with slashes.</summary>
    internal string Path { get; }

    /// <summary>Whether a text of a user means this layer: a digest or the beginning of one, of the blob or the tar in it.</summary>
    /// <param name="text"><c>sha256:</c> and at least four digits, or only the digits.</param>
    public bool Matches(string text) => IsDigest(Digest, text) || IsDigest(DiffId, text);

    /// <summary>The layer in a few words.</summary>
    public override string ToString() => $"layer {Index} ({Digest ?? DiffId ?? Path})";

    /// <summary>Whether a text is a digest, or at least four digits of its beginning.</summary>
    internal static bool IsDigest(string? digest, string text)
    {
        const string Prefix = "sha256:";
        if (digest is null || !digest.StartsWith(Prefix, StringComparison.Ordinal))
        {
            return false;
        }

        ReadOnlySpan<char> digits = text.StartsWith(Prefix, StringComparison.Ordinal) ? text.AsSpan(Prefix.Length) : text;
        return digits.Length >= ShortestDigest && digest.AsSpan(Prefix.Length).StartsWith(digits, StringComparison.Ordinal);
    }
}

/// <summary>What an image's configuration says of it.</summary>
internal sealed class ImageConfig
{
    public string? OperatingSystem { get; init; }

    public string? OperatingSystemVersion { get; init; }

    public string? Architecture { get; init; }

    /// <summary>Digests of the layers' tars, base first; null when they are not known.</summary>
    public IReadOnlyList<string>? DiffIds { get; init; }
}
