namespace AotLayers.Interop;

/// <summary>
/// Where a recording is written. What was written is with the operating system at once: a killed process leaves exactly that.
/// </summary>
internal abstract class RecordingSink : IDisposable
{
    private static readonly byte[] s_blanks = CreateBlanks();

    /// <summary>Least and most bytes of room that are reserved at once.</summary>
    public virtual int LeastRoom => 1024;

    /// <inheritdoc cref="LeastRoom"/>
    public virtual int MostRoom => 64 * 1024;

    /// <summary>Writes all bytes at a position.</summary>
    public abstract void WriteAt(long position, ReadOnlySpan<byte> bytes);

    /// <summary>Writes all bytes, of which one is there only when all the others are.</summary>
    /// <param name="position">Where the first byte goes.</param>
    /// <param name="bytes">The bytes.</param>
    /// <param name="last">Which one comes last.</param>
    public virtual void Publish(long position, ReadOnlySpan<byte> bytes, int last) => WriteAt(position, bytes);

    /// <summary>Fills a part of the file with blanks, so that there is room for what is written later.</summary>
    /// <exception cref="IOException">There is no room.</exception>
    public void Reserve(long from, long to)
    {
        while (from < to)
        {
            int count = (int)Math.Min(s_blanks.Length, to - from);
            WriteAt(from, s_blanks.AsSpan(0, count));
            from += count;
        }
    }

    /// <summary>Tells the part of the file, all of it reserved, where the next writes go.</summary>
    public virtual void Window(long from, long to)
    {
    }

    /// <summary>Cuts the file.</summary>
    public abstract void SetLength(long length);

    /// <summary>Puts another header before the calls, without a moment in which the file has none.</summary>
    /// <param name="header">The new header.</param>
    /// <param name="bodyStart">Where the calls begin now.</param>
    /// <param name="bodyEnd">Where they end.</param>
    public abstract void ReplaceHeader(ReadOnlySpan<byte> header, long bodyStart, long bodyEnd);

    /// <summary>Compresses a finished recording where the name of the file asks for it.</summary>
    public virtual void Compress(long length)
    {
    }

    public abstract void Dispose();

    private static byte[] CreateBlanks()
    {
        byte[] blanks = new byte[64 * 1024];
        blanks.AsSpan().Fill((byte)' ');
        return blanks;
    }
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
