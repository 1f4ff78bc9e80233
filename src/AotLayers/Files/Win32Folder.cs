using System.Runtime.InteropServices;
using AotLayers.Formats;
using AotLayers.Hcs;

namespace AotLayers;

/// <summary>A folder read with Win32 calls: native, recorded, replayed or simulated.</summary>
internal sealed class Win32Folder : ILayerFolder
{
    private const uint InvalidAttributes = 0xFFFFFFFF;
    private const uint FileNotFound = 2;
    private const uint PathNotFound = 3;

    private readonly IKernel32 _kernel32;
    private readonly LayerErrorContext _context;

    public Win32Folder(IKernel32 kernel32, string path, LayerErrorContext context)
    {
        _kernel32 = kernel32;
        _context = context;
        Root = LongPath.Absolute(kernel32, path, context);
    }

    public string Root { get; }

    /// <summary>Only the two codes that say so mean that nothing is there: a part of a layer that may not be read is not left out silently.</summary>
    public bool Exists(string name)
    {
        string path = FullPath(name);
        if (_kernel32.GetFileAttributesW(path) != InvalidAttributes)
        {
            return true;
        }

        uint error = (uint)Marshal.GetLastPInvokeError();
        return error is FileNotFound or PathNotFound
            ? false
            : throw HcsException.FromWin32("GetFileAttributesW", error, path, _context with { Entry = name });
    }

    public IReadOnlyList<LayerFolderItem> List(string directory)
    {
        var items = new List<LayerFolderItem>();
        string pattern = FullPath(directory) + @"\*";
        nint find = _kernel32.FindFirstFileW(pattern, out Win32FindData data);
        if (find == -1)
        {
            uint error = (uint)Marshal.GetLastPInvokeError();

            // The root of a volume has no "." and may be empty.
            return error == FileNotFound ? items : throw HcsException.FromWin32("FindFirstFileW", error, pattern, _context with { Entry = directory });
        }

        try
        {
            do
            {
                string name = Name(in data);
                if (name is not ("." or ".."))
                {
                    items.Add(new LayerFolderItem(name, data.FileAttributes, ((long)data.FileSizeHigh << 32) | data.FileSizeLow));
                }
            }
            while (_kernel32.FindNextFileW(find, out data) != 0);

            uint error = (uint)Marshal.GetLastPInvokeError();
            if (error != HResult.NoMoreFiles)
            {
                throw HcsException.FromWin32("FindNextFileW", error, pattern, _context with { Entry = directory });
            }
        }
        finally
        {
            _kernel32.FindClose(find);
        }

        items.Sort(static (x, y) => Utf8OrdinalComparer.Instance.Compare(x.Name, y.Name));
        return items;
    }

    public ILayerFile Open(string name) => Win32File.OpenForBackup(_kernel32, FullPath(name), _context with { Entry = name });

    internal static string Name(in Win32FindData data)
    {
        ReadOnlySpan<char> name = data.FileName;
        int end = name.IndexOf('\0');
        return new string(end < 0 ? name : name[..end]);
    }

    private string FullPath(string name) => name.Length == 0 ? Root.TrimEnd('\\') : Root.TrimEnd('\\') + "\\" + name;
}
