namespace AotLayers;

/// <summary>
/// A file that appears whole or not at all: it is written beside its target under another name and takes the target's place on <see cref="Commit"/>.
/// Devices such as <c>/dev/null</c> and <c>NUL</c> are written as they are.
/// </summary>
public sealed class AtomicOutputFile : IDisposable
{
    private const int BufferSize = 128 * 1024;

    private readonly string _target;
    private readonly string? _temporary;
    private bool _committed;

    private AtomicOutputFile(string target, string? temporary, FileStream stream)
    {
        _target = target;
        _temporary = temporary;
        Stream = stream;
    }

    /// <summary>Receives the content.</summary>
    public FileStream Stream { get; }

    /// <summary>Starts a file.</summary>
    /// <param name="path">Where it is to appear. Its directory must exist.</param>
    /// <exception cref="LayerException">It cannot be created.</exception>
    public static AtomicOutputFile Create(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        try
        {
            if (IsDevice(path))
            {
                return new AtomicOutputFile(path, null, new FileStream(path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite, BufferSize));
            }

            string target = Path.GetFullPath(path);
            if (Directory.Exists(target))
            {
                throw new IOException("it is a directory");
            }

            // A link stays a link; what it points to is replaced.
            var link = new FileInfo(target);
            target = link.LinkTarget is null ? target : link.ResolveLinkTarget(returnFinalTarget: true)!.FullName;
            string temporary = Path.Combine(Path.GetDirectoryName(target)!, $".{Path.GetFileName(target)}.{Path.GetRandomFileName()}.tmp");
            return new AtomicOutputFile(target, temporary, new FileStream(temporary, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.Read, BufferSize));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            throw new LayerException($"cannot create {path}: {e.Message}", e);
        }
    }

    /// <summary>Brings the content to the disk and gives the file its name.</summary>
    /// <exception cref="LayerException">That failed; the target is what it was.</exception>
    public void Commit()
    {
        try
        {
            Stream.Flush(flushToDisk: _temporary is not null);
            Stream.Dispose();
            if (_temporary is not null)
            {
                File.Move(_temporary, _target, overwrite: true);
            }

            _committed = true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new LayerException($"cannot write {_target}: {e.Message}", e);
        }
    }

    /// <summary>Without <see cref="Commit"/>: removes what was written.</summary>
    public void Dispose()
    {
        try
        {
            Stream.Dispose();
        }
        catch (IOException) when (!_committed)
        {
            // The last buffer of a file that is thrown away may not fit on a full disk.
        }

        if (!_committed && _temporary is not null)
        {
            File.Delete(_temporary);
        }
    }

    private static bool IsDevice(string path) => OperatingSystem.IsWindows()
        ? path.StartsWith(@"\\.\", StringComparison.Ordinal) || Path.GetFileName(path).Equals("NUL", StringComparison.OrdinalIgnoreCase)
        : path.StartsWith("/dev/", StringComparison.Ordinal);
}
