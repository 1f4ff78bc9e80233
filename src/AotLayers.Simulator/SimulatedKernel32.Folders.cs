using System.Runtime.InteropServices;
using AotLayers.Formats;
using AotLayers.Hcs;

namespace AotLayers.Simulator;

/// <content>Listings, attributes, folders and paths.</content>
public sealed partial class SimulatedKernel32
{
    private readonly Dictionary<nint, Queue<Win32FindData>> _listings = [];

    /// <inheritdoc/>
    public nint FindFirstFileW(string pattern, out Win32FindData data)
    {
        ArgumentNullException.ThrowIfNull(pattern);
        using (_lock.EnterFiles())
        {
            data = default;
            uint error = pattern.EndsWith(@"\*", StringComparison.Ordinal)
                ? ListDirectory(pattern[..^2], out Queue<Win32FindData>? found)
                : ListOne(pattern, out found);
            if (error != 0)
            {
                return Fail(error, InvalidHandle);
            }

            data = found.Dequeue();
            _lastHandle += 4;
            _listings.Add(_lastHandle, found);
            return Succeed(_lastHandle);
        }
    }

    /// <inheritdoc/>
    public int FindNextFileW(nint find, out Win32FindData data)
    {
        using (_lock.EnterHandle())
        {
            data = default;
            return !_listings.TryGetValue(find, out Queue<Win32FindData>? listing) ? Fail(Win32Error.InvalidHandle)
                : listing.TryDequeue(out data) ? Succeed(1)
                : Fail(Win32Error.NoMoreFiles);
        }
    }

    /// <inheritdoc/>
    public int FindClose(nint find)
    {
        using (_lock.EnterHandle())
        {
            return _listings.Remove(find) ? Succeed(1) : Fail(Win32Error.InvalidHandle);
        }
    }

    /// <inheritdoc/>
    public uint GetFileAttributesW(string fileName)
    {
        using (_lock.EnterFiles())
        {
            uint error = _volume.Find(fileName, out SimulatedNode? node);
            return error == 0 ? Succeed(node!.File.Info.FileAttributes)
                : _volume.IsInherited(fileName, out SimulatedNode inherited, out _, out _) ? Succeed(inherited.File.Info.FileAttributes)
                : Fail(error, uint.MaxValue);
        }
    }

    /// <inheritdoc/>
    public int SetFileAttributesW(string fileName, uint attributes)
    {
        using (_lock.EnterFiles())
        {
            uint error = _volume.Find(fileName, out SimulatedNode? node);
            if (error != 0)
            {
                return Fail(error);
            }

            SetAttributes(node!.File, attributes);
            return Succeed(1);
        }
    }

    /// <inheritdoc/>
    public uint GetTempPathW(uint length, Span<ushort> buffer)
    {
        return CopyPath(_options.TempFolder.TrimEnd('\\') + @"\", length, buffer);
    }

    /// <inheritdoc/>
    /// <remarks>The current directory is the home of the layers.</remarks>
    public uint GetFullPathNameW(string fileName, uint length, Span<ushort> buffer, nint filePart)
    {
        ArgumentNullException.ThrowIfNull(fileName);
        bool rooted = fileName.StartsWith('\\') || fileName.StartsWith('/') || (fileName.Length >= 2 && fileName[1] == ':');
        uint error = VolumePath.Parse(rooted ? fileName : $@"{_options.Home.TrimEnd('\\')}\{fileName}", out VolumePath path);
        return error != 0 ? Fail(error, 0u) : CopyPath($@"{path.Volume}\{string.Join('\\', path.Names)}", length, buffer);
    }

    /// <inheritdoc/>
    public int CreateDirectoryW(string path, nint securityAttributes)
    {
        using (_lock.EnterFiles())
        {
            uint error = _volume.FindParent(path, out SimulatedNode? parent, out string name);
            if (error == 0 && !_volume.CanChange(parent!))
            {
                error = Win32Error.AccessDenied;
            }

            if (error != 0)
            {
                return Fail(error);
            }

            SimulatedFile directory = LayerDefaults.Standard.Directory(_volume.Now());
            directory.Id = SimulatedNode.FileId(path.ToLowerInvariant());
            parent!.Add(new SimulatedNode(name, directory));
            _volume.Touch(parent);
            return Succeed(1);
        }
    }

    /// <inheritdoc/>
    public int RemoveDirectoryW(string path) => Remove(path, directory: true);

    /// <inheritdoc/>
    public int DeleteFileW(string path) => Remove(path, directory: false);

    private int Remove(string path, bool directory)
    {
        using (_lock.EnterFiles(directory ? nameof(RemoveDirectoryW) : nameof(DeleteFileW)))
        {
            uint error = _volume.Find(path, out SimulatedNode? node);
            if (error != 0 && _volume.IsInherited(path, out SimulatedNode inherited, out SimulatedLayer layer, out string hidden))
            {
                // What Windows shows of a parent in a layer that is made is removed as if it were there.
                error = WrongKind(inherited.File, directory);
                if (error == 0)
                {
                    layer.AddTombstone(hidden);
                }

                return error == 0 ? Succeed(1) : Fail(error);
            }

            if (error == 0)
            {
                error = WrongKind(node!.File, directory);
            }

            if (error == 0)
            {
                error = node!.Parent is null || !_volume.CanChange(node)
                        || (node.File.Info.FileAttributes & WindowsFileAttributes.ReadOnly) != 0 ? Win32Error.AccessDenied
                    : node.File.OpenHandles > 0 ? Win32Error.SharingViolation
                    : node.HasChildren ? Win32Error.DirectoryNotEmpty
                    : 0;
            }

            if (error != 0)
            {
                return Fail(error);
            }

            SimulatedNode parent = node!.Parent!;
            parent.Remove(node);
            node.File.Links--;
            _volume.Touch(parent);
            return Succeed(1);
        }
    }

    private static uint WrongKind(SimulatedFile file, bool directory) =>
        file.IsDirectory == directory ? 0 : directory ? Win32Error.DirectoryName : Win32Error.AccessDenied;

    private uint ListDirectory(string path, out Queue<Win32FindData> found)
    {
        found = new Queue<Win32FindData>();
        uint error = _volume.Find(path, out SimulatedNode? node);
        if (error != 0)
        {
            return Win32Error.PathNotFound;
        }

        if (!node!.File.IsDirectory)
        {
            return Win32Error.DirectoryName;
        }

        if (node.File.Reparse is not null)
        {
            // Links are not followed here: a walk that descends into one leaves its tree.
            return Win32Error.CannotResolveFileName;
        }

        found.Enqueue(FindData(".", node.File));
        found.Enqueue(FindData("..", (node.Parent ?? node).File));
        foreach (SimulatedNode child in node.Listing)
        {
            found.Enqueue(FindData(child.Name, child.File));
        }

        return 0;
    }

    private uint ListOne(string path, out Queue<Win32FindData> found)
    {
        found = new Queue<Win32FindData>();
        uint error = _volume.Find(path, out SimulatedNode? node);
        if (error == 0)
        {
            found.Enqueue(FindData(node!.Name, node.File));
        }

        return error;
    }

    private static Win32FindData FindData(string name, SimulatedFile file)
    {
        var data = new Win32FindData
        {
            FileAttributes = file.Info.FileAttributes,
            CreationTimeLow = (uint)file.Info.CreationTime,
            CreationTimeHigh = (uint)(file.Info.CreationTime >> 32),
            LastAccessTimeLow = (uint)file.Info.LastAccessTime,
            LastAccessTimeHigh = (uint)(file.Info.LastAccessTime >> 32),
            LastWriteTimeLow = (uint)file.Info.LastWriteTime,
            LastWriteTimeHigh = (uint)(file.Info.LastWriteTime >> 32),
            FileSizeLow = (uint)file.Size,
            FileSizeHigh = (uint)(file.Size >> 32),
            ReparseTag = file.ReparseTag,
        };
        name.AsSpan().CopyTo(data.FileName);
        return data;
    }

    // Returns the length without the NUL, or the room that is needed with it.
    private static uint CopyPath(string path, uint length, Span<ushort> buffer)
    {
        if (length <= path.Length || buffer.Length <= path.Length)
        {
            return Succeed((uint)path.Length + 1);
        }

        path.AsSpan().CopyTo(MemoryMarshal.Cast<ushort, char>(buffer));
        buffer[path.Length] = 0;
        return Succeed((uint)path.Length);
    }
}
