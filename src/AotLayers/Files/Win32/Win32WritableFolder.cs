using AotLayers.Formats;
using AotLayers.Hcs;
using static AotLayers.Win32Constants;

namespace AotLayers;

/// <summary>
/// A folder that entries of a layer are written into. Names are relative to it, and each is looked up part by part: what lies on the way
/// has to be a directory and no link, so that nothing is ever written, linked or removed outside
/// (docs/formats/import-rules.md#safe-file-access).
/// </summary>
internal sealed class Win32WritableFolder
{
    private readonly LayerErrorContext _context;
    private readonly HashSet<string> _directories = new(StringComparer.OrdinalIgnoreCase);

    /// <param name="kernel32">The calls.</param>
    /// <param name="root">The folder, in its long form.</param>
    /// <param name="context">For errors.</param>
    public Win32WritableFolder(IKernel32 kernel32, string root, LayerErrorContext context) =>
        (Kernel32, Root, _context) = (kernel32, root.TrimEnd('\\'), context);

    /// <summary>The calls.</summary>
    public IKernel32 Kernel32 { get; }

    /// <summary>The folder's path, long, without a separator at its end.</summary>
    public string Root { get; }

    /// <summary>Attributes of an entry; null when there is none.</summary>
    public uint? Attributes(string name)
    {
        CheckParents(name);
        return Look(name);
    }

    /// <summary>Creates a directory.</summary>
    public void CreateDirectory(string name)
    {
        string path = SafePath(name);
        Win32Error.Check(Kernel32.CreateDirectoryW(path, 0), "CreateDirectoryW", path, At(name));
    }

    /// <summary>Creates a file for a whole backup stream.</summary>
    public Win32File CreateForRestore(string name) => Win32File.CreateForRestore(Kernel32, SafePath(name), At(name));

    /// <summary>Opens a directory for a whole backup stream.</summary>
    public Win32File OpenForRestore(string name) => Win32File.OpenForRestore(Kernel32, SafePath(name), At(name));

    /// <summary>Creates a file for its content.</summary>
    public Win32File CreateForContent(string name) => Win32File.CreateForContent(Kernel32, SafePath(name), At(name));

    /// <summary>Sets times and attributes of what is there.</summary>
    public void SetInfo(string name, in LayerFileInfo info)
    {
        using var file = Win32File.OpenForInfo(Kernel32, SafePath(name), At(name));
        file.SetInfo(info);
        file.Close();
    }

    /// <summary>Removes one file, link or empty directory.</summary>
    /// <returns>False when there was none.</returns>
    public bool RemoveOne(string name)
    {
        if (!HasParents(name, out _) || Look(name) is not { } attributes)
        {
            return false;
        }

        Win32Tree.RemoveOne(Kernel32, PathOf(name), attributes, At(name));
        Forget(name);
        return true;
    }

    /// <summary>Removes an entry, with all below it where it is a directory.</summary>
    /// <returns>False when there was none.</returns>
    public bool RemoveTree(string name)
    {
        if (Attributes(name) is not { } attributes)
        {
            return false;
        }

        Forget(name);
        if (!IsRealDirectory(attributes))
        {
            Win32Tree.RemoveOne(Kernel32, PathOf(name), attributes, At(name));
        }
        else if (Win32Tree.Remove(Kernel32, PathOf(name), At(name)) is { } problem)
        {
            throw problem;
        }

        return true;
    }

    /// <summary>Gives a file of this or another folder one more name here. Its times stay as they are: a link alone changes one.</summary>
    public void Link(string name, Win32WritableFolder from, string target)
    {
        string path = SafePath(name);
        string existing = from.SafePath(target);
        using var file = Win32File.OpenForInfo(Kernel32, existing, At(name));
        LayerFileInfo info = file.GetInfo();
        Win32Error.Check(Kernel32.CreateHardLinkW(path, existing, 0), "CreateHardLinkW", path, At(name));
        file.SetInfo(info with { FileAttributes = 0 });
        file.Close();
    }

    /// <summary>Whether there is an entry of that name.</summary>
    public bool Has(string name) => HasParents(name, out _) && Look(name) is not null;

    /// <summary>What a directory holds.</summary>
    public List<LayerFolderItem> List(string name)
    {
        List<LayerFolderItem> items = Win32Listing.Read(Kernel32, SafePath(name), At(name));
        items.Sort(static (x, y) => Utf8OrdinalComparer.Instance.Compare(x.Name, y.Name));
        return items;
    }

    /// <summary>The path of an entry, all parts before its name looked at.</summary>
    public string SafePath(string name)
    {
        CheckParents(name);
        return PathOf(name);
    }

    private void CheckParents(string name)
    {
        if (!HasParents(name, out string missing))
        {
            throw Win32Error.Of("GetFileAttributesW", PathNotFound, PathOf(missing), At(name));
        }
    }

    /// <summary>Whether all that lies on the way to a name is there.</summary>
    /// <exception cref="LayerException">A part of it is no directory, or a link.</exception>
    private bool HasParents(string name, out string missing)
    {
        missing = "";
        for (int end = name.IndexOf('\\'); end >= 0; end = name.IndexOf('\\', end + 1))
        {
            string parent = name[..end];
            if (_directories.Contains(parent))
            {
                continue;
            }

            if (Look(parent) is not { } attributes)
            {
                missing = parent;
                return false;
            }

            if (!IsRealDirectory(attributes))
            {
                throw new LayerException($"it lies below '{parent}', which is a file or a link", At(name));
            }

            _directories.Add(parent);
        }

        return true;
    }

    private uint? Look(string name)
    {
        string path = PathOf(name);
        uint attributes = Kernel32.GetFileAttributesW(path);
        if (attributes != InvalidAttributes)
        {
            return attributes;
        }

        uint error = Win32Error.Last;
        return error is FileNotFound or PathNotFound ? null : throw Win32Error.Of("GetFileAttributesW", error, path, At(name));
    }

    private void Forget(string name) =>
        _directories.RemoveWhere(known => known.Equals(name, StringComparison.OrdinalIgnoreCase) || WindowsPath.IsBelow(known, name));

    private string PathOf(string name) => Root + "\\" + name;

    private LayerErrorContext At(string name) => _context with { Entry = name };

    private static bool IsRealDirectory(uint attributes) => new LayerFolderItem("", attributes, 0).IsRealDirectory;
}
