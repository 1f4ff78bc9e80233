using System.Globalization;
using AotLayers.Hcs;
using Microsoft.Win32.SafeHandles;

namespace AotLayers;

/// <summary>
/// A file that appears whole or not at all, in place of what was there. On Linux it has no name until <see cref="Commit"/>, so that even
/// a killed process leaves nothing; elsewhere it is written beside its target under a name that the next run of the same target
/// recognises (layers of several gigabytes would fill a disk with what killed runs left). Devices, pipes and descriptors, <c>NUL</c>
/// among them, are written as they are.
/// </summary>
public sealed class AtomicOutputFile : IDisposable
{
    private const int BufferSize = 128 * 1024;
    private const uint DefaultMode = 0x1B6; // 0666, less the umask.

    private readonly string _name;
    private readonly string _target;
    private readonly Stream _stream;
    private string? _temporary;
    private bool _committed;

    private AtomicOutputFile(string name, string target, Stream stream, string? temporary)
    {
        _name = name;
        _target = target;
        _stream = stream;
        _temporary = temporary;
        Stream = new OutputFileStream(stream, name);
    }

    /// <summary>Receives the content. Its errors name the output.</summary>
    public Stream Stream { get; }

    /// <summary>
    /// What is wrong with the name of an output on this operating system, by its spelling alone. On Windows <c>CON</c>, <c>aux.tar</c>,
    /// <c>C:\x\COM1</c> mean devices and are refused, unless the device is meant: <c>NUL</c> throws the output away, <c>\\.\NAME</c> is
    /// any device. The console is always refused.
    /// </summary>
    /// <param name="path">The name.</param>
    /// <returns>A clause without a full stop; null when nothing is wrong.</returns>
    public static string? FindProblem(string path) => OperatingSystem.IsWindows() ? OutputTarget.CheckWindowsName(path, out _) : null;

    /// <summary>Starts a file.</summary>
    /// <param name="path">Where it is to appear. Its directory must exist.</param>
    /// <exception cref="LayerException">It cannot be created, or the name means something that cannot be written.</exception>
    public static AtomicOutputFile Create(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        try
        {
            var target = OutputTarget.Resolve(path);
            switch (target.Kind)
            {
                case OutputTargetKind.Device:
                    return new AtomicOutputFile(
                        path,
                        target.Path,
                        new FileStream(target.Path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite, BufferSize),
                        null);
                case OutputTargetKind.Descriptor:
                    return new AtomicOutputFile(
                        path,
                        target.Path,
                        new BufferedStream(new DescriptorStream(target.Descriptor), BufferSize),
                        null);
                default:
                    TemporaryOutputName.RemoveStale(target.Path);
                    return CreateUnnamed(path, target.Path) ?? CreateNamed(path, target.Path);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or NotSupportedException or ArgumentException)
        {
            throw OutputFileStream.Failed("create", path, e);
        }
    }

    /// <summary>Brings the content to the disk and gives the file its name.</summary>
    /// <exception cref="LayerException">That failed; the target is what it was.</exception>
    public void Commit()
    {
        try
        {
            if (_stream is FileStream file && (_temporary is not null || IsUnnamed))
            {
                file.Flush(flushToDisk: true);
                if (IsUnnamed)
                {
                    Link(file.SafeFileHandle);
                }

                // Still open, and so locked: between closing and moving another run would take it for stale.
                if (_temporary is not null)
                {
                    File.Move(_temporary, _target, overwrite: true);
                    _temporary = null;
                }

                _committed = true;
            }

            _stream.Dispose();
            _committed = true;
        }
        catch (Exception e) when (SystemErrorCode.IsOfWriting(e))
        {
            throw OutputFileStream.Failed("write", _name, e);
        }
    }

    /// <summary>Without <see cref="Commit"/>: removes what was written.</summary>
    public void Dispose()
    {
        try
        {
            _stream.Dispose();
        }
        catch (Exception e) when (!_committed && SystemErrorCode.IsOfWriting(e))
        {
            // The last buffer of a file that is thrown away may not fit on a full disk.
        }

        if (!_committed && _temporary is not null)
        {
            File.Delete(_temporary);
        }
    }

    private bool IsUnnamed { get; init; }

    /// <summary>A file that has no name yet; null where the system or the file system has no such files.</summary>
    private static AtomicOutputFile? CreateUnnamed(string name, string target)
    {
        // The name is given by way of /proc: the other way needs a privilege.
        if (!OperatingSystem.IsLinux() || !Directory.Exists("/proc/self/fd"))
        {
            return null;
        }

        int descriptor = Libc.Open(Path.GetDirectoryName(target)!, Libc.UnnamedFile, DefaultMode);
        return descriptor < 0
            ? null
            : new AtomicOutputFile(
                name,
                target,
                new FileStream(new SafeFileHandle(descriptor, ownsHandle: true), FileAccess.ReadWrite, BufferSize),
                null)
            {
                IsUnnamed = true,
            };
    }

    internal static AtomicOutputFile CreateNamed(string name, string target)
    {
        string temporary = TemporaryOutputName.Create(target);

        // Shared for deleting only: it can be moved while it is open, and its being open is the lock.
        return new AtomicOutputFile(
            name,
            target,
            new FileStream(temporary, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.Delete, BufferSize),
            temporary);
    }

    /// <summary>Gives an unnamed file the target's name, or where that is taken a temporary one.</summary>
    private void Link(SafeFileHandle handle)
    {
        string source = string.Create(CultureInfo.InvariantCulture, $"/proc/self/fd/{(int)handle.DangerousGetHandle()}");
        if (Libc.LinkAt(Libc.CurrentDirectory, source, Libc.CurrentDirectory, _target, Libc.FollowLinks) == 0)
        {
            return;
        }

        string temporary = TemporaryOutputName.Create(_target);
        if (Libc.LinkAt(Libc.CurrentDirectory, source, Libc.CurrentDirectory, temporary, Libc.FollowLinks) != 0)
        {
            int error = System.Runtime.InteropServices.Marshal.GetLastPInvokeError();
            throw new IOException(System.Runtime.InteropServices.Marshal.GetPInvokeErrorMessage(error), error);
        }

        _temporary = temporary;
    }
}
