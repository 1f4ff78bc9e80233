namespace AotLayers;

/// <summary>The rest of a stream from an origin on, seekable, with position 0 there. Does not own the stream.</summary>
internal sealed class OffsetStream : Stream
{
    private readonly Stream _inner;
    private readonly long _origin;

    public OffsetStream(Stream inner, long origin)
    {
        _inner = inner;
        _origin = origin;
        inner.Position = origin;
    }

    public override bool CanRead => _inner.CanRead;

    public override bool CanSeek => _inner.CanSeek;

    public override bool CanWrite => false;

    public override long Length => _inner.Length - _origin;

    public override long Position
    {
        get => _inner.Position - _origin;
        set => Seek(value, SeekOrigin.Begin);
    }

    public override int Read(Span<byte> buffer) => _inner.Read(buffer);

    public override int Read(byte[] buffer, int offset, int count) => _inner.Read(buffer, offset, count);

    public override long Seek(long offset, SeekOrigin origin)
    {
        long target = origin == SeekOrigin.Begin ? offset : origin == SeekOrigin.Current ? Position + offset : Length + offset;
        ArgumentOutOfRangeException.ThrowIfNegative(target, nameof(offset));
        return _inner.Seek(target + _origin, SeekOrigin.Begin) - _origin;
    }

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Flush()
    {
    }
}
