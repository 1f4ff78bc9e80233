using AotLayers.Formats;

namespace AotLayers;

/// <summary>The files of an image archive: in a folder, or in a tar that is not unpacked.</summary>
internal abstract class ImageStore : IDisposable
{
    /// <summary>Largest file that is read whole: manifests, indexes and configurations.</summary>
    public const int MaxDocumentSize = 16 * 1024 * 1024;

    /// <summary>What to call the archive in errors.</summary>
    public abstract string Name { get; }

    /// <summary>Opens a file for reading.</summary>
    /// <param name="path">Its name, with slashes, checked to be <see cref="WindowsPath.IsSafeRelative"/> but for colons.</param>
    /// <returns>The stream, which can seek; null when there is no such file.</returns>
    public abstract Stream? TryOpen(string path);

    public virtual void Dispose()
    {
    }

    /// <summary>Opens a file whose name came from the archive itself.</summary>
    /// <exception cref="LayerException">The name could mean something outside of the archive.</exception>
    public Stream? TryOpenChecked(string path)
    {
        // Archives of go-containerregistry name configurations "sha256:...".
        string plain = path.StartsWith("sha256:", StringComparison.Ordinal) ? path["sha256:".Length..] : path;
        return WindowsPath.IsSafeRelative(plain, out string? problem)
            ? TryOpen(path)
            : throw new LayerException(
                $"the image names a file '{path}', which is refused: {problem}", new LayerErrorContext { Layer = Name });
    }

    /// <summary>Reads a small file whole.</summary>
    /// <returns>Its bytes; null when there is no such file.</returns>
    /// <exception cref="LayerException">It is too large.</exception>
    public byte[]? TryReadAll(string path)
    {
        using Stream? stream = TryOpenChecked(path);
        if (stream is null)
        {
            return null;
        }

        if (stream.Length > MaxDocumentSize)
        {
            throw new LayerException(
                $"{path} has {stream.Length} bytes: at most {MaxDocumentSize} are taken", new LayerErrorContext { Layer = Name });
        }

        byte[] bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return bytes;
    }
}

/// <summary>The files of an image in a folder.</summary>
internal sealed class FolderImageStore(string folder) : ImageStore
{
    private const int BufferSize = 128 * 1024;

    public override string Name => folder;

    public override Stream? TryOpen(string path)
    {
        // A link could lead anywhere; nobody writes one into a layout.
        var file = new FileInfo(Path.Combine(folder, path));
        for (FileSystemInfo? item = file; item is not null && item.FullName.Length > Path.GetFullPath(folder).Length; item = Parent(item))
        {
            if (item.LinkTarget is not null)
            {
                throw new LayerException($"{item.FullName} is a symbolic link", new LayerErrorContext { Layer = Name });
            }
        }

        return file.Exists
            ? new FileStream(file.FullName, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, BufferSize)
            : null;
    }

    private static DirectoryInfo? Parent(FileSystemInfo item) => item is FileInfo file ? file.Directory : ((DirectoryInfo)item).Parent;
}

/// <summary>The files of an image in a tar: an index of names to places, made in one walk over its headers.</summary>
internal sealed class TarImageStore : ImageStore
{
    private const int MaxFiles = 100_000;
    private const int MaxLinks = 8;

    private readonly Stream _tar;
    private readonly Dictionary<string, Place> _files = new(StringComparer.Ordinal);

    /// <param name="tar">The archive, uncompressed, at its start, able to seek; owned from now on.</param>
    /// <param name="name">What to call it in errors.</param>
    /// <param name="cancellationToken">Stops between entries.</param>
    public TarImageStore(Stream tar, string name, CancellationToken cancellationToken)
    {
        _tar = tar;
        Name = name;
        var reader = new TarReader(tar);
        while (reader.GetNextEntry(cancellationToken) is { } header)
        {
            if (_files.Count == MaxFiles)
            {
                throw new LayerException($"the archive has more than {MaxFiles} files", new LayerErrorContext { Layer = name });
            }

            string path = Normalize(header.Name);
            switch (header.TypeFlag)
            {
                case TarTypeFlag.RegularFile or TarTypeFlag.ContiguousFile when header.SparseRanges is null:
                    _files[path] = new Place(reader.Position, header.Size, null);
                    break;
                case TarTypeFlag.HardLink:
                    _files[path] = new Place(0, 0, Normalize(header.LinkName));
                    break;
                case TarTypeFlag.SymbolicLink:
                    _files[path] = new Place(0, 0, Resolve(path, header.LinkName));
                    break;
                default:
                    break;
            }
        }
    }

    public override string Name { get; }

    public override Stream? TryOpen(string path)
    {
        string name = path;
        for (int i = 0; i < MaxLinks && _files.TryGetValue(name, out Place? place); i++)
        {
            if (place.LinkTarget is null)
            {
                return new StreamSlice(_tar, place.Offset, place.Size);
            }

            name = place.LinkTarget;
        }

        return null;
    }

    public override void Dispose()
    {
        _tar.Dispose();
        base.Dispose();
    }

    private static string Normalize(string name)
    {
        name = name.TrimStart('/');
        while (name.StartsWith("./", StringComparison.Ordinal))
        {
            name = name[2..];
        }

        return name;
    }

    /// <summary>Where a symbolic link leads: old archives of docker save have them between layers that are the same.</summary>
    private static string Resolve(string link, string target)
    {
        var parts = new List<string>();
        parts.AddRange(link.Split('/')[..^1]);
        foreach (string part in target.Split('/'))
        {
            if (part == ".." && parts.Count > 0)
            {
                parts.RemoveAt(parts.Count - 1);
            }
            else if (part is not ("" or "." or ".."))
            {
                parts.Add(part);
            }
        }

        return string.Join('/', parts);
    }

    private sealed class Place(long offset, long size, string? linkTarget)
    {
        public long Offset => offset;

        public long Size => size;

        public string? LinkTarget => linkTarget;
    }
}
