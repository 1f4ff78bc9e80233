using AotLayers.Formats;

namespace AotLayers.Simulator;

/// <content>Opening, creating and closing.</content>
public sealed partial class SimulatedKernel32
{
    private const uint CreateNew = 1;
    private const uint CreateAlways = 2;
    private const uint OpenExisting = 3;
    private const uint OpenAlways = 4;
    private const uint TruncateExisting = 5;
    private const uint BackupSemantics = 0x02000000;
    private const uint OpenReparsePoint = 0x00200000;
    private const uint DeleteOnClose = 0x04000000;

    /// <inheritdoc/>
    public nint CreateFileW(string fileName, uint access, uint share, nint securityAttributes, uint disposition, uint flags, nint template)
    {
        using (_lock.EnterFiles())
        {
            var rights = FileAccessRights.Of(access);
            uint error = _volume.Find(fileName, out SimulatedNode? node);
            bool existed = error == 0;
            error = disposition is < CreateNew or > TruncateExisting ? Win32Error.InvalidParameter
                : (flags & DeleteOnClose) != 0 ? Win32Error.NotSupported
                : existed ? CheckOpen(node!, rights, share, disposition, flags)
                : disposition is CreateNew or CreateAlways or OpenAlways ? Create(fileName, flags, out node)
                : error;
            if (error != 0)
            {
                return Fail(error, InvalidHandle);
            }

            _lastHandle += 4;
            node!.File.OpenHandles++;
            var file = new OpenFile(node, rights, share) { HeldLayer = _volume.LayerOf(node) };
            _files.Add(_lastHandle, file);
            if (file.HeldLayer is { } layer)
            {
                _volume.Hold(layer);
            }

            // That the file was there is told by the last error of a call that succeeded.
            return existed && disposition is CreateAlways or OpenAlways
                ? Fail(Win32Error.AlreadyExists, _lastHandle)
                : Succeed(_lastHandle);
        }
    }

    /// <inheritdoc/>
    /// <remarks>A backup stream that is not ended is ended with the handle.</remarks>
    public int CloseHandle(nint handle)
    {
        using (_lock.EnterHandle())
        {
            if (!_files.Remove(handle, out OpenFile? file))
            {
                return Fail(Win32Error.InvalidHandle);
            }

            uint error = EndWriting(file);
            file.File.OpenHandles--;
            return file.HeldLayer is { } layer && error == 0 ? Release(layer) : error == 0 ? Succeed(1) : Fail(error);
        }
    }

    private int Release(string layer)
    {
        try
        {
            using (_lock.Enter(nameof(CloseHandle)))
            {
                _volume.Release(layer);
                return Succeed(1);
            }
        }
        catch (SimulatedFaultException e)
        {
            return Fail(e.Code);
        }
        catch (Exception e) when (e is IOException and not SimulatedLayerException or UnauthorizedAccessException)
        {
            return Fail(Win32Error.FromDisk(e));
        }
    }

    private uint CheckOpen(SimulatedNode node, FileAccessRights rights, uint share, uint disposition, uint flags)
    {
        SimulatedFile file = node.File;
        bool truncates = disposition is CreateAlways or TruncateExisting;
        bool changes = rights.Writes || rights.Deletes || truncates;
        uint error = disposition == CreateNew ? Win32Error.FileExists
            : file.IsDirectory && ((flags & BackupSemantics) == 0 || truncates) ? Win32Error.AccessDenied
            : file.Reparse is not null && (flags & OpenReparsePoint) == 0 ? Win32Error.CannotResolveFileName
            : changes && !_volume.CanChange(node) ? Win32Error.AccessDenied
            : (rights.Writes || truncates) && !file.IsDirectory && (file.Info.FileAttributes & WindowsFileAttributes.ReadOnly) != 0
                ? Win32Error.AccessDenied
            : _files.Values.Any(open => open.File == file && !open.GoesWith(rights, share)) ? Win32Error.SharingViolation
            : 0;
        if (error == 0 && truncates)
        {
            (file.Data, file.Sparse, file.Original) = (ContentSource.Empty, null, null);
            file.Streams = [];
        }

        return error;
    }

    private uint Create(string fileName, uint flags, out SimulatedNode? node)
    {
        node = null;
        uint error = _volume.FindParent(fileName, out SimulatedNode? parent, out string name);
        if (error != 0)
        {
            return error;
        }

        if (!_volume.CanChange(parent!))
        {
            return Win32Error.AccessDenied;
        }

        SimulatedFile file = LayerDefaults.Standard.File(ContentSource.Empty, _volume.Now());
        file.Info.FileAttributes = WindowsFileAttributes.Archive | (flags & SettableAttributes & ~WindowsFileAttributes.Normal);
        file.Id = SimulatedNode.FileId(fileName.ToLowerInvariant());
        node = parent!.Add(new SimulatedNode(name, file));
        _volume.Touch(parent);
        return 0;
    }
}
