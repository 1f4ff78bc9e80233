namespace AotLayers.Simulator;

/// <summary>Backup streams one after the other, where a layer is made: in memory, or in the file that the layer keeps.</summary>
internal abstract class StreamStore : IDisposable
{
    /// <summary>Bytes so far.</summary>
    public abstract long Length { get; }

    /// <summary>Adds bytes. Returns a Win32 code, 0 for success.</summary>
    public abstract uint Append(ReadOnlySpan<byte> bytes);

    /// <summary>Reads at an offset below <see cref="Length"/>.</summary>
    /// <exception cref="SimulatedFaultException">The backing file cannot be read.</exception>
    public abstract int Read(long offset, Span<byte> buffer);

    /// <inheritdoc/>
    public abstract void Dispose();
}

/// <summary>A store in memory, for a machine that keeps nothing.</summary>
internal sealed class MemoryStore : StreamStore
{
    private const long MaxBytes = 512L << 20;
    private const uint OutOfMemory = 14;

    private readonly MemoryStream _bytes = new();

    public override long Length => _bytes.Length;

    public override uint Append(ReadOnlySpan<byte> bytes)
    {
        if (_bytes.Length + bytes.Length > MaxBytes)
        {
            return OutOfMemory;
        }

        _bytes.Position = _bytes.Length;
        _bytes.Write(bytes);
        return 0;
    }

    public override int Read(long offset, Span<byte> buffer)
    {
        _bytes.Position = offset;
        return _bytes.Read(buffer);
    }

    public override void Dispose()
    {
    }
}

/// <summary>
/// A store in a file. While the layer is made the file is open and locked, which tells other processes that somebody is at it.
/// </summary>
internal sealed class FileStore : StreamStore
{
    private readonly FileStream _file;
    private FileContent? _kept;

    /// <exception cref="IOException">The file cannot be created.</exception>
    public FileStore(string path)
        : this(path, FileOptions.None)
    {
    }

    private FileStore(string path, FileOptions options) => _file =
        new FileStream(path, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.Read | FileShare.Delete, bufferSize: 0, options);

    /// <summary>A store whose file goes with the process, however it ends.</summary>
    /// <exception cref="IOException">The file cannot be created.</exception>
    public static FileStore Temporary(string path)
    {
        var store = new FileStore(path, FileOptions.DeleteOnClose);
        if (!OperatingSystem.IsWindows())
        {
            // Here the runtime deletes it, when it is asked to: an open file needs no name.
            File.Delete(path);
        }

        return store;
    }

    public override long Length => _kept?.Length ?? _file.Length;

    public override uint Append(ReadOnlySpan<byte> bytes)
    {
        try
        {
            _file.Position = _file.Length;
            _file.Write(bytes);
            return 0;
        }
        catch (IOException)
        {
            const uint DiskFull = 112;
            return DiskFull;
        }
    }

    public override int Read(long offset, Span<byte> buffer)
    {
        if (_kept is { } kept)
        {
            return kept.Read(offset, buffer);
        }

        try
        {
            _file.Position = offset;
            return _file.Read(buffer);
        }
        catch (IOException e)
        {
            throw new SimulatedFaultException(Win32Error.ReadFault, e.Message, e);
        }
    }

    /// <summary>The layer is made: its file lies elsewhere from now on.</summary>
    /// <param name="path">Where.</param>
    /// <param name="move">Moves it there, with the file closed, which Windows wants.</param>
    public void Keep(string path, Action move)
    {
        var kept = new FileContent(path, _file.Length);
        _file.Dispose();
        move();
        _kept = kept;
    }

    public override void Dispose() => _file.Dispose();
}

/// <summary>A part of a store.</summary>
internal sealed class StoredContent(StreamStore store, long start, long length) : ContentSource
{
    public StreamStore Store => store;

    public long Start => start;

    public override long Length => length;

    public override int Read(long offset, Span<byte> buffer)
    {
        int room = Room(offset, buffer);
        return room == 0 ? 0 : store.Read(start + offset, buffer[..room]);
    }
}
