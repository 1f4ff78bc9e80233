namespace AotLayers;

/// <summary>
/// A file's backup stream, over BackupRead (docs/formats/backup-stream.md#backupread-and-backupwrite). Its context starts as null, lives
/// in the callee and is freed by the abort form, once, before the handle is closed.
/// </summary>
internal sealed class Win32BackupStream(Win32File file, bool security) : ForwardOnlyStream
{
    private nint _context;
    private bool _atEnd;
    private bool _disposed;

    private protected override int ReadNext(Span<byte> buffer)
    {
        if (_atEnd)
        {
            return 0;
        }

        if (file.Kernel32.BackupRead(file.Handle, buffer, (uint)buffer.Length, out uint read, 0, security ? 1 : 0, ref _context) == 0)
        {
            throw file.Failed("BackupRead", Position);
        }

        if (read > (uint)buffer.Length)
        {
            throw file.Broken($"BackupRead claims {read} bytes in a buffer of {buffer.Length}", Position);
        }

        _atEnd = read == 0;
        return (int)read;
    }

    protected override void Dispose(bool disposing)
    {
        if (!_disposed)
        {
            _disposed = true;
            if (_context != 0 && file.Handle != Win32Constants.InvalidHandle)
            {
                file.Kernel32.BackupRead(file.Handle, default, 0, out _, 1, security ? 1 : 0, ref _context);
                _context = 0;
            }
        }

        base.Dispose(disposing);
    }
}
