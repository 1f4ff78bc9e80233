using AotLayers.Formats;

namespace AotLayers;

/// <summary>Which entries of a chain of layers are left when all lie above each other, and under which names.</summary>
internal sealed class MergePlan
{
    private const string NotSeen = "";
    private const int MaxHops = 16;

    private readonly Names[] _layers;
    private readonly HashSet<string> _taken = new(NtfsNameComparer.Instance);
    private readonly HashSet<string> _closed = new(NtfsNameComparer.Instance);
    private Names _current = new();
    private int _layer;

    public MergePlan(int layers) => _layers = new Names[layers];

    /// <summary>Name of an entry in the chain; null when it is not seen.</summary>
    /// <param name="layer">The layer: 0 is the base.</param>
    /// <param name="ordinal">Which of the layer's entries.</param>
    public string? NameOf(int layer, int ordinal)
    {
        string name = _layers[layer].Shown[ordinal];
        return name.Length == 0 ? null : name;
    }

    /// <summary>What a hard link that is seen leads to, as it is called in the chain.</summary>
    public string? TargetOf(int layer, int ordinal) => _layers[layer].Targets.GetValueOrDefault(ordinal);

    /// <summary>Begins a layer. They come from the top down.</summary>
    public void Begin(int layer)
    {
        _layer = layer;
        _layers[layer] = _current = new Names();
    }

    /// <summary>Adds the next entry of the layer.</summary>
    public void Add(LayerEntry entry)
    {
        int ordinal = _current.Shown.Count;
        if (entry.IsTombstone)
        {
            _current.Shown.Add(NotSeen);
            _current.Tombstones.Add(entry.Name);
            return;
        }

        // In a layer that has a name twice, the later entry counts.
        if (_current.Ordinals.TryGetValue(entry.Name, out int earlier))
        {
            _current.Shown[earlier] = NotSeen;
        }

        _current.Ordinals[entry.Name] = ordinal;
        _current.Shown.Add(_taken.Contains(entry.Name) || IsBelowClosed(entry.Name) ? NotSeen : entry.Name);
        if (entry.HardLinkTarget is { } target)
        {
            _current.Targets.Add(ordinal, target);
        }

        if (!entry.Info.IsDirectory || entry.Info.IsReparsePoint)
        {
            _current.Closed.Add(entry.Name);
        }
    }

    /// <summary>Ends the layer: what it has hides what is below it.</summary>
    public void End()
    {
        foreach (KeyValuePair<string, int> name in _current.Ordinals)
        {
            _taken.Add(name.Key);
        }

        foreach (string name in _current.Tombstones)
        {
            _taken.Add(name);
            _closed.Add(name);
        }

        foreach (string name in _current.Closed)
        {
            _closed.Add(name);
        }
    }

    /// <summary>
    /// After the last layer: hard links get the name that their target has in the chain. Where it has none, the link takes over its
    /// content.
    /// </summary>
    public void ResolveLinks()
    {
        for (_layer = 0; _layer < _layers.Length; _layer++)
        {
            Names layer = _layers[_layer];
            foreach (int ordinal in layer.Targets.Keys.ToArray())
            {
                if (layer.Shown[ordinal].Length > 0)
                {
                    Resolve(layer, ordinal);
                }
            }
        }
    }

    private void Resolve(Names layer, int ordinal)
    {
        string target = layer.Targets[ordinal];
        int hops = 0;
        for (int below = _layer; below >= 0 && hops < MaxHops;)
        {
            Names names = _layers[below];
            if (!names.Ordinals.TryGetValue(target, out int found) || (below == _layer && found == ordinal))
            {
                below--;
            }
            else if (names.Shown[found].Length > 0)
            {
                layer.Targets[ordinal] = names.Shown[found];
                return;
            }
            else if (names.Targets.TryGetValue(found, out string? next))
            {
                // A link that is not seen: what that one leads to.
                target = next;
                hops++;
            }
            else
            {
                names.Shown[found] = layer.Shown[ordinal];
                layer.Shown[ordinal] = NotSeen;
                return;
            }
        }
    }

    private bool IsBelowClosed(string name)
    {
        HashSet<string>.AlternateLookup<ReadOnlySpan<char>> closed = _closed.GetAlternateLookup<ReadOnlySpan<char>>();
        for (int at = name.LastIndexOf('\\'); at > 0; at = name.LastIndexOf('\\', at - 1))
        {
            if (closed.Contains(name.AsSpan(0, at)))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>What is known of one layer.</summary>
    private sealed class Names
    {
        /// <summary>Per entry its name in the chain, empty when it is not seen.</summary>
        public List<string> Shown { get; } = [];

        public Dictionary<string, int> Ordinals { get; } = new(NtfsNameComparer.Instance);

        public Dictionary<int, string> Targets { get; } = [];

        public List<string> Tombstones { get; } = [];

        /// <summary>Names below which nothing of the layers below is seen: files and reparse points.</summary>
        public List<string> Closed { get; } = [];
    }
}
