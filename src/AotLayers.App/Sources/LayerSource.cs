using System.Globalization;
using AotLayers.Formats;
using AotLayers.Interop;

namespace AotLayers.App;

/// <summary>
/// A layer, or a chain of layers, that needs no machine: a layer tar (a file or standard input), a transport folder, a recording, an
/// archive of docker save or an OCI layout. What it is is told by its content, not by its name. Not thread-safe.
/// </summary>
public sealed class LayerSource : IDisposable
{
    /// <summary>What names a recording where any source is taken; a recording's own name does as well.</summary>
    public const string ReplayPrefix = "replay:";

    /// <summary>The name of standard input.</summary>
    public const string StandardInput = "-";

    private const int BufferSize = 128 * 1024;

    private readonly List<Func<CancellationToken, LayerReader>> _layers = [];
    private readonly List<IDisposable> _owned = [];
    private readonly List<HcsSession> _replays = [];

    private bool _digests;

    private LayerSource(string name) => Name = name;

    /// <summary>What the source is called in errors.</summary>
    public string Name { get; }

    /// <summary>The image that the layers are of; null for layers without one.</summary>
    public ContainerImage? Image { get; private set; }

    /// <summary>Open the layers, base first. Each gives a reader of its own.</summary>
    public IReadOnlyList<Func<CancellationToken, LayerReader>> Layers => _layers;

    /// <summary>The first time that a replay left its recording; null when none did.</summary>
    internal ReplayException? Departure
    {
        get
        {
            foreach (HcsSession session in _replays)
            {
                if (session.Departure is { } departure)
                {
                    return departure;
                }
            }

            return null;
        }
    }

    /// <summary>Opens a source.</summary>
    /// <param name="path">A file, a folder, <c>replay:FILE</c>, or <c>-</c> where <paramref name="standardInput"/> is given.</param>
    /// <param name="standardInput">What <c>-</c> stands for; null where it is a name like others.</param>
    /// <param name="image">Which image of an archive; null when not said.</param>
    /// <param name="again">Whether layers are opened more than once.</param>
    /// <param name="cancellationToken">Stops what takes long.</param>
    /// <param name="digests">Whether the reader of a layer tar makes digests; it reads all of the file then.</param>
    /// <exception cref="LayerException">It cannot be read, or the archive has several images and none was named.</exception>
    /// <exception cref="IOException">It cannot be opened.</exception>
    public static LayerSource Open(
        string path, Stream? standardInput, string? image, bool again, CancellationToken cancellationToken, bool digests = false)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        bool piped = path == StandardInput && standardInput is not null;
        var source = new LayerSource(piped ? "standard input" : path);
        try
        {
            if (path.StartsWith(ReplayPrefix, StringComparison.Ordinal))
            {
                source.AddRecording(path[ReplayPrefix.Length..]);
            }
            else if (!piped && Directory.Exists(path))
            {
                source.AddFolder(path, image);
            }
            else
            {
                source._digests = digests && !again;
                source.AddFile(piped ? standardInput! : OpenFile(path), path, image, again, cancellationToken);
            }

            if (image is not null && source.Image is null)
            {
                throw new UsageException($"an image is named, but {source.Name} is no image archive");
            }

            return source;
        }
        catch
        {
            source.Dispose();
            throw;
        }
    }

    /// <summary>The layer of the image that a text of a user means.</summary>
    /// <param name="text">A position, 0 for the base and -1 for the last, or a digest or its beginning.</param>
    /// <exception cref="UsageException">The source is no image.</exception>
    /// <exception cref="LayerException">The image has no such layer, or several.</exception>
    public int FindLayer(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (Image is null)
        {
            throw new UsageException($"a layer is named, but {Name} is no image archive");
        }

        if (int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int index))
        {
            index = index < 0 ? index + Image.Layers.Count : index;
            if (index >= 0 && index < Image.Layers.Count)
            {
                return index;
            }
        }

        int[] found = [.. Image.Layers.Where(layer => layer.Matches(text)).Select(layer => layer.Index)];
        return found.Length == 1
            ? found[0]
            : throw new LayerException(
                found.Length == 0 ? $"the image has no layer '{text}'" : $"the image has {found.Length} layers '{text}'",
                new LayerErrorContext { Layer = Name },
                hint: "its layers, base first: " + DescribeLayers());
    }

    /// <summary>The layers of the image in a few words each.</summary>
    internal string DescribeLayers()
    {
        var lines = new List<string>();
        foreach (ContainerImageLayer layer in Image?.Layers ?? [])
        {
            string size = layer.Size < 0 ? "" : string.Create(CultureInfo.InvariantCulture, $" ({layer.Size} bytes)");
            string digest = layer.Digest ?? layer.DiffId ?? "without a digest";
            lines.Add(string.Create(CultureInfo.InvariantCulture, $"{layer.Index} {digest}{size}"));
        }

        return string.Join(", ", lines);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (IDisposable owned in _owned)
        {
            owned.Dispose();
        }

        foreach (HcsSession session in _replays)
        {
            session.Dispose();
        }
    }

    private static FileStream OpenFile(string path) =>
        new(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, BufferSize);

    private void AddFolder(string path, string? image)
    {
        if (ImageArchive.IsImageFolder(path))
        {
            AddImage(ImageArchive.OpenFolder(path), image);
        }
        else
        {
            _layers.Add(token => TransportFolderReader.Open(path, token));
        }
    }

    private void AddFile(Stream stream, string path, string? image, bool again, CancellationToken cancellationToken)
    {
        var file = LayerFile.Open(stream, Name, _digests);
        if (_digests && file.Kind != LayerFileKind.LayerTar && path != StandardInput)
        {
            // Images have digests of their own, and are read here and there.
            file.Dispose();
            file = LayerFile.Open(OpenFile(path), Name);
        }

        _owned.Add(file);
        switch (file.Kind)
        {
            case LayerFileKind.Recording when path == StandardInput:
                throw new LayerException(
                    "a recording cannot come on standard input: it is read more than once", new LayerErrorContext { Layer = Name });
            case LayerFileKind.Recording:
                AddRecording(path);
                break;
            case LayerFileKind.ImageArchive:
                AddImage(file.OpenImages(cancellationToken), image);
                break;
            default:
                AddTar(file, path, keep: again && (path == StandardInput || !file.CanReopen), cancellationToken);
                break;
        }
    }

    private void AddTar(LayerFile file, string path, bool keep, CancellationToken cancellationToken)
    {
        if (keep)
        {
            file.Keep(cancellationToken);
            _layers.Add(token => file.OpenLayer(cancellationToken: token));
            return;
        }

        LayerFile? first = file;
        _layers.Add(token =>
        {
            LayerFile now = first ?? LayerFile.Open(OpenFile(path), Name, _digests);
            first = null;
            return now.OpenLayer(cancellationToken: token);
        });
    }

    private void AddImage(ImageArchive archive, string? text)
    {
        _owned.Add(archive);
        Image = ChooseImage(archive, text);
        foreach (ContainerImageLayer layer in Image.Layers)
        {
            _layers.Add(token => archive.OpenLayer(layer, cancellationToken: token));
        }
    }

    private void AddRecording(string path)
    {
        (LayerLocation layer, LayerReaderKind kind) = RecordedLayer.Find(CallRecording.Load(path), path);
        _layers.Add(token =>
        {
            // Calls around the reading of the layer are not asked for.
            var session = HcsSession.Open(new HcsSessionOptions
            {
                Choice = new HcsChoice(HcsChoiceKind.Replay, path),
                ReplayOrder = ReplayOrder.PerHandle,
            });
            _replays.Add(session);
            var reader = LayerReader.Open(session.Machine, layer, kind, token);
            reader.ReadsWhole = kind == LayerReaderKind.Stream;
            return reader.ReadsWhole ? reader : Exported(reader, token);
        });
    }

    /// <summary>
    /// An export that opens files goes back and forth in them, and leaves out what was seen under another name: the recording answers only
    /// the same export, so it is made again, and read.
    /// </summary>
    private TarLayerReader Exported(LayerReader reader, CancellationToken cancellationToken)
    {
        Stream tar = SpoolFile.Create();
        try
        {
            var options = new ExportOptions { ComputeDigests = false };
            LayerExporter.Export(reader, tar, options, cancellationToken);
            tar.Position = 0;
            return TarLayerReader.Open(tar, Name, cancellationToken: cancellationToken);
        }
        catch
        {
            tar.Dispose();
            throw;
        }
    }

    /// <summary>The named image, the only one, or the only one for Windows.</summary>
    private ContainerImage ChooseImage(ImageArchive archive, string? text)
    {
        bool only = archive.Images.Count == 1;
        List<ContainerImage> found =
            [.. archive.Images.Where(image => text is null ? only || image.OperatingSystem == "windows" : image.Matches(text))];
        if (found.Count == 1)
        {
            return found[0];
        }

        string problem = text is null
            ? $"the archive has {archive.Images.Count} images: say which"
            : $"the archive has {(found.Count == 0 ? "no image" : $"{found.Count} images")} '{text}'";
        throw new LayerException(problem, new LayerErrorContext { Layer = Name }, hint: "its images: " + string.Join("; ", archive.Images));
    }
}
