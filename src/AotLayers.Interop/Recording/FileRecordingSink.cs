using System.Globalization;
using System.IO.Compression;
using System.IO.MemoryMappedFiles;
using Microsoft.Win32.SafeHandles;

namespace AotLayers.Interop;

/// <summary>
/// A file. Where the next lines go is mapped into memory, so that a call costs no system call; the room there was written before, so that
/// a store cannot meet a full disk. Where that cannot be promised (little space left, network and copy-on-write file systems), it is
/// written as usual. A new header goes into a new file that then takes the old one's name.
/// </summary>
internal sealed unsafe class FileRecordingSink : RecordingSink
{
    // File systems that may need new blocks even for bytes that were written before, or that are elsewhere.
    private static readonly string[] s_unmapped =
        ["btrfs", "zfs", "bcachefs", "nfs", "cifs", "smb", "fuse", "9p", "v9fs", "vboxsf", "apfs", "refs"];

    private const int LongLine = 4096;

    private readonly string _path;
    // A device that can be positioned (/dev/null) has no length and no name to take over.
    private readonly bool _device;
    private bool _mappable;
    private SafeFileHandle? _handle;
    private SafeMemoryMappedViewHandle? _view;
    private byte* _memory;
    private long _from;
    private long _to;

    public FileRecordingSink(string path)
    {
        string full = Path.GetFullPath(path);
        // A path that is not there yet, or links to nothing, cannot be resolved.
        _path = new FileInfo(full).LinkTarget is null ? full : File.ResolveLinkTarget(full, returnFinalTarget: true)?.FullName ?? full;
        _device = IsDevice(_path);
        _mappable = !_device && IsMappable(_path);
    }

    public override int LeastRoom => 32 * 1024;

    public override int MostRoom => 4 * 1024 * 1024;

    public override void WriteAt(long position, ReadOnlySpan<byte> bytes)
    {
        if (IsMapped(position, bytes.Length))
        {
            bytes.CopyTo(new Span<byte>(_memory + (position - _from), bytes.Length));
        }
        else
        {
            RandomAccess.Write(Handle(), bytes, position);
        }
    }

    public override void Publish(long position, ReadOnlySpan<byte> bytes, int last)
    {
        // A page that is touched for the first time costs more than a system call does for all of a long line. Windows does not promise
        // that a view shows what was written beside it.
        if ((bytes.Length >= LongLine && !OperatingSystem.IsWindows()) || !IsMapped(position, bytes.Length))
        {
            RandomAccess.Write(Handle(), bytes, position);
            return;
        }

        Span<byte> target = new(_memory + (position - _from), bytes.Length);
        bytes[..last].CopyTo(target);
        bytes[(last + 1)..].CopyTo(target[(last + 1)..]);
        Volatile.Write(ref target[last], bytes[last]);
    }

    public override void Window(long from, long to)
    {
        Unmap();
        if (!_mappable || !HasSpace(_path, to - from))
        {
            return;
        }

        try
        {
            using var file = MemoryMappedFile.CreateFromFile(
                Handle(), mapName: null, capacity: 0, MemoryMappedFileAccess.ReadWrite, HandleInheritability.None, leaveOpen: true);

            // The accessor is not disposed: it would wait for the disk. The view goes in Unmap.
            MemoryMappedViewAccessor accessor = file.CreateViewAccessor(from, to - from);
            SafeMemoryMappedViewHandle view = accessor.SafeMemoryMappedViewHandle;
            byte* memory = null;
            view.AcquirePointer(ref memory);
            _view = view;
            _memory = memory + accessor.PointerOffset;
            _from = from;
            _to = to;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or NotSupportedException or ArgumentException)
        {
            // A file system without shared mappings: ordinary writes do.
            _mappable = false;
        }
    }

    public override void SetLength(long length)
    {
        Unmap();
        if (!_device)
        {
            RandomAccess.SetLength(Handle(), length);
        }
    }

    public override void ReplaceHeader(ReadOnlySpan<byte> header, long bodyStart, long bodyEnd)
    {
        Unmap();
        if (_device)
        {
            RandomAccess.Write(Handle(), header, 0);
            return;
        }

        string next = NextPath();
        SafeFileHandle handle = Open(next, FileMode.Create);
        try
        {
            RandomAccess.Write(handle, header, 0);
            CopyBody(handle, bodyStart, bodyEnd, header.Length);
            TakeName(next);
        }
        catch
        {
            handle.Dispose();
            File.Delete(next);
            throw;
        }

        _handle = handle;
    }

    public override void Compress(long length)
    {
        if (_device || !_path.EndsWith(".gz", StringComparison.OrdinalIgnoreCase))
        {
            return;
        }

        Unmap();
        string next = NextPath();
        try
        {
            using (FileStream source = new(Handle(), FileAccess.Read, bufferSize: 0))
            using (GZipStream target = new(new FileStream(next, FileMode.Create), CompressionLevel.Optimal))
            {
                source.Position = 0;
                source.CopyTo(target);
            }

            TakeName(next);
        }
        catch
        {
            File.Delete(next);
            throw;
        }
    }

    public override void Dispose()
    {
        Unmap();
        _handle?.Dispose();
    }

    // The file is asked, not its name: there are files below /dev.
    private static bool IsDevice(string path)
    {
        bool regular = !path.StartsWith(@"\\.\", StringComparison.Ordinal);
        bool seekable = false;
        if (regular && File.Exists(path))
        {
            using FileStream file = new(path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
            seekable = file.CanSeek;
            try
            {
                RandomAccess.SetLength(file.SafeFileHandle, file.Length);
            }
            catch (Exception e) when (e is NotSupportedException or ArgumentException or UnauthorizedAccessException
                || (e is IOException && !OperatingSystem.IsWindows()))
            {
                regular = false;
            }
        }

        return regular || seekable
            ? !regular
            : throw new IOException(
                $"{path} cannot be written from any place, only from its beginning to its end: a recording needs a file.");
    }

    private static bool IsMappable(string path)
    {
        try
        {
            string format = Drive(path).DriveFormat;
            return !s_unmapped.Any(name => format.StartsWith(name, StringComparison.OrdinalIgnoreCase));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return false;
        }
    }

    // Stores into the window need no new blocks; this much is left in case that a file system sees that otherwise.
    private static bool HasSpace(string path, long window)
    {
        try
        {
            return Drive(path).AvailableFreeSpace > window + (16L << 20);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return false;
        }
    }

    private static DriveInfo Drive(string path) =>
        new(OperatingSystem.IsWindows() ? Path.GetPathRoot(path)! : Path.GetDirectoryName(path)!);

    private static SafeFileHandle Open(string path, FileMode mode) =>
        File.OpenHandle(path, mode, FileAccess.ReadWrite, FileShare.Read | FileShare.Delete);

    // The process id keeps two recorders, and a file that a user calls so, apart.
    private string NextPath() => string.Create(CultureInfo.InvariantCulture, $"{_path}.{Environment.ProcessId}.new");

    private void TakeName(string next)
    {
        // Windows replaces no file that is open.
        _handle?.Dispose();
        _handle = null;
        File.Move(next, _path, overwrite: true);
    }

    private void CopyBody(SafeFileHandle target, long from, long end, long to)
    {
        byte[] chunk = new byte[64 * 1024];
        while (from < end)
        {
            int count = RandomAccess.Read(Handle(), chunk.AsSpan(0, (int)Math.Min(chunk.Length, end - from)), from);
            if (count == 0)
            {
                throw new EndOfStreamException("The recording got shorter while it was being written.");
            }

            RandomAccess.Write(target, chunk.AsSpan(0, count), to);
            from += count;
            to += count;
        }
    }

    private bool IsMapped(long position, int length) => position >= _from && position + length <= _to;

    private void Unmap()
    {
        if (_view is { } view)
        {
            view.ReleasePointer();
            view.Dispose();
        }

        _view = null;
        _memory = null;
        _from = _to = 0;
    }

    private SafeFileHandle Handle() => _handle ??= Open(_path, FileMode.OpenOrCreate);
}
