using System.Globalization;
using System.Text;
using AotLayers.Formats;

namespace AotLayers;

/// <summary>
/// The folder that a layer is extracted to. Every name is taken apart and looked up part by part: nothing is ever written through a
/// symbolic link, whoever made it, and names that differ only in case are one, as on Windows.
/// </summary>
internal sealed class ExtractFolder
{
    private readonly string _root;

    /// <summary>Where entries are, by name: files, links and directories.</summary>
    private readonly Dictionary<string, string> _paths = new(NtfsNameComparer.Instance);

    /// <param name="root">The folder; made where it is missing.</param>
    public ExtractFolder(string root)
    {
        root = Path.GetFullPath(root);
        Directory.CreateDirectory(root);

        // Without it, Windows takes "aux.txt" for a device and cuts dots off the end.
        _root = OperatingSystem.IsWindows() && !root.StartsWith(@"\\", StringComparison.Ordinal) ? @"\\?\" + root : root;
    }

    /// <summary>Where an entry is; null when it was not extracted.</summary>
    public string? Find(string name) => _paths.GetValueOrDefault(name);

    /// <summary>Path of an entry relative to the folder, with slashes.</summary>
    public string Relative(string path) => Path.GetRelativePath(_root, path).Replace(Path.DirectorySeparatorChar, '/');

    /// <summary>Finds the place of a new entry that is no directory, and makes the directories above it.</summary>
    /// <param name="name">Name of the entry.</param>
    /// <param name="existing">What to do with what is there.</param>
    /// <param name="path">Where to create it; free now. Null when <paramref name="problem"/> says why not, and when it is to be
    /// skipped.</param>
    /// <param name="problem">What is wrong.</param>
    public void Prepare(string name, ExistingFiles existing, out string? path, out string? problem)
    {
        path = null;
        if (!WindowsPath.IsSafeRelative(name, out problem))
        {
            return;
        }

        if (_paths.ContainsKey(name))
        {
            problem = "the layer has two entries of this name, which differ only in case if at all";
            return;
        }

        if (ResolveDirectory(WindowsPath.DirectoryName(name), out problem) is not { } directory)
        {
            return;
        }

        string place = Path.Combine(directory, FileName(WindowsPath.BaseName(name)));
        var item = new FileInfo(place);
        if (Directory.Exists(place) && item.LinkTarget is null)
        {
            problem = "a directory is in its place";
        }
        else if (item.Exists || item.LinkTarget is not null)
        {
            if (existing == ExistingFiles.Fail)
            {
                problem = "a file is in its place";
            }
            else if (existing == ExistingFiles.Replace)
            {
                // Of a link, the link itself.
                File.Delete(place);
                path = place;
            }
        }
        else
        {
            path = place;
        }
    }

    /// <summary>Where an entry belongs, whether it is there or not; null where its directory cannot be.</summary>
    public string? PlaceOf(string name) => ResolveDirectory(WindowsPath.DirectoryName(name), out _) is { } directory
        ? Path.Combine(directory, FileName(WindowsPath.BaseName(name)))
        : null;

    /// <summary>Notes where an entry is.</summary>
    public void Add(string name, string path) => _paths[name] = path;

    /// <summary>Makes a directory and those above it, or finds them.</summary>
    /// <param name="name">Name of the directory entry; empty for the folder itself.</param>
    /// <param name="problem">What is wrong, when the result is null.</param>
    public string? ResolveDirectory(string name, out string? problem)
    {
        problem = null;
        if (name.Length == 0)
        {
            return _root;
        }

        if (_paths.TryGetValue(name, out string? known))
        {
            problem = Directory.Exists(known) ? null : "an entry of this name that is no directory came before";
            return problem is null ? known : null;
        }

        if (!WindowsPath.IsSafeRelative(name, out problem)
            || ResolveDirectory(WindowsPath.DirectoryName(name), out problem) is not { } parent)
        {
            return null;
        }

        string path = Path.Combine(parent, FileName(WindowsPath.BaseName(name)));
        var item = new DirectoryInfo(path);
        if (item.LinkTarget is not null)
        {
            problem = $"{path} is a symbolic link, which is not followed";
            return null;
        }

        if (!item.Exists)
        {
            if (File.Exists(path))
            {
                problem = $"{path} is a file";
                return null;
            }

            item.Create();
        }

        _paths.Add(name, path);
        return path;
    }

    /// <summary>
    /// A part of a name as a file's name here: a lone surrogate, which is no UTF-8, becomes <c>%uD800</c>. Everything else is as it is.
    /// </summary>
    internal static string FileName(string part)
    {
        StringBuilder? text = null;
        for (int i = 0; i < part.Length; i++)
        {
            bool pair = char.IsHighSurrogate(part[i]) && i + 1 < part.Length && char.IsLowSurrogate(part[i + 1]);
            if (!OperatingSystem.IsWindows() && char.IsSurrogate(part[i]) && !pair)
            {
                text ??= new StringBuilder(part, 0, i, part.Length + 8);
                text.Append(CultureInfo.InvariantCulture, $"%u{(int)part[i]:X4}");
                continue;
            }

            text?.Append(part, i, pair ? 2 : 1);
            i += pair ? 1 : 0;
        }

        return text?.ToString() ?? part;
    }
}
