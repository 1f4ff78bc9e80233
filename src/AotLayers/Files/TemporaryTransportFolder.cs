using System.Globalization;
using System.Runtime.InteropServices;
using AotLayers.Formats;
using AotLayers.Hcs;
using static AotLayers.Win32Constants;

namespace AotLayers;

/// <summary>
/// A folder <c>hcs&lt;number&gt;</c> in the user's temporary folder, for ExportLayer to write to. The number comes from the performance
/// counter through the recorded calls, so that a replay makes the same name (docs/windows/reading-a-layer.md#temporary-folder).
/// </summary>
internal sealed class TemporaryTransportFolder
{
    private const int Attempts = 100;

    /// <summary>A problem of removing is a warning, which names the path and not the layer.</summary>
    private static readonly LayerErrorContext s_nowhere = new();

    private readonly IKernel32 _kernel32;
    private readonly LayerErrorContext _context;
    private bool _removed;

    private TemporaryTransportFolder(IKernel32 kernel32, string path, LayerErrorContext context)
    {
        _kernel32 = kernel32;
        _context = context;
        Path = path;
    }

    /// <summary>The folder's path, as GetTempPathW spells the temporary folder.</summary>
    public string Path { get; }

    /// <summary>Creates an empty folder that was not there before.</summary>
    public static TemporaryTransportFolder Create(IKernel32 kernel32, LayerErrorContext context)
    {
        ushort[] buffer = new ushort[MaxPath];
        uint length = kernel32.GetTempPathW(MaxPath, buffer);
        if (length is 0 or >= MaxPath)
        {
            throw Win32Error.Of("GetTempPathW", null, context);
        }

        string parent = new string(MemoryMarshal.Cast<ushort, char>(buffer.AsSpan(0, (int)length))).TrimEnd('\\');
        for (int attempt = 1; ; attempt++)
        {
            if (kernel32.QueryPerformanceCounter(out long count) == 0)
            {
                throw Win32Error.Of("QueryPerformanceCounter", null, context);
            }

            string path = string.Create(CultureInfo.InvariantCulture, $@"{parent}\hcs{(ulong)count}");
            if (kernel32.CreateDirectoryW(path, 0) != 0)
            {
                return new TemporaryTransportFolder(kernel32, path, context);
            }

            uint error = Win32Error.Last;
            if (error != AlreadyExists || attempt == Attempts)
            {
                throw Win32Error.Of("CreateDirectoryW", error, path, context);
            }
        }
    }

    /// <summary>
    /// Removes the folder with all below it. Reparse points are removed, never followed; the read-only attribute is taken off. Goes on
    /// after a failure, to leave as little as possible.
    /// </summary>
    /// <returns>What could not be removed first, and why; null when all is gone.</returns>
    public string? Remove()
    {
        if (_removed)
        {
            return null;
        }

        _removed = true;
        string root = LongPath.Absolute(_kernel32, Path, _context);
        string? problem = null;
        var directories = new Stack<(string Path, bool Emptied)>();
        directories.Push((root, false));
        while (directories.TryPop(out (string Path, bool Emptied) directory))
        {
            if (directory.Emptied)
            {
                Check(_kernel32.RemoveDirectoryW(directory.Path), "RemoveDirectoryW", directory.Path, ref problem);
                continue;
            }

            directories.Push((directory.Path, true));
            foreach ((string name, uint attributes, _) in List(directory.Path, ref problem))
            {
                string path = directory.Path + "\\" + name;
                if ((attributes & WindowsFileAttributes.ReadOnly) != 0)
                {
                    Check(_kernel32.SetFileAttributesW(path, WindowsFileAttributes.Normal), "SetFileAttributesW", path, ref problem);
                }

                if ((attributes & WindowsFileAttributes.Directory) == 0)
                {
                    Check(_kernel32.DeleteFileW(path), "DeleteFileW", path, ref problem);
                }
                else if ((attributes & WindowsFileAttributes.ReparsePoint) != 0)
                {
                    Check(_kernel32.RemoveDirectoryW(path), "RemoveDirectoryW", path, ref problem);
                }
                else
                {
                    directories.Push((path, false));
                }
            }
        }

        return problem;
    }

    /// <summary>What a directory holds; nothing, and a problem, when it cannot be listed to its end.</summary>
    private List<LayerFolderItem> List(string directory, ref string? problem)
    {
        try
        {
            return Win32Listing.Read(_kernel32, directory, s_nowhere);
        }
        catch (LayerException e)
        {
            problem ??= e.Message;
            return [];
        }
    }

    private static void Check(int succeeded, string call, string path, ref string? problem)
    {
        if (succeeded == 0)
        {
            problem ??= Win32Error.Of(call, path, s_nowhere).Message;
        }
    }
}
