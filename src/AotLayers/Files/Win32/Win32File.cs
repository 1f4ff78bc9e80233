using System.Runtime.CompilerServices;
using AotLayers.Formats;
using AotLayers.Hcs;
using static AotLayers.Win32Constants;

namespace AotLayers;

/// <summary>A file or directory opened for backup with CreateFileW (docs/formats/backup-stream.md#backupread-and-backupwrite).</summary>
internal sealed partial class Win32File : ILayerFile
{
    private readonly LayerErrorContext _context;
    private readonly string _path;
    private Win32BackupStream? _backup;
    private FileStandardInfo? _standardInfo;

    private Win32File(IKernel32 kernel32, nint handle, string path, LayerErrorContext context)
    {
        Kernel32 = kernel32;
        Handle = handle;
        _path = path;
        _context = context;
    }

    internal IKernel32 Kernel32 { get; }

    /// <summary>The open handle; -1 after <see cref="Dispose"/>.</summary>
    internal nint Handle { get; private set; }

    /// <summary>Opens for reading; a reparse point itself is opened, not its target.</summary>
    public static Win32File OpenForBackup(IKernel32 kernel32, string path, LayerErrorContext context) =>
        Open(kernel32, path, GenericRead, ShareRead, OpenExisting, context);

    public LayerFileInfo GetInfo() =>
        Kernel32.GetFileBasicInfo(Handle, BasicInfoClass, out FileBasicInfo info, (uint)Unsafe.SizeOf<FileBasicInfo>()) != 0
            ? info.ToLayerFileInfo()
            : throw Failed("GetFileInformationByHandleEx", null);

    public LayerLinks? GetLinks()
    {
        uint count = GetStandardInfo().NumberOfLinks;
        if (count <= 1)
        {
            return new LayerLinks(count, default);
        }

        return Kernel32.GetFileIdInfo(Handle, IdInfoClass, out FileIdInfo id, (uint)Unsafe.SizeOf<FileIdInfo>()) != 0
            ? new LayerLinks(count, new UInt128(id.FileIdHigh, id.FileIdLow))
            : throw Failed("GetFileInformationByHandleEx", null);
    }

    public Stream OpenContent(long origin) => new Win32ContentStream(this, origin);

    public Stream OpenBackup(bool security) => _backup = new Win32BackupStream(this, security);

    /// <summary>Size of the main data stream.</summary>
    internal long GetLength() => GetStandardInfo().EndOfFile;

    /// <summary>The error of a call that just failed on this file.</summary>
    internal LayerException Failed(string call, long? offset) => Win32Error.Of(call, _path, _context with { Offset = offset });

    /// <summary>Something on this file that no call reported.</summary>
    internal LayerException Broken(string reason, long offset) => new(reason, _context with { Offset = offset });

    public void Dispose()
    {
        if (Handle == InvalidHandle)
        {
            return;
        }

        // The backup context belongs to the handle: it is freed first (docs/formats/backup-stream.md#backupread-and-backupwrite).
        _backup?.Dispose();
        nint handle = Handle;
        Handle = InvalidHandle;
        Kernel32.CloseHandle(handle);
    }

    private static Win32File Open(
        IKernel32 kernel32, string path, uint access, uint share, uint disposition, LayerErrorContext context)
    {
        nint handle = kernel32.CreateFileW(path, access, share, 0, disposition, BackupSemantics | OpenReparsePoint, 0);
        return handle == InvalidHandle
            ? throw Win32Error.Of("CreateFileW", path, context)
            : new Win32File(kernel32, handle, path, context);
    }

    private FileStandardInfo GetStandardInfo()
    {
        if (_standardInfo is { } known)
        {
            return known;
        }

        if (Kernel32.GetFileStandardInfo(
            Handle,
            StandardInfoClass,
            out FileStandardInfo info,
            (uint)Unsafe.SizeOf<FileStandardInfo>()) == 0)
        {
            throw Failed("GetFileInformationByHandleEx", null);
        }

        _standardInfo = info;
        return info;
    }
}
