using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using AotLayers.Hcs;
using AotLayers.Interop;

namespace AotLayers.Simulator;

/// <summary>
/// The file calls on a simulated volume. Results and last errors are those of Windows where docs/README.md or the documentation of Win32
/// says them; handles and file ids never differ between two runs.
/// </summary>
public sealed partial class SimulatedKernel32 : IKernel32
{
    private const nint InvalidHandle = -1;

    // "SIMLAYER" in ASCII.
    private const ulong VolumeSerial = 0x53494D4C41594552;

    private readonly SimulatedVolume _volume;
    private readonly SimulatorOptions _options;
    private readonly MachineLock _lock;
    private readonly Dictionary<nint, OpenFile> _files = [];
    private nint _lastHandle = 0x100;
    private nint _lastContext = 0x10000;
    private long _counter;

    internal SimulatedKernel32(SimulatedVolume volume, SimulatorOptions options, MachineLock machineLock) =>
        (_volume, _options, _lock) = (volume, options, machineLock);

    /// <inheritdoc/>
    public NativeApiInfo Info => Kernel32Api.Info;

    /// <summary>File and listing handles that are open: a test asserts that it is zero.</summary>
    public int OpenHandles
    {
        get
        {
            using (_lock.EnterHandle())
            {
                return _files.Count + _listings.Count;
            }
        }
    }

    /// <inheritdoc/>
    public ExportStatus Probe(string export) => ExportStatus.Present;

    /// <summary>What a file handle is open on. The lock is held.</summary>
    internal SimulatedNode? FindOpen(nint handle) => _files.GetValueOrDefault(handle)?.Node;

    /// <inheritdoc/>
    public int GetFileBasicInfo(nint handle, int infoClass, out FileBasicInfo info, uint size)
    {
        using (_lock.EnterHandle())
        {
            info = default;
            uint error = CheckInfo(handle, infoClass, 0, size, (uint)Unsafe.SizeOf<FileBasicInfo>(), out OpenFile? file);
            if (error != 0)
            {
                return Fail(error);
            }

            info = file!.File.Info;
            StructPadding.Clear(ref info, fields: 36);
            return Succeed(1);
        }
    }

    /// <inheritdoc/>
    public int GetFileStandardInfo(nint handle, int infoClass, out FileStandardInfo info, uint size)
    {
        using (_lock.EnterHandle())
        {
            info = default;
            uint error = CheckInfo(handle, infoClass, 1, size, (uint)Unsafe.SizeOf<FileStandardInfo>(), out OpenFile? file);
            if (error != 0)
            {
                return Fail(error);
            }

            const long Cluster = 4096;
            info = new FileStandardInfo
            {
                AllocationSize = (file!.File.Size + Cluster - 1) / Cluster * Cluster,
                EndOfFile = file.File.Size,
                NumberOfLinks = file.File.Links,
                Directory = (byte)(file.File.IsDirectory ? 1 : 0),
            };
            StructPadding.Clear(ref info, fields: 22);
            return Succeed(1);
        }
    }

    /// <inheritdoc/>
    public int GetFileIdInfo(nint handle, int infoClass, out FileIdInfo info, uint size)
    {
        using (_lock.EnterHandle())
        {
            info = default;
            uint error = CheckInfo(handle, infoClass, 18, size, (uint)Unsafe.SizeOf<FileIdInfo>(), out OpenFile? file);
            if (error != 0)
            {
                return Fail(error);
            }

            Span<byte> id = stackalloc byte[16];
            file!.File.Id.TryWriteBytes(id);
            info = new FileIdInfo
            {
                VolumeSerialNumber = VolumeSerial,
                FileIdLow = BitConverter.ToUInt64(id),
                FileIdHigh = BitConverter.ToUInt64(id[8..]),
            };
            return Succeed(1);
        }
    }

    /// <inheritdoc/>
    public int ReadFile(nint handle, Span<byte> buffer, uint length, out uint bytesRead, nint overlapped)
    {
        using (_lock.EnterHandle())
        {
            bytesRead = 0;
            if (!_files.TryGetValue(handle, out OpenFile? file))
            {
                return Fail(Win32Error.InvalidHandle);
            }

            if (!file.CanRead || file.File.IsDirectory)
            {
                return Fail(file.CanRead ? Win32Error.InvalidFunction : Win32Error.AccessDenied);
            }

            return Read(
                file.File.Data ?? ContentSource.Empty,
                file.Position,
                Room(buffer, length),
                out bytesRead,
                read => file.Position += read);
        }
    }

    /// <inheritdoc/>
    public int SetFilePointerEx(nint handle, long distance, out long newPosition, uint method)
    {
        using (_lock.EnterHandle())
        {
            newPosition = 0;
            if (!_files.TryGetValue(handle, out OpenFile? file))
            {
                return Fail(Win32Error.InvalidHandle);
            }

            if (method > 2)
            {
                return Fail(Win32Error.InvalidParameter);
            }

            long from = method == 0 ? 0 : method == 1 ? file.Position : file.File.Size;
            if (distance < 0 ? from + distance < 0 : distance > long.MaxValue - from)
            {
                return Fail(distance < 0 ? Win32Error.NegativeSeek : Win32Error.InvalidParameter);
            }

            newPosition = file.Position = from + distance;
            return Succeed(1);
        }
    }

    /// <inheritdoc/>
    public int BackupRead(nint handle, Span<byte> buffer, uint length, out uint bytesRead, int abort, int processSecurity, ref nint context)
    {
        using (_lock.EnterHandle())
        {
            bytesRead = 0;
            if (!_files.TryGetValue(handle, out OpenFile? file))
            {
                return Fail(Win32Error.InvalidHandle);
            }

            if (context != file.BackupContext)
            {
                return Fail(Win32Error.InvalidParameter);
            }

            if (abort != 0)
            {
                file.EndBackup();
                context = 0;
                return Succeed(1);
            }

            if (file.Written is not null)
            {
                return Fail(Win32Error.InvalidParameter);
            }

            if (!file.CanRead)
            {
                return Fail(Win32Error.AccessDenied);
            }

            if (context == 0)
            {
                _lastContext += 0x10;
                file.BeginBackup(_lastContext, processSecurity != 0);
                context = _lastContext;
            }

            return Read(file.Backup, file.BackupPosition, Room(buffer, length), out bytesRead, read => file.BackupPosition += read);
        }
    }

    /// <inheritdoc/>
    public int QueryPerformanceCounter(out long count)
    {
        using (_lock.EnterHandle())
        {
            count = ++_counter;
            return Succeed(1);
        }
    }

    private uint CheckInfo(nint handle, int infoClass, int expectedClass, uint size, uint expectedSize, out OpenFile? file)
    {
        const uint BadLength = 24;
        return !_files.TryGetValue(handle, out file) ? Win32Error.InvalidHandle
            : infoClass != expectedClass ? Win32Error.InvalidParameter
            : size < expectedSize ? BadLength
            : 0;
    }

    private Span<byte> Room(Span<byte> buffer, uint length)
    {
        int room = (int)Math.Min((uint)buffer.Length, length);
        return buffer[..(_options.MaxReadBytes > 0 ? Math.Min(room, _options.MaxReadBytes) : room)];
    }

    private static int Read(ContentSource content, long position, Span<byte> buffer, out uint bytesRead, Action<int> advance)
    {
        bytesRead = 0;
        try
        {
            int read = content.Read(position, buffer);
            advance(read);
            bytesRead = (uint)read;
            return Succeed(1);
        }
        catch (SimulatedFaultException e)
        {
            return Fail(e.Code);
        }
    }

    private static int Fail(uint error) => Fail(error, 0);

    private static T Fail<T>(uint error, T result)
    {
        Marshal.SetLastPInvokeError((int)error);
        return result;
    }

    // A call that succeeds does not set the last error, but the P/Invoke clears it first.
    private static T Succeed<T>(T result)
    {
        Marshal.SetLastPInvokeError(0);
        return result;
    }
}
