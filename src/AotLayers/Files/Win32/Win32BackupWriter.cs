namespace AotLayers;

/// <summary>
/// Writes a file's backup stream, over BackupWrite (docs/formats/backup-stream.md#backupread-and-backupwrite). The stream is complete with
/// <see cref="Finish"/>, which comes before the file is closed.
/// </summary>
internal sealed class Win32BackupWriter(Win32File file, bool security) : IDisposable
{
    private nint _context;
    private long _position;

    /// <summary>Writes the next bytes of the stream, split anywhere.</summary>
    public void Write(ReadOnlySpan<byte> bytes)
    {
        if (file.Kernel32.BackupWrite(
            file.Handle, bytes, (uint)bytes.Length, out uint written, 0, security ? 1 : 0, ref _context) == 0)
        {
            throw file.Failed("BackupWrite", _position);
        }

        if (written != (uint)bytes.Length)
        {
            throw file.Broken($"BackupWrite took {written} of {bytes.Length} bytes", _position);
        }

        _position += written;
    }

    /// <summary>Ends the stream.</summary>
    public void Finish()
    {
        if (_context != 0 && !End())
        {
            throw file.Failed("BackupWrite", _position);
        }
    }

    /// <summary>Frees the context of a stream that is given up.</summary>
    public void Dispose()
    {
        if (_context != 0 && file.Handle != Win32Constants.InvalidHandle)
        {
            End();
        }
    }

    private bool End()
    {
        nint context = _context;
        _context = 0;
        return file.Kernel32.BackupWrite(file.Handle, default, 0, out _, 1, security ? 1 : 0, ref context) != 0;
    }
}
