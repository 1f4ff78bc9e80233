using System.Buffers;

namespace AotLayers;

/// <summary>
/// A file's bytes over ReadFile, from an origin on. Seeks cost nothing until a read needs another place than the file position and the
/// buffer have, so that looking through the headers of a small backup stream twice is one call.
/// </summary>
internal sealed class Win32ContentStream : Stream
{
    private const int BufferSize = 64 * 1024;

    private readonly Win32File _file;
    private readonly long _origin;
    private byte[]? _buffer;
    private long _bufferStart;
    private int _buffered;
    private long _filePosition;
    private long _position;
    private long _length = -1;

    public Win32ContentStream(Win32File file, long origin)
    {
        _file = file;
        _origin = origin;
        _buffer = ArrayPool<byte>.Shared.Rent(BufferSize);
    }

    public override bool CanRead => _buffer is not null;

    public override bool CanSeek => _buffer is not null;

    public override bool CanWrite => false;

    public override long Length => (_length >= 0 ? _length : _length = _file.GetLength()) - _origin;

    public override long Position
    {
        get => _position;
        set => Seek(value, SeekOrigin.Begin);
    }

    public override int Read(Span<byte> buffer)
    {
        ObjectDisposedException.ThrowIf(_buffer is null, this);
        if (buffer.IsEmpty)
        {
            return 0;
        }

        long place = _position + _origin;
        long inBuffer = place - _bufferStart;
        if (inBuffer >= 0 && inBuffer < _buffered)
        {
            int count = Math.Min(buffer.Length, _buffered - (int)inBuffer);
            _buffer.AsSpan((int)inBuffer, count).CopyTo(buffer);
            _position += count;
            return count;
        }

        if (buffer.Length >= BufferSize)
        {
            int direct = ReadAt(place, buffer);
            _position += direct;
            return direct;
        }

        _buffered = 0;
        int got = ReadAt(place, _buffer.AsSpan(0, BufferSize));
        _bufferStart = place;
        _buffered = got;
        int taken = Math.Min(got, buffer.Length);
        _buffer.AsSpan(0, taken).CopyTo(buffer);
        _position += taken;
        return taken;
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override int ReadByte()
    {
        byte value = 0;
        return Read(new Span<byte>(ref value)) == 0 ? -1 : value;
    }

    public override long Seek(long offset, SeekOrigin origin)
    {
        long from = origin switch
        {
            SeekOrigin.Begin => 0,
            SeekOrigin.Current => _position,
            _ => Length,
        };
        long target = checked(from + offset);
        ArgumentOutOfRangeException.ThrowIfNegative(target, nameof(offset));
        return _position = target;
    }

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Flush()
    {
    }

    protected override void Dispose(bool disposing)
    {
        if (_buffer is not null)
        {
            ArrayPool<byte>.Shared.Return(_buffer);
            _buffer = null;
        }

        base.Dispose(disposing);
    }

    private int ReadAt(long place, Span<byte> buffer)
    {
        if (place != _filePosition)
        {
            if (_file.Kernel32.SetFilePointerEx(_file.Handle, place, out _filePosition, Win32Constants.FromBegin) == 0)
            {
                throw _file.Failed("SetFilePointerEx", place);
            }
        }

        if (_file.Kernel32.ReadFile(_file.Handle, buffer, (uint)buffer.Length, out uint read, 0) == 0)
        {
            throw _file.Failed("ReadFile", place);
        }

        if (read > (uint)buffer.Length)
        {
            throw _file.Broken($"ReadFile claims {read} bytes in a buffer of {buffer.Length}", place);
        }

        _filePosition += read;
        return (int)read;
    }
}
