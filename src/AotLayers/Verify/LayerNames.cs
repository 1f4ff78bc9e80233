using AotLayers.Formats;

namespace AotLayers;

/// <summary>The names of a parent layer: what hard links and whiteouts of a layer above it can mean.</summary>
public sealed class LayerNames
{
    private readonly NameTree _names = new();

    private LayerNames()
    {
    }

    /// <summary>Reads the names of a layer; content is passed over.</summary>
    /// <param name="reader">The layer; read to its end and closed.</param>
    /// <exception cref="LayerException">The layer cannot be read.</exception>
    public static LayerNames Read(LayerReader reader)
    {
        ArgumentNullException.ThrowIfNull(reader);
        var names = new LayerNames();
        using (reader)
        {
            while (reader.GetNextEntry() is { } entry)
            {
                names.Add(entry);
                reader.PassOver(entry);
            }
        }

        return names;
    }

    /// <summary>Looks a name up in layers that lie over each other.</summary>
    /// <param name="parents">Nearest first.</param>
    /// <param name="name">Name with backslashes.</param>
    /// <param name="isDirectory">Whether it is a directory.</param>
    /// <returns>Whether it is there and not hidden.</returns>
    internal static bool TryFind(IReadOnlyList<LayerNames> parents, string name, out bool isDirectory)
    {
        foreach (LayerNames parent in parents)
        {
            NameFlags found = parent.Look(name);
            if (found != 0)
            {
                isDirectory = (found & NameFlags.Directory) != 0;
                return (found & NameFlags.Present) != 0;
            }
        }

        isDirectory = false;
        return false;
    }

    private void Add(LayerEntry entry)
    {
        int node = _names.Add(entry.Name, out _);
        bool directory = entry.Info.IsDirectory && !entry.Info.IsReparsePoint;
        _names[node] |= entry.IsTombstone ? NameFlags.Hidden : NameFlags.Present | (directory ? NameFlags.Directory : 0);
    }

    /// <summary>What this layer says of a name: nothing, that it is there, or that it or a directory above it is gone.</summary>
    private NameFlags Look(string name)
    {
        int node = _names.Find(name);
        if (node >= 0 && (_names[node] & (NameFlags.Present | NameFlags.Hidden)) != 0)
        {
            return _names[node];
        }

        for (string above = WindowsPath.DirectoryName(name); above.Length > 0; above = WindowsPath.DirectoryName(above))
        {
            node = _names.Find(above);
            if (node >= 0 && (_names[node] & NameFlags.Hidden) != 0)
            {
                return NameFlags.Hidden;
            }
        }

        return NameFlags.None;
    }
}
