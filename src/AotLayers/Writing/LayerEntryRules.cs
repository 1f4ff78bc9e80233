using System.Buffers;
using AotLayers.Formats;

namespace AotLayers;

/// <summary>
/// Which entries may become part of a layer (docs/formats/import-rules.md#safe-file-access). A hostile archive can name anything; what is
/// let through here lies in the layer, in a directory that came before, and does not mean the same file as another entry on a file system
/// that ignores case. Names of devices and names that end with a dot or a space are names like others: they are only written by paths
/// that Windows takes as they are.
/// </summary>
internal sealed class LayerEntryRules
{
    private const int MaxPartLength = 255;
    private static readonly SearchValues<char> s_forbidden = SearchValues.Create("<>\"|?*");

    private readonly Dictionary<string, bool> _entries = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Checks an entry and remembers it.</summary>
    /// <param name="name">Its name, with backslashes.</param>
    /// <param name="info">Times and attributes.</param>
    /// <exception cref="LayerFormatException">It cannot become part of the layer.</exception>
    public void Add(string name, in LayerFileInfo info)
    {
        CheckName(name);
        CheckParent(name);
        if (!_entries.TryAdd(name, info.IsDirectory && !info.IsReparsePoint))
        {
            string other = _entries.Keys.First(key => key.Equals(name, StringComparison.OrdinalIgnoreCase));
            throw new LayerFormatException(
                other == name
                    ? "the name comes twice"
                    : $"Windows does not tell the name from '{other}', which came before: they differ only in case", name);
        }
    }

    /// <summary>An entry turned out to be a link, whatever its attributes said: nothing may lie below it.</summary>
    public void MarkLink(string name) => _entries[name] = false;

    /// <summary>Whether this layer has an entry of that name.</summary>
    public bool Contains(string name) => _entries.ContainsKey(name);

    /// <summary>Checks a hard link and remembers it.</summary>
    public void AddLink(string name, string target)
    {
        CheckName(target);
        if (_entries.TryGetValue(target, out bool directory) && directory)
        {
            throw new LayerFormatException($"a hard link to the directory '{target}'", name);
        }

        Add(name, default);
    }

    /// <summary>Checks a tombstone. What it hides is in a parent layer; the directory that it was in may be so, too.</summary>
    public void AddTombstone(string name)
    {
        CheckName(name);
        if (!WindowsPath.IsBelow(name, "Files") && !WindowsPath.IsBelow(name, @"UtilityVM\Files"))
        {
            throw new LayerFormatException("a tombstone outside of Files", name);
        }

        if (_entries.ContainsKey(name))
        {
            throw new LayerFormatException("a tombstone of something that is in this layer", name);
        }
    }

    private static void CheckName(string name)
    {
        if (!WindowsPath.IsSafeRelative(name, out string? problem))
        {
            throw new LayerFormatException(problem!, name);
        }

        foreach (Range range in name.AsSpan().Split('\\'))
        {
            ReadOnlySpan<char> part = name.AsSpan(range);
            if (part.Length > MaxPartLength)
            {
                throw new LayerFormatException($"a part of the name is longer than {MaxPartLength} characters", name);
            }

            if (part.ContainsAny(s_forbidden) || part.ContainsAnyInRange('\0', '\u001f'))
            {
                throw new LayerFormatException("the name holds a character that no Windows file system has a place for", name);
            }
        }
    }

    /// <summary>An entry below a link would be written to where the link leads.</summary>
    private void CheckParent(string name)
    {
        string parent = WindowsPath.DirectoryName(name);
        if (parent.Length == 0)
        {
            return;
        }

        if (!_entries.TryGetValue(parent, out bool directory))
        {
            throw new LayerFormatException($"its directory '{parent}' does not come before it", name);
        }

        if (!directory)
        {
            throw new LayerFormatException($"it lies below '{parent}', which is a file or a link", name);
        }
    }
}
