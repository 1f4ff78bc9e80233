namespace AotLayers;

/// <summary>
/// Takes the two bytes out of a gzip header that differ from system to system: the compression hint and the operating system (RFC 1952
/// 2.3). The time is zero already. Does not own the stream behind it.
/// </summary>
internal sealed class GzipHeaderStream(Stream inner) : Stream
{
    private const int HintOffset = 8;
    private const int SystemOffset = 9;
    private const byte UnknownSystem = 255;

    private long _position;

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => _position;
        set => throw new NotSupportedException();
    }

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        while (_position <= SystemOffset && !buffer.IsEmpty)
        {
            byte value = _position switch
            {
                HintOffset => 0,
                SystemOffset => UnknownSystem,
                _ => buffer[0],
            };
            inner.WriteByte(value);
            _position++;
            buffer = buffer[1..];
        }

        inner.Write(buffer);
        _position += buffer.Length;
    }

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override void Flush() => inner.Flush();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();
}
