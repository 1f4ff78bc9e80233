using System.Globalization;
using System.Text.Json;
using AotLayers.Formats;

namespace AotLayers.Simulator;

/// <summary>
/// Loads a layer from a real folder: its files and directories, what <c>layer.json</c> adds to them, and the deleted paths of <c>tombstones</c>
/// (one per line, UTF-8, relative to the layer).
/// </summary>
internal sealed class LayerLoader
{
    private const string MetadataFile = "layer.json";
    private const string TombstonesFile = "tombstones";
    private const int MaxFileBytes = 64 << 20;
    private const int MaxEntries = 4_000_000;

    private readonly string _folder;
    private readonly Dictionary<string, RealEntry> _real = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, JsonNode> _entries = new(StringComparer.OrdinalIgnoreCase);
    private readonly List<string> _order = [];
    private LayerDefaults _defaults = LayerDefaults.Standard;

    private LayerLoader(string folder) => _folder = folder;

    /// <summary>Loads a layer.</summary>
    /// <param name="folder">Real folder.</param>
    /// <exception cref="InvalidDataException">A file of the layer does not follow its format; the message names file and place.</exception>
    /// <exception cref="IOException">The folder cannot be read.</exception>
    public static SimulatedLayer Load(string folder) => new LayerLoader(folder).Load();

    private SimulatedLayer Load()
    {
        string name = Path.GetFileName(Path.TrimEndingDirectorySeparator(_folder));
        var tombstones = new List<string>();
        IReadOnlyList<string>? parents = null;
        bool scratch = false;
        if (ReadBounded(MetadataFile) is { } json)
        {
            using var document = Parse(json);
            var root = new JsonNode(Path.Combine(_folder, MetadataFile), "$", document.RootElement.Clone());
            root.Object("description", "parents", "scratch", "defaults", "entries", "tombstones");
            parents = root.Member("parents") is { } list ? [.. list.Items().Select(item => item.Text())] : null;
            scratch = root.Member("scratch")?.Bool() ?? false;
            tombstones.AddRange(root.Member("tombstones")?.Items().Select(LayerEntryReader.RelativePath) ?? []);
            ReadDefaults(root.Member("defaults"));
            ReadEntries(root.Member("entries"));
        }

        AddTombstoneFile(tombstones);
        AddReal(new DirectoryInfo(_folder), "");
        return new SimulatedLayer(name, Build(name)) { Tombstones = tombstones, Parents = parents, IsScratch = scratch };
    }

    private void ReadDefaults(JsonNode? node)
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

    private void ReadEntries(JsonNode? node)
    {
        foreach (var entry in node?.Items() ?? [])
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
        if (ReadBounded(TombstonesFile) is not { } bytes)
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
                throw new InvalidDataException(string.Create(CultureInfo.InvariantCulture, $"{Path.Combine(_folder, TombstonesFile)}: line {number}: {problem}"));
            }

            tombstones.Add(line);
        }
    }

    private void AddReal(DirectoryInfo folder, string prefix)
    {
        foreach (var item in folder.EnumerateFileSystemInfos().OrderBy(item => item.Name, StringComparer.Ordinal))
        {
            if (prefix.Length == 0 && item.Name is MetadataFile or TombstonesFile)
            {
                continue;
            }

            string path = prefix.Length == 0 ? item.Name : $@"{prefix}\{item.Name}";
            if (item.Name.AsSpan().ContainsAny('\\', ':'))
            {
                throw new InvalidDataException($"{item.FullName}: the name cannot exist on Windows");
            }

            string? target = item.LinkTarget;
            bool directory = item is DirectoryInfo;
            var content = directory || target is not null ? null : new FileContent(item.FullName, ((FileInfo)item).Length);
            if (!_real.TryAdd(path, new RealEntry(directory, content, target is null ? null : WindowsPath.FromSlash(target), item.LastWriteTimeUtc.ToFileTimeUtc())))
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

    private SimulatedNode Build(string name)
    {
        var root = new SimulatedNode(name, _defaults.Directory()) { Sealed = true };
        var links = new List<string>();

        // Shorter paths first, so that a parent that is described is made before its children imply it.
        foreach (string path in _order.OrderBy(path => path.Count(c => c == '\\')))
        {
            bool described = _entries.TryGetValue(path, out var entry);
            if (described && LayerEntryReader.LinkTo(entry) is not null)
            {
                links.Add(path);
                continue;
            }

            var real = _real.GetValueOrDefault(path);
            var file = described ? LayerEntryReader.Read(entry, real, _defaults)
                : real!.LinkTarget is { } target ? Link(target, real)
                : real.IsDirectory ? _defaults.Directory(real.Time)
                : _defaults.File(real.Content!, real.Time);
            Add(root, path, file);
        }

        foreach (string path in links)
        {
            string target = LayerEntryReader.LinkTo(_entries[path])!;
            var found = Find(root, target);
            if (found is null || found.File.IsDirectory || _real.ContainsKey(path))
            {
                throw _entries[path].Error(found is null ? $"'{target}' is not there" : found.File.IsDirectory ? $"'{target}' is a directory" : "is a real file");
            }

            Add(root, path, found.File);
        }

        root.Number(name.ToLowerInvariant());
        return root;
    }

    private SimulatedFile Link(string target, RealEntry real) => new()
    {
        Info = _defaults.Info(
            WindowsFileAttributes.ReparsePoint | (real.IsDirectory ? WindowsFileAttributes.Directory : WindowsFileAttributes.Archive), real.Time),
        Security = real.IsDirectory ? _defaults.DirectorySecurity : _defaults.FileSecurity,
        Reparse = ReparsePoint.FromTarget(target, isMountPoint: false).Encode(),
    };

    private void Add(SimulatedNode root, string path, SimulatedFile file)
    {
        string[] parts = path.Split('\\');
        var node = root;
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

    private byte[]? ReadBounded(string name)
    {
        var file = new FileInfo(Path.Combine(_folder, name));
        if (!file.Exists)
        {
            return null;
        }

        return file.Length <= MaxFileBytes ? File.ReadAllBytes(file.FullName)
            : throw new InvalidDataException(string.Create(CultureInfo.InvariantCulture, $"{file.FullName}: {file.Length} bytes; at most {MaxFileBytes}"));
    }

    private JsonDocument Parse(byte[] json)
    {
        try
        {
            return JsonDocument.Parse(json, new JsonDocumentOptions { MaxDepth = 16, CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true });
        }
        catch (JsonException e)
        {
            throw new InvalidDataException($"{Path.Combine(_folder, MetadataFile)}: {e.Message}", e);
        }
    }
}
