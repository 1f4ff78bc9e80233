namespace AotLayers.Replay.Tests.Formats;

/// <summary>
/// Discards what is written, and cancels once that is more than a number of bytes: work without end is ended by its amount, not by a
/// clock.
/// </summary>
internal sealed class CancellingStream(long limit, CancellationTokenSource cancel) : Stream
{
    private long _length;

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => _length;

    public override long Position { get => _length; set => throw new NotSupportedException(); }

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        _length += buffer.Length;
        if (_length > limit)
        {
            cancel.Cancel();
        }
    }

    public override void Flush()
    {
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();
}
