using System.Buffers;
using System.Globalization;
using AotLayers.Formats;
using AotLayers.Interop;

namespace AotLayers.Simulator;

/// <summary>
/// Loads a layer from a real folder: its files and directories, what <c>layer.json</c> adds to them, and the deleted paths of
/// <c>tombstones</c>
/// (one per line, UTF-8, relative to the layer).
/// </summary>
internal sealed class LayerLoader
{
    /// <summary>What the folder's files do not say themselves.</summary>
    internal const string MetadataFile = "layer.json";

    /// <summary>Backup streams that entries take parts of.</summary>
    internal const string StreamsFile = "streams.bin";

    private const string TombstonesFile = "tombstones";
    private const int MaxFileBytes = 64 << 20;
    private const int MaxEntries = 4_000_000;

    // What Win32 has no name with: reserved characters and control characters.
    private static readonly SearchValues<char> s_forbidden = SearchValues.Create(
        [.. "<>:\"\\|?*", .. Enumerable.Range(0, 32).Select(code => (char)code)]);

    private readonly string _folder;
    private readonly Dictionary<string, RealEntry> _real = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, BoundedJsonValue> _entries = new(StringComparer.OrdinalIgnoreCase);
    private readonly List<string> _order = [];
    private LayerDefaults _defaults = LayerDefaults.Standard;

    private LayerLoader(string folder) => _folder = folder;

    /// <summary>Loads a layer.</summary>
    /// <param name="folder">Real folder.</param>
    /// <exception cref="LayerLoadException">The folder cannot be read, or a file of the layer does not follow its format; the message
    /// names file and place.</exception>
    public static LayerContent Load(DirectoryInfo folder)
    {
        try
        {
            CheckName(folder, folder.LinkTarget);
            return folder.LinkTarget is null ? new LayerLoader(folder.FullName).Read(folder)
                : throw new InvalidDataException($"{folder.FullName}: a symbolic link; a layer is a folder of its own");
        }
        catch (Exception e) when (e is InvalidDataException or BoundedJsonException)
        {
            throw new LayerLoadException(folder.Name, Win32Error.InvalidData, e.Message, e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new LayerLoadException(folder.Name, Win32Error.FromDisk(e), $"{folder.FullName} cannot be read: {e.Message}", e);
        }
    }

    private LayerContent Read(DirectoryInfo folder)
    {
        string name = folder.Name;
        var tombstones = new List<string>();
        IReadOnlyList<string>? parents = null;
        bool scratch = false;
        bool unfinished = false;
        if (RealFile.ReadBounded(Path.Combine(_folder, MetadataFile), MaxFileBytes) is { } json)
        {
            BoundedJsonValue root = Parse(json, Path.Combine(_folder, MetadataFile));
            parents = root.Member("parents") is { } list ? [.. list.Items().Select(item => item.Text())] : null;
            scratch = root.Member("scratch")?.Bool() ?? false;
            unfinished = root.Member("unfinished")?.Bool() ?? false;
            tombstones.AddRange(root.Member("tombstones")?.Items().Select(LayerEntryReader.RelativePath) ?? []);
            ReadDefaults(root.Member("defaults"));
            ReadEntries(root.Member("entries"));
        }

        AddTombstoneFile(tombstones);
        AddReal(folder, "");
        return new LayerContent(Build(name)) { Tombstones = tombstones, Parents = parents, IsScratch = scratch, IsUnfinished = unfinished };
    }

    /// <summary>Reads <c>layer.json</c> down to its members.</summary>
    /// <exception cref="BoundedJsonException">It is not JSON, or has other members than the known ones.</exception>
    internal static BoundedJsonValue Parse(byte[] json, string path) =>
        BoundedJson.Parse(json, path, new BoundedJsonLimits { Bytes = MaxFileBytes, Depth = 16, ForPeople = true }).Root
            .Object("description", "parents", "scratch", "unfinished", "defaults", "entries", "tombstones");

    private void ReadDefaults(BoundedJsonValue? node)
    {
        if (node is not { } defaults)
        {
            return;
        }

        defaults.Object("time", "fileSecurity", "directorySecurity");
        _defaults = new LayerDefaults(
            defaults.Member("time")?.Int64(long.MinValue, long.MaxValue),
            defaults.Member("fileSecurity") is { } file ? LayerEntryReader.ReadSecurity(file) : _defaults.FileSecurity,
            defaults.Member("directorySecurity") is { } directory ? LayerEntryReader.ReadSecurity(directory) : _defaults.DirectorySecurity);
    }

    private void ReadEntries(BoundedJsonValue? node)
    {
        foreach (BoundedJsonValue entry in node?.Items() ?? [])
        {
            string path = LayerEntryReader.Path(entry);
            if (!_entries.TryAdd(path, entry))
            {
                throw entry.Error($"'{path}' appears twice");
            }

            Count(path);
        }
    }

    private void Count(string path)
    {
        _order.Add(path);
        if (_order.Count > MaxEntries)
        {
            throw new InvalidDataException(string.Create(CultureInfo.InvariantCulture, $"{_folder}: more than {MaxEntries} entries"));
        }
    }

    private void AddTombstoneFile(List<string> tombstones)
    {
        if (RealFile.ReadBounded(Path.Combine(_folder, TombstonesFile), MaxFileBytes) is not { } bytes)
        {
            return;
        }

        int number = 0;
        foreach (string line in Wtf8.GetString(bytes).Split('\n').Select(line => WindowsPath.FromSlash(line.TrimEnd('\r'))))
        {
            number++;
            if (line.Length == 0)
            {
                continue;
            }

            if (!WindowsPath.IsSafeRelative(line, out string? problem))
            {
                throw new InvalidDataException(string.Create(
                    CultureInfo.InvariantCulture,
                    $"{Path.Combine(_folder, TombstonesFile)}: line {number}: {problem}"));
            }

            tombstones.Add(line);
        }
    }

    private void AddReal(DirectoryInfo folder, string prefix)
    {
        foreach (FileSystemInfo? item in folder.EnumerateFileSystemInfos().OrderBy(item => item.Name, StringComparer.Ordinal))
        {
            if (prefix.Length == 0 && item.Name is MetadataFile or TombstonesFile or StreamsFile)
            {
                continue;
            }

            string path = prefix.Length == 0 ? item.Name : $@"{prefix}\{item.Name}";
            string? target = item.LinkTarget;
            CheckName(item, target);
            bool directory = item is DirectoryInfo;
            if (target is not null && LayerTops.Contains(path))
            {
                throw new InvalidDataException($"{item.FullName}: a symbolic link; {item.Name} of a layer is a folder");
            }

            if (!directory && target is null && !RealFile.IsRegular((FileInfo)item))
            {
                throw new InvalidDataException(
                    $"{item.FullName}: a pipe, socket or device; a layer holds files, directories and symbolic links");
            }

            FileContent? content = directory || target is not null ? null : new FileContent(item.FullName, ((FileInfo)item).Length);
            if (!_real.TryAdd(path, new RealEntry(
                directory,
                content,
                target is null ? null : WindowsPath.FromSlash(target),
                item.LastWriteTimeUtc.ToFileTimeUtc())))
            {
                throw new InvalidDataException($"{item.FullName}: two names that differ only in case");
            }

            if (!_entries.ContainsKey(path))
            {
                Count(path);
            }

            if (directory && target is null)
            {
                AddReal((DirectoryInfo)item, path);
            }
        }
    }

    // Names come from the system as text. One whose bytes are no UTF-8 comes with replacement characters, and is not found under what it
    // then is called.
    private static void CheckName(FileSystemInfo item, string? target)
    {
        if (item.Name.Contains('\ufffd') && target is null && !Path.Exists(item.FullName))
        {
            throw new InvalidDataException(
                $"{item.FullName}: the bytes of this name are not UTF-8; describe the file in layer.json, where any name can be written");
        }

        if (item.Name.AsSpan().ContainsAny(s_forbidden))
        {
            throw new InvalidDataException($"{item.FullName}: the name cannot exist on Windows");
        }
    }

    private FileContent? OpenStreams()
    {
        var file = new FileInfo(Path.Combine(_folder, StreamsFile));
        return !file.Exists ? null
            : file.LinkTarget is null && RealFile.IsRegular(file) ? new FileContent(file.FullName, file.Length)
            : throw new InvalidDataException($"{file.FullName}: not a regular file");
    }

    private SimulatedNode Build(string name)
    {
        FileContent? streams = OpenStreams();
        var root = new SimulatedNode(name, _defaults.Directory()) { Sealed = true };
        var links = new List<string>();

        // Shorter paths first, so that a parent that is described is made before its children imply it.
        foreach (string path in _order.OrderBy(path => path.Count(c => c == '\\')))
        {
            bool described = _entries.TryGetValue(path, out BoundedJsonValue entry);
            if (described && LayerEntryReader.LinkTo(entry) is not null)
            {
                links.Add(path);
                continue;
            }

            RealEntry? real = _real.GetValueOrDefault(path);
            SimulatedFile file = described ? LayerEntryReader.Read(entry, real, _defaults, streams)
                : real!.LinkTarget is { } target ? Link(target, real)
                : real.IsDirectory ? _defaults.Directory(real.Time)
                : _defaults.File(real.Content!, real.Time);
            Add(root, path, file);
        }

        foreach (string path in links)
        {
            string target = LayerEntryReader.LinkTo(_entries[path])!;
            SimulatedNode? found = Find(root, target);
            if (found is null || found.File.IsDirectory || _real.ContainsKey(path))
            {
                throw _entries[path].Error(found is null
                    ? $"'{target}' is not there"
                    : found.File.IsDirectory ? $"'{target}' is a directory" : "is a real file");
            }

            Add(root, path, found.File);
        }

        root.Number(name.ToLowerInvariant());
        return root;
    }

    private SimulatedFile Link(string target, RealEntry real) => new()
    {
        Info = _defaults.Info(
            WindowsFileAttributes.ReparsePoint | (real.IsDirectory ? WindowsFileAttributes.Directory : WindowsFileAttributes.Archive),
            real.Time),
        Security = real.IsDirectory ? _defaults.DirectorySecurity : _defaults.FileSecurity,
        Reparse = ReparsePoint.FromTarget(target, isMountPoint: false).Encode(),
    };

    private void Add(SimulatedNode root, string path, SimulatedFile file)
    {
        string[] parts = path.Split('\\');
        SimulatedNode node = root;
        foreach (string part in parts.AsSpan(0, parts.Length - 1))
        {
            node = node.Find(part) ?? node.Add(new SimulatedNode(part, _defaults.Directory()) { Sealed = true });
            if (!node.File.IsDirectory)
            {
                throw new InvalidDataException($"{_folder}: '{path}' lies below a file");
            }
        }

        node.Add(new SimulatedNode(parts[^1], file) { Sealed = true });
    }

    private static SimulatedNode? Find(SimulatedNode root, string path) =>
        path.Split('\\').Aggregate((SimulatedNode?)root, (node, part) => node?.Find(part));
}
