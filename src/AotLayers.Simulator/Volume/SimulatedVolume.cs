using AotLayers.Formats;

namespace AotLayers.Simulator;

/// <summary>
/// The file system of a simulated machine: a tree with the temporary folder and the home of the layers. A path that is not in the tree
/// but goes through
/// a name of a layer leads into that layer: <c>D:\any\where\app\Files</c> is <c>Files</c> of the layer <c>app</c>.
/// </summary>
internal sealed partial class SimulatedVolume
{
    private Dictionary<string, SimulatedLayer> _layers = new(StringComparer.OrdinalIgnoreCase);
    private readonly SimulatedNode _root;
    private readonly LayersHome _home;

    // As many as Windows follows in one path.
    private const int MaxLinks = 63;

    public SimulatedVolume(string home, string temp)
    {
        _root = new SimulatedNode("C:", LayerDefaults.Standard.Directory());
        SimulatedNode parent = MakeDirectories(WindowsPath.DirectoryName(WindowsPath.TrimTrailing(home)));
        _home = new LayersHome(LayerName(home), this);
        parent.Add(_home);
        MakeDirectories(temp);
    }

    public IEnumerable<SimulatedLayer> Layers => _layers.Values.OrderBy(layer => layer.Name, StringComparer.Ordinal);

    /// <summary>The layer that a layer path or id means: by its base name, or by its volume while it is active.</summary>
    public SimulatedLayer? FindLayer(string pathOrId) =>
        _layers.GetValueOrDefault(LayerName(pathOrId)) ?? FindVolume(LayerName(pathOrId));

    /// <summary>The name that identifies a layer: what follows the last separator (docs/windows/vmcompute.md#nametoguid).</summary>
    public static string LayerName(string pathOrId) => WindowsPath.BaseName(WindowsPath.TrimTrailing(pathOrId));

    /// <summary>The layer of just this name.</summary>
    public SimulatedLayer? FindByName(string name) => _layers.GetValueOrDefault(name);

    /// <summary>The state that keeps the layers; null where they last as long as this process.</summary>
    public MachineState? State { get; set; }

    /// <summary>Takes other layers in place of these, except those that this process makes.</summary>
    public void Replace(Dictionary<string, SimulatedLayer> layers)
    {
        foreach (SimulatedLayer pending in _layers.Values.Where(layer => layer.IsPending))
        {
            layers[pending.Name] = pending;
        }

        _layers = layers;
    }

    /// <summary>A place to make a layer in.</summary>
    public LayerDraft NewDraft() => State?.NewDraft() ?? new LayerDraft(new MemoryStore(), null);

    /// <summary>
    /// Adds a layer, in place of one of its name. While its folder is open it is pending (<see cref="SimulatedLayer.IsPending"/>), and
    /// what the caller put into the folder is part of it.
    /// </summary>
    /// <param name="name">Its name.</param>
    /// <param name="content">What it holds; backup streams of the draft stay where they are.</param>
    /// <param name="draft">The place that it was made in; null to take one where it is needed.</param>
    /// <exception cref="SimulatedFaultException">A content cannot be read or kept.</exception>
    public void Put(string name, LayerContent content, LayerDraft? draft = null)
    {
        bool pending = draft is null && IsHeld(name);
        if (pending)
        {
            _home.MoveInto(name, content.Root);
        }

        content.Root.Number(name.ToLowerInvariant());
        string? folder = null;
        if (State is not null && !pending)
        {
            using LayerDraft? place = draft is null ? State.NewDraft() : null;
            folder = State.Keep(draft ?? place!, content);
        }

        var layer = new SimulatedLayer(name, content) { Folder = folder, IsPending = pending };
        if (FindByName(name) is { } replaced)
        {
            layer.TakeState(replaced);
        }

        _layers[name] = layer;
        _home.RemoveFolder(name);
    }

    /// <summary>
    /// Adds an imported layer. An empty layer of that name gives way to it; one with contents does not. Returns a Win32 code, 0 for
    /// success.
    /// </summary>
    /// <exception cref="SimulatedLayerException">The layer of that name cannot be used.</exception>
    /// <exception cref="SimulatedFaultException">A content cannot be read or kept.</exception>
    public uint AddImported(string name, LayerContent content, LayerDraft? draft = null)
    {
        if (FindByName(name) is { Root.HasChildren: true })
        {
            return Win32Error.AlreadyExists;
        }

        Put(name, content, draft);
        return 0;
    }

    /// <summary>Removes a layer.</summary>
    public void Remove(SimulatedLayer layer) => _layers.Remove(layer.Name);

    /// <summary>Finds what a path names. Returns a Win32 code, 0 for success.</summary>
    /// <exception cref="SimulatedLayerException">The path goes through a layer which cannot be used.</exception>
    public uint Find(string path, out SimulatedNode? node)
    {
        node = null;
        uint error = VolumePath.Parse(path, out VolumePath parsed);
        if (error != 0)
        {
            return error;
        }

        node = Walk(parsed.Volume, parsed.Names, parsed.Names.Count);
        return node is not null ? 0
            : parsed.Names.Count > 0
                && Walk(parsed.Volume, parsed.Names, parsed.Names.Count - 1) is { File.IsDirectory: true } ? Win32Error.FileNotFound
            : Win32Error.PathNotFound;
    }

    /// <summary>
    /// Finds the directory that a new name goes into. Returns a Win32 code, 0 for success, <see cref="Win32Error.AlreadyExists"/> when
    /// the name is taken.
    /// </summary>
    public uint FindParent(string path, out SimulatedNode? parent, out string name)
    {
        parent = null;
        name = "";
        uint error = VolumePath.Parse(path, out VolumePath parsed);
        if (error != 0)
        {
            return error;
        }

        if (parsed.Names.Count == 0)
        {
            return Win32Error.AlreadyExists;
        }

        name = parsed.Names[^1];
        parent = Walk(parsed.Volume, parsed.Names, parsed.Names.Count - 1, through: true);
        return parent is not { File.IsDirectory: true }
            ? Win32Error.PathNotFound
            : parent.Find(name) is not null ? Win32Error.AlreadyExists : 0;
    }

    private SimulatedNode? Walk(
        string volume, IReadOnlyList<string> names, int count, int links = 0, bool through = false)
    {
        if (FindVolume(volume) is { } scratch)
        {
            return Descend(scratch.Root, names, 0, count, links, through);
        }

        if (volume.Length != 2 || volume[1] != ':')
        {
            return null;
        }

        if (string.Equals(volume, _root.Name, StringComparison.OrdinalIgnoreCase)
            && Descend(_root, names, 0, count, links, through) is { } found)
        {
            return found;
        }

        for (int i = 0; i < count; i++)
        {
            if (_layers.TryGetValue(names[i], out SimulatedLayer? layer)
                && Descend(layer.Root, names, i + 1, count, links, through) is { } inLayer)
            {
                return inLayer;
            }
        }

        return null;
    }

    // As Windows does, a link to an absolute path that is met on the way is followed; the last name is taken as it is, unless the way goes
    // through that, too.
    private SimulatedNode? Descend(SimulatedNode node, IReadOnlyList<string> names, int from, int count, int links, bool through = false)
    {
        SimulatedNode? at = node;
        for (int i = from; i < count && at is not null; i++)
        {
            at = at.Find(names[i]);
            if ((through || i < count - 1) && at?.File.LinkTarget is { } target)
            {
                return links < MaxLinks && VolumePath.Parse(target, out VolumePath path) == 0
                    ? Walk(path.Volume, [.. path.Names, .. names.Skip(i + 1)], path.Names.Count + count - i - 1, links + 1, through)
                    : null;
            }
        }

        return at;
    }

    private SimulatedLayer? FindVolume(string name) =>
        name.StartsWith("Volume{", StringComparison.OrdinalIgnoreCase)
            && name.EndsWith('}')
            && Guid.TryParse(name["Volume{".Length..^1], out Guid id)
            ? _layers.Values.FirstOrDefault(layer => layer.Activations > 0 && layer.Content.IsScratch && layer.Volume == id)
            : null;

    private SimulatedNode MakeDirectories(string path)
    {
        uint error = VolumePath.Parse(path, out VolumePath parsed);
        if (error != 0 || !string.Equals(parsed.Volume, _root.Name, StringComparison.OrdinalIgnoreCase))
        {
            throw new ArgumentException($@"'{path}' is not a folder on C:\", nameof(path));
        }

        return parsed.Names.Aggregate(
            _root,
            (node, name) => node.Find(name) ?? node.Add(new SimulatedNode(name, LayerDefaults.Standard.Directory())));
    }
}
