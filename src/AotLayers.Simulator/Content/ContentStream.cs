namespace AotLayers.Simulator;

/// <summary>A content as a readable, seekable stream, for the readers of AotLayers.Formats.</summary>
internal sealed class ContentStream(ContentSource content) : Stream
{
    public override bool CanRead => true;

    public override bool CanSeek => true;

    public override bool CanWrite => false;

    public override long Length => content.Length;

    public override long Position { get; set; }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override int Read(Span<byte> buffer)
    {
        int read = content.Read(Position, buffer);
        Position += read;
        return read;
    }

    public override long Seek(long offset, SeekOrigin origin) => Position = offset + origin switch
    {
        SeekOrigin.Begin => 0,
        SeekOrigin.Current => Position,
        _ => Length,
    };

    public override void Flush()
    {
    }

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}

/// <summary>A part of a content.</summary>
internal sealed class SliceContent(ContentSource inner, long start, long length) : ContentSource
{
    public override long Length => length;

    public override int Read(long offset, Span<byte> buffer) => inner.Read(start + offset, buffer[..Room(offset, buffer)]);
}
