using Microsoft.Win32.SafeHandles;

namespace AotLayers.Simulator;

/// <summary>
/// Bytes of a simulated file or stream. Nothing is held in memory that can be made on the fly, so sizes are not limited by memory.
/// </summary>
internal abstract class ContentSource
{
    /// <summary>Length in bytes.</summary>
    public abstract long Length { get; }

    /// <summary>Reads at an offset. Returns 0 only at or after the end, or for an empty buffer.</summary>
    /// <exception cref="SimulatedFaultException">The layer says that reading fails here, or the backing file cannot be read.</exception>
    public abstract int Read(long offset, Span<byte> buffer);

    /// <summary>No bytes.</summary>
    public static ContentSource Empty { get; } = new BytesContent([]);

    /// <summary>Room for a read: what is left from <paramref name="offset"/>, at most the buffer.</summary>
    protected int Room(long offset, Span<byte> buffer) =>
        offset < 0 || offset >= Length ? 0 : (int)Math.Min(buffer.Length, Length - offset);
}

/// <summary>Bytes in memory.</summary>
internal sealed class BytesContent(byte[] bytes) : ContentSource
{
    public override long Length => bytes.Length;

    public override int Read(long offset, Span<byte> buffer)
    {
        int count = Room(offset, buffer);
        bytes.AsSpan((int)Math.Min(offset, bytes.Length), count).CopyTo(buffer);
        return count;
    }
}

/// <summary>
/// Bytes made from a rule: the byte at offset i is (seed + i mod 251) mod 256. 251 is prime, so that a misplaced chunk never looks right.
/// </summary>
internal sealed class PatternContent(int seed, long length) : ContentSource
{
    private const int Period = 251;

    public override long Length => length;

    public override int Read(long offset, Span<byte> buffer)
    {
        int count = Room(offset, buffer);
        int phase = (int)(Math.Max(offset, 0) % Period);
        int filled = Math.Min(count, Period);
        for (int i = 0; i < filled; i++)
        {
            buffer[i] = (byte)(seed + ((phase + i) % Period));
        }

        // Whole periods so far, so that they go on as they began.
        while (filled < count)
        {
            int more = Math.Min(filled, count - filled);
            buffer[..more].CopyTo(buffer[filled..]);
            filled += more;
        }

        return count;
    }
}

/// <summary>A real file. It is opened for each read, so that a layer of a million files holds no handle.</summary>
internal sealed class FileContent(string path, long length) : ContentSource
{
    public override long Length => length;

    public override int Read(long offset, Span<byte> buffer)
    {
        int count = Room(offset, buffer);
        if (count == 0)
        {
            return 0;
        }

        int read;
        try
        {
            using SafeFileHandle handle = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            read = RandomAccess.Read(handle, buffer[..count], offset);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new SimulatedFaultException(Win32Error.ReadFault, $"{path}: {e.Message}", e);
        }

        return read > 0
            ? read
            : throw new SimulatedFaultException(Win32Error.FileCorrupt, $"{path}: shorter than when the machine was loaded");
    }
}

/// <summary>A run of bytes at an offset of a sparse file.</summary>
internal readonly record struct SparseRange(long Offset, ContentSource Content);

/// <summary>A sparse file as a reader of its data sees it: the ranges, zeros elsewhere. Ranges are in order and do not overlap.</summary>
internal sealed class SparseContent(long length, IReadOnlyList<SparseRange> ranges) : ContentSource
{
    public override long Length => length;

    public override int Read(long offset, Span<byte> buffer)
    {
        int count = Room(offset, buffer);
        Span<byte> target = buffer[..count];
        target.Clear();
        foreach (SparseRange range in ranges)
        {
            long start = Math.Max(offset, range.Offset);
            long end = Math.Min(offset + count, range.Offset + range.Content.Length);
            for (long at = start; at < end;)
            {
                at += range.Content.Read(at - range.Offset, target.Slice((int)(at - offset), (int)(end - at)));
            }
        }

        return count;
    }
}

/// <summary>Several contents one after the other: a backup stream is headers and payloads joined.</summary>
internal sealed class JoinedContent : ContentSource
{
    private readonly ContentSource[] _parts;
    private readonly long[] _starts;

    public JoinedContent(IEnumerable<ContentSource> parts)
    {
        _parts = [.. parts.Where(part => part.Length > 0)];
        _starts = new long[_parts.Length];
        for (int i = 0; i < _parts.Length; i++)
        {
            _starts[i] = Length;
            Length = checked(Length + _parts[i].Length);
        }
    }

    public override long Length { get; }

    public override int Read(long offset, Span<byte> buffer)
    {
        int count = Room(offset, buffer);
        int done = 0;
        while (done < count)
        {
            int found = Array.BinarySearch(_starts, offset + done);
            int part = found >= 0 ? found : ~found - 1;
            int read;
            try
            {
                read = _parts[part].Read(offset + done - _starts[part], buffer[done..count]);
            }
            catch (SimulatedFaultException) when (done > 0)
            {
                // What precedes the fault is delivered first, as a disk would.
                return done;
            }

            done += read;
        }

        return done;
    }
}

/// <summary>A content whose reading fails at an offset with a Win32 code.</summary>
internal sealed class FailingContent(ContentSource inner, long failAt, uint code) : ContentSource
{
    public override long Length => inner.Length;

    public override int Read(long offset, Span<byte> buffer)
    {
        int room = Room(offset, buffer);
        if (room == 0 || offset + room <= failAt)
        {
            return inner.Read(offset, buffer);
        }

        return offset < failAt
            ? inner.Read(offset, buffer[..(int)(failAt - offset)])
            : throw new SimulatedFaultException(code, "the layer says that this read fails");
    }
}
