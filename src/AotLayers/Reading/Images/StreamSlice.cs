namespace AotLayers;

/// <summary>
/// Some bytes of a stream that can seek, as a stream of their own. Does not own the stream; several slices may be read by turns.
/// </summary>
internal sealed class StreamSlice(Stream source, long start, long length) : Stream
{
    private long _position;

    public override bool CanRead => true;

    public override bool CanSeek => true;

    public override bool CanWrite => false;

    public override long Length => length;

    public override long Position
    {
        get => _position;
        set => Seek(value, SeekOrigin.Begin);
    }

    public override int Read(Span<byte> buffer)
    {
        long rest = length - _position;
        if (rest <= 0 || buffer.IsEmpty)
        {
            return 0;
        }

        if (source.Position != start + _position)
        {
            source.Position = start + _position;
        }

        int got = source.Read(buffer[..(int)Math.Min(buffer.Length, rest)]);
        _position += got;
        return got;
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override long Seek(long offset, SeekOrigin origin)
    {
        long position = offset + (origin switch
        {
            SeekOrigin.Begin => 0,
            SeekOrigin.Current => _position,
            _ => length,
        });
        ArgumentOutOfRangeException.ThrowIfNegative(position, nameof(offset));
        return _position = position;
    }

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Flush()
    {
    }
}
