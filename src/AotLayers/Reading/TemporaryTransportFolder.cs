using System.Globalization;
using System.Runtime.InteropServices;
using AotLayers.Formats;
using AotLayers.Hcs;

namespace AotLayers;

/// <summary>
/// A folder <c>hcs&lt;number&gt;</c> in the user's temporary folder, for ExportLayer to write to. The number comes from the performance counter through the
/// recorded calls, so that a replay makes the same name (layers.md 3.3).
/// </summary>
internal sealed class TemporaryTransportFolder
{
    private const int Attempts = 100;
    private const uint AlreadyExists = 183;
    private const uint MaxPath = 32768;

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
            throw HcsException.FromWin32("GetTempPathW", (uint)Marshal.GetLastPInvokeError(), null, context);
        }

        string parent = new string(MemoryMarshal.Cast<ushort, char>(buffer.AsSpan(0, (int)length))).TrimEnd('\\');
        for (int attempt = 1; ; attempt++)
        {
            if (kernel32.QueryPerformanceCounter(out long count) == 0)
            {
                throw HcsException.FromWin32("QueryPerformanceCounter", (uint)Marshal.GetLastPInvokeError(), null, context);
            }

            string path = string.Create(CultureInfo.InvariantCulture, $@"{parent}\hcs{(ulong)count}");
            if (kernel32.CreateDirectoryW(path, 0) != 0)
            {
                return new TemporaryTransportFolder(kernel32, path, context);
            }

            uint error = (uint)Marshal.GetLastPInvokeError();
            if (error != AlreadyExists || attempt == Attempts)
            {
                throw HcsException.FromWin32("CreateDirectoryW", error, path, context);
            }
        }
    }

    /// <summary>
    /// Removes the folder with all below it. Reparse points are removed, never followed; the read-only attribute is taken off. Goes on after a failure,
    /// to leave as little as possible.
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
        while (directories.TryPop(out var directory))
        {
            if (directory.Emptied)
            {
                Check(_kernel32.RemoveDirectoryW(directory.Path), "RemoveDirectoryW", directory.Path, ref problem);
                continue;
            }

            directories.Push((directory.Path, true));
            foreach ((string name, uint attributes) in List(directory.Path, ref problem))
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

    /// <summary>Listed completely before anything is removed: removing while listing may skip entries.</summary>
    private List<(string Name, uint Attributes)> List(string directory, ref string? problem)
    {
        var items = new List<(string, uint)>();
        nint find = _kernel32.FindFirstFileW(directory + @"\*", out Win32FindData data);
        if (find == -1)
        {
            Check(0, "FindFirstFileW", directory, ref problem);
            return items;
        }

        do
        {
            string name = Win32Folder.Name(in data);
            if (name is not ("." or ".."))
            {
                items.Add((name, data.FileAttributes));
            }
        }
        while (_kernel32.FindNextFileW(find, out data) != 0);
        _kernel32.FindClose(find);
        return items;
    }

    private static void Check(int succeeded, string call, string path, ref string? problem)
    {
        if (succeeded == 0)
        {
            problem ??= HcsException.FromWin32(call, (uint)Marshal.GetLastPInvokeError(), path, null).Message;
        }
    }
}
