using System.Globalization;

namespace AotLayers.Interop;

/// <summary>
/// Where a recording is written. Every write goes to the operating system at once and to a stated position, so that a killed
/// process leaves exactly what it had written.
/// </summary>
internal abstract class RecordingSink : IDisposable
{
    /// <summary>Writes all bytes at a position.</summary>
    public abstract void WriteAt(long position, ReadOnlySpan<byte> bytes);

    /// <summary>Cuts the file.</summary>
    public abstract void SetLength(long length);

    /// <summary>Puts another header before the calls, without a moment in which the file has none.</summary>
    /// <param name="header">The new header.</param>
    /// <param name="bodyStart">Where the calls begin now.</param>
    /// <param name="bodyEnd">Where they end.</param>
    public abstract void ReplaceHeader(ReadOnlySpan<byte> header, long bodyStart, long bodyEnd);

    public abstract void Dispose();

    /// <summary>Copies a part of the old file behind the new header.</summary>
    protected static void CopyBody(Func<long, Memory<byte>, int> read, Action<long, ReadOnlyMemory<byte>> write, long from, long end, long to)
    {
        byte[] chunk = new byte[64 * 1024];
        while (from < end)
        {
            int count = read(from, chunk.AsMemory(0, (int)Math.Min(chunk.Length, end - from)));
            if (count == 0)
            {
                throw new EndOfStreamException("The recording got shorter while it was being written.");
            }

            write(to, chunk.AsMemory(0, count));
            from += count;
            to += count;
        }
    }
}

/// <summary>A file. A new header goes into a new file that then takes the old one's name.</summary>
internal sealed class FileRecordingSink : RecordingSink
{
    private readonly string _path;
    private readonly bool _replaceable;
    private Microsoft.Win32.SafeHandles.SafeFileHandle? _handle;

    public FileRecordingSink(string path)
    {
        string full = Path.GetFullPath(path);
        // A path that is not there yet, or links to nothing, cannot be resolved.
        _path = new FileInfo(full).LinkTarget is null ? full : File.ResolveLinkTarget(full, returnFinalTarget: true)?.FullName ?? full;
        _replaceable = OperatingSystem.IsWindows() ? !_path.StartsWith(@"\\.\", StringComparison.Ordinal) : HasLength(_path);
    }

    /// <summary>
    /// Whether there is an ordinary file, or none yet. A device has no length to set and no name to take over. What is there is asked, not how it is called:
    /// /dev/shm holds ordinary files.
    /// </summary>
    private static bool HasLength(string path)
    {
        if (!File.Exists(path))
        {
            return true;
        }

        using Microsoft.Win32.SafeHandles.SafeFileHandle handle = Open(path, FileMode.Open);
        try
        {
            RandomAccess.SetLength(handle, RandomAccess.GetLength(handle));
            return true;
        }
        catch (Exception e) when (e is IOException or ArgumentException or NotSupportedException)
        {
            return false;
        }
    }

    public override void WriteAt(long position, ReadOnlySpan<byte> bytes) => RandomAccess.Write(Handle(), bytes, position);

    public override void SetLength(long length)
    {
        if (_replaceable)
        {
            RandomAccess.SetLength(Handle(), length);
        }
    }

    public override void ReplaceHeader(ReadOnlySpan<byte> header, long bodyStart, long bodyEnd)
    {
        if (!_replaceable)
        {
            RandomAccess.Write(Handle(), header, 0);
            return;
        }

        // The process id keeps two recorders, and a file that a user calls so, apart.
        string next = string.Create(CultureInfo.InvariantCulture, $"{_path}.{Environment.ProcessId}.new");
        Microsoft.Win32.SafeHandles.SafeFileHandle handle = Open(next, FileMode.Create);
        try
        {
            RandomAccess.Write(handle, header, 0);
            if (bodyEnd > bodyStart)
            {
                CopyBody((at, into) => RandomAccess.Read(Handle(), into.Span, at), (at, from) => RandomAccess.Write(handle, from.Span, at), bodyStart, bodyEnd, header.Length);
            }

            // Windows replaces no file that is open.
            _handle?.Dispose();
            _handle = null;
            File.Move(next, _path, overwrite: true);
        }
        catch
        {
            handle.Dispose();
            File.Delete(next);
            throw;
        }

        _handle = handle;
    }

    public override void Dispose() => _handle?.Dispose();

    private static Microsoft.Win32.SafeHandles.SafeFileHandle Open(string path, FileMode mode) =>
        File.OpenHandle(path, mode, FileAccess.ReadWrite, FileShare.Read | FileShare.Delete);

    private Microsoft.Win32.SafeHandles.SafeFileHandle Handle() => _handle ??= Open(_path, FileMode.OpenOrCreate);
}

/// <summary>A seekable stream, for tests and tools. It stays open.</summary>
internal sealed class StreamRecordingSink(Stream stream) : RecordingSink
{
    public override void WriteAt(long position, ReadOnlySpan<byte> bytes)
    {
        stream.Position = position;
        stream.Write(bytes);
        stream.Flush();
    }

    public override void SetLength(long length) => stream.SetLength(length);

    public override void ReplaceHeader(ReadOnlySpan<byte> header, long bodyStart, long bodyEnd)
    {
        byte[] body = new byte[bodyEnd - bodyStart];
        if (body.Length > 0)
        {
            stream.Position = bodyStart;
            stream.ReadExactly(body);
        }

        WriteAt(0, [.. header, .. body]);
        stream.SetLength(header.Length + body.Length);
    }

    public override void Dispose()
    {
    }
}

/// <summary>Keeps nothing: the calls are only compared.</summary>
internal sealed class NullRecordingSink : RecordingSink
{
    public override void WriteAt(long position, ReadOnlySpan<byte> bytes)
    {
    }

    public override void SetLength(long length)
    {
    }

    public override void ReplaceHeader(ReadOnlySpan<byte> header, long bodyStart, long bodyEnd)
    {
    }

    public override void Dispose()
    {
    }
}
