using AotLayers.Formats;
using AotLayers.Hcs;
using static AotLayers.Win32Constants;

namespace AotLayers;

/// <summary>A folder read with Win32 calls: native, recorded, replayed or simulated.</summary>
internal sealed class Win32Folder : ILayerFolder
{
    private readonly IKernel32 _kernel32;
    private readonly LayerErrorContext _context;

    public Win32Folder(IKernel32 kernel32, string path, LayerErrorContext context)
    {
        _kernel32 = kernel32;
        _context = context;
        Root = LongPath.Absolute(kernel32, path, context);
    }

    public string Root { get; }

    /// <summary>
    /// Only the two codes that say so mean that nothing is there: a part of a layer that may not be read is not left out silently.
    /// </summary>
    public bool Exists(string name)
    {
        string path = FullPath(name);
        if (_kernel32.GetFileAttributesW(path) != InvalidAttributes)
        {
            return true;
        }

        uint error = Win32Error.Last;
        return error is FileNotFound or PathNotFound
            ? false
            : throw Win32Error.Of("GetFileAttributesW", error, path, _context with { Entry = name });
    }

    public IReadOnlyList<LayerFolderItem> List(string directory)
    {
        List<LayerFolderItem> items = Win32Listing.Read(_kernel32, FullPath(directory), _context with { Entry = directory });
        items.Sort(static (x, y) => Utf8OrdinalComparer.Instance.Compare(x.Name, y.Name));
        return items;
    }

    public ILayerFile Open(string name) => Win32File.OpenForBackup(_kernel32, FullPath(name), _context with { Entry = name });

    private string FullPath(string name) => name.Length == 0 ? Root.TrimEnd('\\') : Root.TrimEnd('\\') + "\\" + name;
}
