using AotLayers.Formats;

namespace AotLayers;

/// <summary>
/// What the names of a Linux root are, for its symbolic links: Windows keeps in a link whether it leads to a directory.
/// </summary>
internal sealed class RootfsTree
{
    private const int MaxHops = 40;

    private readonly NameTree _names = new();
    private readonly Dictionary<int, string> _links = [];

    /// <summary>Number of names.</summary>
    public int Count => _names.Count;

    /// <summary>Reads the names of a tar; contents are passed over.</summary>
    public static RootfsTree Read(Stream tar, CancellationToken cancellationToken)
    {
        var tree = new RootfsTree();
        var reader = new TarReader(tar);
        while (reader.GetNextEntry(cancellationToken) is { } header)
        {
            string name = RootfsName.Normalize(header.Name);
            if (name.Length > 0 && !name.Contains('\\', StringComparison.Ordinal))
            {
                tree.Add(name, header);
            }
        }

        return tree;
    }

    /// <summary>Whether a link leads to a directory of the tar.</summary>
    /// <param name="name">Name of the link, with slashes.</param>
    /// <param name="target">Its target as Linux has it.</param>
    public bool LeadsToDirectory(string name, string target)
    {
        var rest = new Stack<string>();
        var path = new List<string>();
        Push(rest, target);
        if (!target.StartsWith('/'))
        {
            path.AddRange(name.Split('/')[..^1]);
        }

        for (int hops = 0; rest.TryPop(out string? part);)
        {
            if (part == "..")
            {
                path.RemoveRange(Math.Max(path.Count - 1, 0), Math.Min(path.Count, 1));
                continue;
            }

            path.Add(part);
            int node = _names.Find(string.Join('\\', path));
            if (node < 0)
            {
                return false;
            }

            if (_links.TryGetValue(node, out string? next))
            {
                if (++hops > MaxHops)
                {
                    return false;
                }

                path.RemoveRange(next.StartsWith('/') ? 0 : path.Count - 1, next.StartsWith('/') ? path.Count : 1);
                Push(rest, next);
            }
        }

        return path.Count == 0 || (_names[_names.Find(string.Join('\\', path))] & NameFlags.Directory) != 0;
    }

    private static void Push(Stack<string> rest, string target)
    {
        string[] parts = target.Split('/');
        for (int i = parts.Length - 1; i >= 0; i--)
        {
            if (parts[i] is not ("" or "."))
            {
                rest.Push(parts[i]);
            }
        }
    }

    private void Add(string name, TarHeader header)
    {
        string path = WindowsPath.FromSlash(name);
        int node = _names.Add(path, out _);
        if (header.TypeFlag == TarTypeFlag.SymbolicLink)
        {
            _links[node] = header.LinkName;
        }
        else if (header.TypeFlag == TarTypeFlag.Directory)
        {
            _names[node] |= NameFlags.Directory;
        }

        // Directories that have no entry of their own are ones all the same.
        for (int parent = _names.ParentOf(node); parent != NameTree.Root; parent = _names.ParentOf(parent))
        {
            _names[parent] |= NameFlags.Directory;
        }
    }
}

/// <summary>Names in tars of Linux.</summary>
internal static class RootfsName
{
    /// <summary>Without what programs put around them: <c>./</c> and slashes.</summary>
    public static string Normalize(string name)
    {
        while (name.StartsWith("./", StringComparison.Ordinal) || name.StartsWith('/'))
        {
            name = name[(name[0] == '/' ? 1 : 2)..];
        }

        name = name.TrimEnd('/');
        return name == "." ? "" : name;
    }

    /// <summary>Why Windows can have no file of a name; null where it can.</summary>
    /// <param name="name">Name with slashes.</param>
    public static string? FindProblem(string name)
    {
        foreach (Range range in name.AsSpan().Split('/'))
        {
            ReadOnlySpan<char> part = name.AsSpan(range);
            WindowsNameProblems problems = WindowsName.Check(part);
            if (problems != 0)
            {
                return $"Windows has no name '{part}': {string.Join("; ", WindowsName.Describe(problems))}";
            }
        }

        return null;
    }
}
