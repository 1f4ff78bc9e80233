using AotLayers.Formats;
using AotLayers.Hcs;

namespace AotLayers;

/// <summary>
/// Removes files and whole directories. Reparse points are removed, never followed; the read-only attribute is taken off. Goes on after a
/// failure, to leave as little as possible.
/// </summary>
internal sealed class Win32Tree
{
    private readonly IKernel32 _kernel32;
    private readonly LayerErrorContext _place;
    private LayerException? _problem;

    private Win32Tree(IKernel32 kernel32, LayerErrorContext place) => (_kernel32, _place) = (kernel32, place);

    /// <summary>Removes a directory with all below it.</summary>
    /// <param name="kernel32">The calls.</param>
    /// <param name="path">The directory, in its long form.</param>
    /// <param name="place">For errors.</param>
    /// <param name="keepTop">Leaves the directory itself, empty.</param>
    /// <returns>What failed first; null when all is gone.</returns>
    public static LayerException? Remove(IKernel32 kernel32, string path, LayerErrorContext place, bool keepTop = false)
    {
        var tree = new Win32Tree(kernel32, place);
        tree.RemoveBelow(path, keepTop);
        return tree._problem;
    }

    /// <summary>Removes one file, link or empty directory.</summary>
    /// <param name="kernel32">The calls.</param>
    /// <param name="path">What, in its long form.</param>
    /// <param name="attributes">Its attributes.</param>
    /// <param name="place">For errors.</param>
    /// <exception cref="LayerException">A call failed.</exception>
    public static void RemoveOne(IKernel32 kernel32, string path, uint attributes, LayerErrorContext place)
    {
        var tree = new Win32Tree(kernel32, place);
        tree.RemoveEntry(path, attributes);
        if (tree._problem is { } problem)
        {
            throw problem;
        }
    }

    private void RemoveBelow(string root, bool keepTop)
    {
        var directories = new Stack<(string Path, bool Emptied)>();
        directories.Push((root, false));
        while (directories.TryPop(out (string Path, bool Emptied) directory))
        {
            if (directory.Emptied)
            {
                if (!keepTop || directory.Path != root)
                {
                    Check(_kernel32.RemoveDirectoryW(directory.Path), "RemoveDirectoryW", directory.Path);
                }

                continue;
            }

            directories.Push((directory.Path, true));
            foreach (LayerFolderItem item in List(directory.Path))
            {
                string path = directory.Path + "\\" + item.Name;
                if (item.IsRealDirectory)
                {
                    MakeWritable(path, item.Attributes);
                    directories.Push((path, false));
                }
                else
                {
                    RemoveEntry(path, item.Attributes);
                }
            }
        }
    }

    private void RemoveEntry(string path, uint attributes)
    {
        MakeWritable(path, attributes);
        bool directory = (attributes & WindowsFileAttributes.Directory) != 0;
        Check(
            directory ? _kernel32.RemoveDirectoryW(path) : _kernel32.DeleteFileW(path),
            directory ? "RemoveDirectoryW" : "DeleteFileW",
            path);
    }

    private void MakeWritable(string path, uint attributes)
    {
        if ((attributes & WindowsFileAttributes.ReadOnly) != 0)
        {
            Check(_kernel32.SetFileAttributesW(path, WindowsFileAttributes.Normal), "SetFileAttributesW", path);
        }
    }

    /// <summary>What a directory holds; nothing, and a problem, when it cannot be listed to its end.</summary>
    private List<LayerFolderItem> List(string directory)
    {
        try
        {
            return Win32Listing.Read(_kernel32, directory, _place);
        }
        catch (LayerException e)
        {
            _problem ??= e;
            return [];
        }
    }

    private void Check(int succeeded, string call, string path)
    {
        if (succeeded == 0)
        {
            _problem ??= Win32Error.Of(call, path, _place);
        }
    }
}
