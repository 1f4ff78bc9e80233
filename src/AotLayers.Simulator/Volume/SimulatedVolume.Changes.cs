using AotLayers.Formats;

namespace AotLayers.Simulator;

/// <content>What file calls change: which nodes, at what time, and what becomes of a layer that they make.</content>
internal sealed partial class SimulatedVolume
{
    // No clock: the same calls give the same times.
    private const long FirstTime = 132_000_000_000_000_000;

    private readonly Dictionary<string, int> _held = new(StringComparer.OrdinalIgnoreCase);
    private StreamStore? _written;
    private long _now = FirstTime;

    /// <summary>Where file calls write to.</summary>
    /// <exception cref="IOException">The disk that keeps the state cannot hold it.</exception>
    public StreamStore Written => _written ??= State?.NewScratch() ?? new MemoryStore();

    /// <summary>The volume's time: it goes on with each change.</summary>
    public long Now() => ++_now;

    /// <summary>Something in a directory changed.</summary>
    public void Touch(SimulatedNode directory) => directory.File.Info.LastWriteTime = directory.File.Info.ChangeTime = Now();

    /// <summary>Whether file calls may change what is in a directory. Layers change only while they are made.</summary>
    public bool CanChange(SimulatedNode node)
    {
        SimulatedNode top = node;
        while (top.Parent is { } parent)
        {
            top = parent;
        }

        return top == _root || (FindByName(top.Name) is { IsPending: true } layer && layer.Root == top);
    }

    /// <summary>Name of the layer whose folder a node is, also of one that is to become a layer; null for another node.</summary>
    public string? LayerOf(SimulatedNode node) =>
        node.Parent == _home || (node.Parent is null && FindByName(node.Name)?.Root == node) ? node.Name : null;

    /// <summary>A handle to the folder of a layer was opened.</summary>
    public void Hold(string layer) => _held[layer] = _held.GetValueOrDefault(layer) + 1;

    /// <summary>One was closed. With the last one the layer that was made is kept. The lock is held.</summary>
    /// <exception cref="IOException">The disk that keeps the state cannot hold it.</exception>
    public void Release(string name)
    {
        if (--_held[name] > 0)
        {
            return;
        }

        _held.Remove(name);
        if (FindByName(name) is not { IsPending: true } layer)
        {
            return;
        }

        layer.Root.Number(name.ToLowerInvariant());
        if (State is not null)
        {
            using LayerDraft draft = State.NewDraft();
            layer.Folder = State.Keep(draft, layer.Content);
        }

        layer.IsPending = false;
        State?.Save();
    }

    /// <summary>
    /// Takes a folder that was written file by file for the base layer that it is to become. Nothing when it is a layer or is none.
    /// </summary>
    public void Adopt(string path)
    {
        if (FindLayer(path) is null
            && Find(path, out SimulatedNode? node) == 0
            && node!.Parent == _home
            && node.Find(LayerTops.Files) is { File.IsDirectory: true })
        {
            Put(node.Name, new LayerContent(node) { Parents = [], IsUnfinished = true });
        }
    }

    /// <summary>Whether a path is missing in a layer that is being made, and one of its parents has it.</summary>
    public bool IsInherited(string path, out SimulatedNode node, out SimulatedLayer layer, out string name)
    {
        (node, layer, name) = (_root, null!, "");
        if (VolumePath.Parse(path, out VolumePath parsed) != 0)
        {
            return false;
        }

        int at = 0;
        while (at < parsed.Names.Count && FindByName(parsed.Names[at]) is not { IsPending: true })
        {
            at++;
        }

        if (at + 1 >= parsed.Names.Count)
        {
            return false;
        }

        layer = FindByName(parsed.Names[at])!;
        string[] names = [.. parsed.Names.Skip(at + 1)];
        name = string.Join('\\', names);
        if (IsGone(layer, name))
        {
            return false;
        }

        foreach (string parent in layer.Content.Parents ?? [])
        {
            if (FindByName(parent) is not { } ancestor || IsGone(ancestor, name))
            {
                return false;
            }

            if (Descend(ancestor.Root, names, 0, names.Length, MaxLinks) is { } found)
            {
                node = found;
                return true;
            }
        }

        return false;
    }

    private static bool IsGone(SimulatedLayer layer, string name) => layer.Content.Tombstones.Any(gone =>
        string.Equals(gone, name, StringComparison.OrdinalIgnoreCase) || WindowsPath.IsBelow(name, gone));

    private bool IsHeld(string layer) => _held.ContainsKey(layer);
}
