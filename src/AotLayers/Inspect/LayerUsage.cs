using AotLayers.Formats;

namespace AotLayers;

/// <summary>How much a folder of a layer holds, with all below it.</summary>
public sealed class FolderUsage
{
    internal FolderUsage(string path) => Path = path;

    /// <summary>Name of the folder, with backslashes; empty for the layer itself.</summary>
    public string Path { get; }

    /// <summary>Bytes of the files' main streams, holes included, hard links once.</summary>
    public long Bytes { get; internal set; }

    /// <summary>Bytes of alternate streams.</summary>
    public long StreamBytes { get; internal set; }

    /// <summary>Bytes of <see cref="Bytes"/> that are holes of sparse files.</summary>
    public long HoleBytes { get; internal set; }

    /// <summary>Files, each once.</summary>
    public long Files { get; internal set; }

    /// <summary>Directories, the folder itself not counted.</summary>
    public long Directories { get; internal set; }

    /// <summary>Symbolic links, junctions and other reparse points.</summary>
    public long ReparsePoints { get; internal set; }

    /// <summary>Further names of files that are counted already.</summary>
    public long HardLinks { get; internal set; }

    /// <summary>Bytes that these names would have as copies; those of targets in parent layers are not known, and not in it.</summary>
    public long HardLinkBytes { get; internal set; }

    /// <summary>Tombstones.</summary>
    public long Tombstones { get; internal set; }
}

/// <summary>Sums up a layer by folders. Sizes of files are kept by name, for hard links; contents are not.</summary>
/// <param name="depth">How deep folders are told apart: 0 for the layer alone, 1 for what is at its top.</param>
public sealed class LayerUsage(int depth = int.MaxValue)
{
    private readonly Dictionary<string, FolderUsage> _folders = new(NtfsNameComparer.Instance);
    private readonly Dictionary<string, long> _sizes = new(NtfsNameComparer.Instance);
    private readonly Dictionary<UInt128, string> _fileIds = [];
    private readonly List<FolderUsage> _inOrder = [];
    private readonly List<FolderUsage> _path = [];

    /// <summary>The sums of the whole layer.</summary>
    public FolderUsage Total { get; } = new("");

    /// <summary>The folders in the order in which they were met, parents before children.</summary>
    public IReadOnlyList<FolderUsage> Folders => _inOrder;

    /// <summary>Adds an entry.</summary>
    /// <param name="entry">The entry.</param>
    /// <param name="metadata">What its backup stream says; null for a tombstone or hard link.</param>
    public void Add(LayerEntry entry, LayerEntryMetadata? metadata)
    {
        ArgumentNullException.ThrowIfNull(entry);
        EntryTraits traits = EntryTraitsOf.Find(entry, metadata);
        bool directory = (traits & EntryTraits.Directory) != 0;
        FindFolders(entry.Name, directory);
        bool again = entry.HardLinkTarget is not null
            || (entry.Links is { Count: > 1 } links && !_fileIds.TryAdd(links.FileId, entry.Name));
        long size = entry.HardLinkTarget is { } target ? _sizes.GetValueOrDefault(target) : entry.Size;
        if (!directory && !entry.IsTombstone)
        {
            _sizes[entry.Name] = size;
        }

        long streams = 0;
        foreach (LayerStreamMetadata stream in metadata?.AlternateStreams ?? [])
        {
            streams += stream.Size;
        }

        foreach (FolderUsage folder in _path)
        {
            if (entry.IsTombstone)
            {
                folder.Tombstones++;
            }
            else if (again)
            {
                folder.HardLinks++;
                folder.HardLinkBytes += size;
            }
            else
            {
                folder.StreamBytes += streams;
                folder.Bytes += size;
                folder.HoleBytes += Holes(metadata?.Data);
                folder.Files += (traits & EntryTraits.File) != 0 ? 1 : 0;
                folder.ReparsePoints += (traits & EntryTraits.ReparsePoint) != 0 ? 1 : 0;
                folder.Directories += directory && !NtfsNameComparer.Equals(folder.Path, entry.Name) ? 1 : 0;
            }
        }
    }

    private static long Holes(LayerStreamMetadata? data)
    {
        if (data is not { IsInBlocks: true })
        {
            return 0;
        }

        long stored = 0;
        foreach (LayerStreamRange range in data.Ranges)
        {
            stored += range.Length;
        }

        return data.Size - stored;
    }

    /// <summary>The folders that an entry lies in, as far down as they are told apart; a directory lies in itself.</summary>
    private void FindFolders(string name, bool directory)
    {
        _path.Clear();
        _path.Add(Total);
        int at = 0;
        for (int level = 0; level < depth; level++)
        {
            at = name.IndexOf('\\', at);
            if (at < 0 && !directory)
            {
                return;
            }

            _path.Add(FindFolder(at < 0 ? name : name[..at]));
            if (at < 0)
            {
                return;
            }

            at++;
        }
    }

    private FolderUsage FindFolder(string path)
    {
        if (!_folders.TryGetValue(path, out FolderUsage? folder))
        {
            folder = new FolderUsage(path);
            _folders.Add(path, folder);
            _inOrder.Add(folder);
        }

        return folder;
    }
}
