using AotLayers.Formats;
using AotLayers.Hcs;

namespace AotLayers;

/// <summary>
/// Writes the entries of a layer to a folder: content, times, links. Hard links come at the end, then symbolic links, then the times of
/// directories, so that nothing is written through a link of the layer. What a folder does not carry is counted, and kept in a side file
/// where one is given (docs/formats/extract-metadata.md#lines).
/// </summary>
/// <remarks>
/// Entries that cannot be created are problems, and the rest is extracted; a failure to read the layer or to write a file's content ends
/// the extraction, and removes the file that was being written.
/// </remarks>
public sealed partial class LayerExtractor
{
    private readonly ExtractFolder _folder;
    private readonly ExistingFiles _existing;
    private readonly ExtractMetadata? _metadata;
    private readonly CancellationToken _cancellationToken;
    private readonly List<Link> _hardLinks = [];
    private readonly List<Link> _symbolicLinks = [];
    private readonly List<DirectoryTimes> _directories = [];
    private readonly Dictionary<string, string> _wanted = new(NtfsNameComparer.Instance);

    /// <summary>Starts an extraction.</summary>
    /// <param name="folder">The folder; made where it is missing.</param>
    /// <param name="existing">What becomes of files that are there.</param>
    /// <param name="metadata">Receives what a folder does not carry, as lines of JSON; null for nobody.</param>
    /// <param name="cancellationToken">Checked for each piece that is copied.</param>
    /// <exception cref="IOException">The folder cannot be made.</exception>
    public LayerExtractor(
        string folder, ExistingFiles existing = ExistingFiles.Fail, Stream? metadata = null, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        _folder = new ExtractFolder(folder);
        _existing = existing;
        _metadata = metadata is null ? null : new ExtractMetadata(metadata);
        _cancellationToken = cancellationToken;
    }

    /// <summary>What was done so far.</summary>
    public ExtractSummary Summary { get; } = new();

    /// <summary>
    /// Whether hard links lead to entries that were not extracted: then the layer is to be read once more, with <see cref="AddTarget"/>.
    /// </summary>
    public bool NeedsTargets
    {
        get
        {
            _wanted.Clear();
            foreach (Link link in _hardLinks)
            {
                if (_folder.Find(link.Target) is null)
                {
                    _wanted.TryAdd(link.Target, link.Name);
                }
            }

            return _wanted.Count > 0;
        }
    }

    /// <summary>Extracts an entry.</summary>
    /// <param name="entry">The entry; its backup stream is read by this.</param>
    /// <exception cref="LayerException">The layer cannot be read, or the content cannot be written.</exception>
    public void Add(LayerEntry entry)
    {
        ArgumentNullException.ThrowIfNull(entry);
        if (entry.IsTombstone)
        {
            Summary.Tombstones.Add(entry.Name);
            _metadata?.WriteEntry(entry, null);
        }
        else if (entry.HardLinkTarget is { } target)
        {
            _hardLinks.Add(new Link(entry.Name, target, entry.Info));
            WriteMetadata(entry, entry.Name);
        }
        else
        {
            Extract(entry, entry.Name);
        }
    }

    /// <summary>Extracts an entry in the place of the first hard link to it, where <see cref="NeedsTargets"/> asked for it.</summary>
    /// <param name="entry">Any entry of the layer.</param>
    /// <exception cref="LayerException">The layer cannot be read, or the content cannot be written.</exception>
    public void AddTarget(LayerEntry entry)
    {
        ArgumentNullException.ThrowIfNull(entry);
        if (entry.IsTombstone || entry.HardLinkTarget is not null || !_wanted.Remove(entry.Name, out string? link))
        {
            return;
        }

        Extract(entry, link);
        if (_folder.Find(link) is { } path)
        {
            Summary.CopiedLinks++;
            _hardLinks.RemoveAll(other => other.Name == link);
            foreach (Link other in _hardLinks)
            {
                other.Target = NtfsNameComparer.Equals(other.Target, entry.Name) ? link : other.Target;
            }
        }
    }

    /// <summary>Makes the links, and sets the times of directories.</summary>
    public void Complete()
    {
        foreach (Link link in _hardLinks)
        {
            Try(link.Name, () => MakeHardLink(link));
        }

        foreach (Link link in _symbolicLinks)
        {
            Try(link.Name, () => MakeSymbolicLink(link));
        }

        // From the end: setting a time changes nothing above, but a link in a directory changes the directory.
        for (int i = _directories.Count - 1; i >= 0; i--)
        {
            DirectoryTimes directory = _directories[i];
            Try(directory.Name, () => SetDirectoryTimes(directory));
        }
    }

    /// <summary>An error of the file system about one entry is a problem, not the end.</summary>
    private void Try(string entry, Action action)
    {
        _cancellationToken.ThrowIfCancellationRequested();
        try
        {
            action();
        }
        catch (Exception e) when (e is (IOException and not LayerException) or UnauthorizedAccessException)
        {
            Summary.Problems.Add(new ExtractProblem(entry, e.Message));
        }
    }

    private void WriteMetadata(LayerEntry entry, string name)
    {
        if (_metadata is not null)
        {
            string? path = null;
            Try(name, () => path = _folder.PlaceOf(name));
            _metadata.WriteEntry(entry, path is null ? null : _folder.Relative(path));
        }
    }

    private void Extract(LayerEntry entry, string name)
    {
        using var output = new EntryOutput(this, entry, name);
        output.Run();
    }

    private void MakeHardLink(Link link)
    {
        if (_folder.Find(link.Target) is not { } target)
        {
            Summary.Problems.Add(new ExtractProblem(link.Name, $"the target of the hard link, {link.Target}, was not extracted"));
            return;
        }

        if (Place(link.Name) is not { } path)
        {
            return;
        }

        if (!OperatingSystem.IsWindows() && Libc.LinkAt(Libc.CurrentDirectory, target, Libc.CurrentDirectory, path, 0) == 0)
        {
            Summary.HardLinks++;
        }
        else
        {
            File.Copy(target, path);
            Summary.CopiedLinks++;
        }

        _folder.Add(link.Name, path);
    }

    private void MakeSymbolicLink(Link link)
    {
        if (link.Target.Length == 0)
        {
            Summary.Problems.Add(new ExtractProblem(link.Name, "the link has no target and was not made"));
            return;
        }

        if (ExtractLink.Translate(link.Name, link.Target, _folder) is not { } text)
        {
            Summary.Problems.Add(new ExtractProblem(link.Name, $"the link leads out of the layer, to {link.Target}, and was not made"));
            return;
        }

        if (Place(link.Name) is { } path)
        {
            if (link.Info.IsDirectory)
            {
                Directory.CreateSymbolicLink(path, text);
            }
            else
            {
                File.CreateSymbolicLink(path, text);
            }

            Summary.SymbolicLinks++;
            _folder.Add(link.Name, path);
            if (!OperatingSystem.IsWindows() && ToTime(link.Info.LastWriteTime) is { } time)
            {
                File.SetLastWriteTimeUtc(path, time);
            }
        }
    }

    /// <summary>Where an entry may be created; null when it is a problem or to be skipped.</summary>
    private string? Place(string name)
    {
        _folder.Prepare(name, _existing, out string? path, out string? problem);
        if (problem is not null)
        {
            Summary.Problems.Add(new ExtractProblem(name, problem));
        }
        else if (path is null)
        {
            Summary.Skipped++;
        }

        return path;
    }

    private static void SetDirectoryTimes(DirectoryTimes directory)
    {
        if (ToTime(directory.Info.LastAccessTime) is { } access)
        {
            Directory.SetLastAccessTimeUtc(directory.Path, access);
        }

        if (ToTime(directory.Info.LastWriteTime) is { } write)
        {
            Directory.SetLastWriteTimeUtc(directory.Path, write);
        }
    }

    /// <summary>A time that the system's calls take; null for those before 1601 and beyond the year 9999.</summary>
    private static DateTime? ToTime(long fileTime) =>
        fileTime is >= 0 and <= 2650467743999999999 ? DateTime.FromFileTimeUtc(fileTime) : null;

    private sealed class Link(string name, string target, LayerFileInfo info)
    {
        public string Name => name;

        public string Target { get; set; } = target;

        public LayerFileInfo Info => info;
    }

    private sealed class DirectoryTimes(string name, string path, LayerFileInfo info)
    {
        public string Name => name;

        public string Path => path;

        public LayerFileInfo Info => info;
    }
}
