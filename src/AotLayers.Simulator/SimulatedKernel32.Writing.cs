using System.Runtime.CompilerServices;
using AotLayers.Formats;
using AotLayers.Hcs;

namespace AotLayers.Simulator;

/// <content>What changes files: contents, backup streams, times, names.</content>
public sealed partial class SimulatedKernel32
{
    private const uint MaxHardLinks = 1024;
    private const long StopUpdating = -1;

    // What FILE_BASIC_INFO can set; the other bits follow from what a file is.
    private const uint SettableAttributes = WindowsFileAttributes.ReadOnly
        | WindowsFileAttributes.Hidden
        | WindowsFileAttributes.System
        | WindowsFileAttributes.Archive
        | WindowsFileAttributes.Normal
        | WindowsFileAttributes.Temporary
        | WindowsFileAttributes.Offline
        | WindowsFileAttributes.NotContentIndexed
        | WindowsFileAttributes.NoScrubData;

    /// <inheritdoc/>
    public int WriteFile(nint handle, ReadOnlySpan<byte> buffer, uint length, out uint bytesWritten, nint overlapped)
    {
        using (_lock.EnterFiles())
        {
            bytesWritten = 0;
            if (!_files.TryGetValue(handle, out OpenFile? file))
            {
                return Fail(Win32Error.InvalidHandle);
            }

            if (!file.CanWrite || file.File.IsDirectory)
            {
                return Fail(file.CanWrite ? Win32Error.InvalidFunction : Win32Error.AccessDenied);
            }

            ReadOnlySpan<byte> bytes = buffer[..(int)Math.Min((uint)buffer.Length, length)];
            uint error = bytes.IsEmpty ? 0 : WriteData(file, bytes);
            if (error != 0)
            {
                return Fail(error);
            }

            file.Position += bytes.Length;
            bytesWritten = (uint)bytes.Length;
            return Succeed(1);
        }
    }

    /// <inheritdoc/>
    /// <remarks>The file changes when the stream is ended, by the abort form or with the handle.</remarks>
    public int BackupWrite(
        nint handle,
        ReadOnlySpan<byte> buffer,
        uint length,
        out uint bytesWritten,
        int abort,
        int processSecurity,
        ref nint context)
    {
        using (_lock.EnterFiles())
        {
            bytesWritten = 0;
            if (!_files.TryGetValue(handle, out OpenFile? file))
            {
                return Fail(Win32Error.InvalidHandle);
            }

            if (context != file.BackupContext || (context != 0 && file.Written is null))
            {
                return Fail(Win32Error.InvalidParameter);
            }

            uint error;
            if (abort != 0)
            {
                error = EndWriting(file);
                context = 0;
                return error == 0 ? Succeed(1) : Fail(error);
            }

            if (!file.CanWrite)
            {
                return Fail(Win32Error.AccessDenied);
            }

            if (context == 0)
            {
                _lastContext += 0x10;
                file.BeginRestore(_lastContext, processSecurity != 0, _volume.Written);
                context = _lastContext;
            }

            ReadOnlySpan<byte> bytes = buffer[..(int)Math.Min((uint)buffer.Length, length)];
            error = file.Written!.Append(bytes);
            if (error != 0)
            {
                return Fail(error);
            }

            bytesWritten = (uint)bytes.Length;
            return Succeed(1);
        }
    }

    /// <inheritdoc/>
    public int SetFileBasicInfo(nint handle, int infoClass, in FileBasicInfo info, uint size)
    {
        using (_lock.EnterFiles())
        {
            uint error = CheckInfo(handle, infoClass, 0, size, (uint)Unsafe.SizeOf<FileBasicInfo>(), out OpenFile? file);
            bool directory = file?.File.IsDirectory ?? false;
            error = error != 0 ? error
                : IsNoTime(info.CreationTime) || IsNoTime(info.LastAccessTime) || IsNoTime(info.LastWriteTime) || IsNoTime(info.ChangeTime)
                    || (!directory && (info.FileAttributes & WindowsFileAttributes.Directory) != 0)
                    || (directory && (info.FileAttributes & WindowsFileAttributes.Temporary) != 0) ? Win32Error.InvalidParameter
                : 0;
            if (error != 0)
            {
                return Fail(error);
            }

            ref FileBasicInfo target = ref file!.File.Info;
            SetTime(ref target.CreationTime, info.CreationTime);
            SetTime(ref target.LastAccessTime, info.LastAccessTime);
            SetTime(ref target.LastWriteTime, info.LastWriteTime);
            SetTime(ref target.ChangeTime, info.ChangeTime);
            file.TimesAreSet |= info.LastWriteTime != 0;
            if (info.FileAttributes != 0)
            {
                SetAttributes(file.File, info.FileAttributes);
            }

            return Succeed(1);
        }
    }

    /// <inheritdoc/>
    public int CreateHardLinkW(string fileName, string existingFileName, nint securityAttributes)
    {
        using (_lock.EnterFiles())
        {
            uint error = _volume.Find(existingFileName, out SimulatedNode? existing);
            SimulatedNode? parent = null;
            string name = "";
            error = error != 0 ? error
                : existing!.File.IsDirectory ? Win32Error.AccessDenied
                : existing.File.Links >= MaxHardLinks ? Win32Error.TooManyLinks
                : _volume.FindParent(fileName, out parent, out name);
            error = error != 0 ? error : _volume.CanChange(parent!) ? 0 : Win32Error.AccessDenied;
            if (error != 0)
            {
                return Fail(error);
            }

            existing!.File.Links++;
            existing.File.IsShared |= !_volume.CanChange(existing);
            existing.File.Info.ChangeTime = _volume.Now();
            parent!.Add(new SimulatedNode(name, existing.File));
            _volume.Touch(parent);
            return Succeed(1);
        }
    }

    private uint WriteData(OpenFile file, ReadOnlySpan<byte> bytes)
    {
        SimulatedFile target = file.File;
        ContentSource old = target.Data ?? ContentSource.Empty;
        if (old is WrittenContent written && file.Position == old.Length)
        {
            uint appended = written.Append(bytes);
            Changed(file, appended);
            return appended;
        }

        var piece = new WrittenContent(_volume.Written);
        uint error = piece.Append(bytes);
        if (error != 0)
        {
            return error;
        }

        long end = file.Position + bytes.Length;
        List<ContentSource> parts = [new SliceContent(old, 0, Math.Min(file.Position, old.Length))];
        if (file.Position > old.Length)
        {
            parts.Add(new SparseContent(file.Position - old.Length, []));
        }

        parts.Add(piece);
        if (end < old.Length)
        {
            parts.Add(new SliceContent(old, end, old.Length - end));
        }

        target.Data = file.Position == 0 && end >= old.Length ? piece : new JoinedContent(parts);
        (target.Sparse, target.Original) = (null, null);
        Changed(file, 0);
        return 0;
    }

    private uint EndWriting(OpenFile file)
    {
        if (file.Written is not { } stream)
        {
            return 0;
        }

        bool security = file.WritesSecurity;
        file.EndBackup();
        try
        {
            file.File.TakeStreams(BackupStreamParser.Parse(stream, file.File.Info, file.Node.Name), security);
            Changed(file, 0);
            return 0;
        }
        catch (LayerFormatException)
        {
            return Win32Error.InvalidData;
        }
        catch (SimulatedFaultException e)
        {
            return e.Code;
        }
    }

    private void Changed(OpenFile file, uint error)
    {
        if (error == 0 && !file.TimesAreSet)
        {
            file.File.Info.LastWriteTime = file.File.Info.ChangeTime = _volume.Now();
        }
    }

    private static void SetAttributes(SimulatedFile file, uint attributes)
    {
        uint set = attributes & SettableAttributes & ~WindowsFileAttributes.Normal;
        uint kept = file.Info.FileAttributes & ~SettableAttributes;
        file.Info.FileAttributes = (set | kept) == 0 ? WindowsFileAttributes.Normal : set | kept;
    }

    private static bool IsNoTime(long time) => time < StopUpdating;

    private static void SetTime(ref long target, long time)
    {
        if (time is not (0 or StopUpdating))
        {
            target = time;
        }
    }
}
