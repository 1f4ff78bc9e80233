using AotLayers.Formats;

namespace AotLayers;

/// <summary>
/// The main data stream inside a backup stream: the content of DATA, then the sparse blocks at their places with zeros between them
/// (docs/formats/backup-stream.md#sparse-files). Everything else is skipped. Forward only.
/// </summary>
internal sealed class MainDataStream(Stream backup, LayerErrorContext place) : Stream
{
    private readonly BackupStreamReader _reader = new(backup) { EntryName = place.Entry };
    private long _position;
    private long _zeros;
    private bool _inData;
    private bool _ended;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => _position;
        set => throw new NotSupportedException();
    }

    public override int Read(Span<byte> buffer)
    {
        try
        {
            return ReadNext(buffer);
        }
        catch (LayerFormatException e)
        {
            throw LayerException.From(e, place);
        }
    }

    private int ReadNext(Span<byte> buffer)
    {
        while (!buffer.IsEmpty && !_ended)
        {
            if (_zeros > 0)
            {
                int count = (int)Math.Min(_zeros, buffer.Length);
                buffer[..count].Clear();
                _zeros -= count;
                _position += count;
                return count;
            }

            if (_inData)
            {
                int count = _reader.Read(buffer);
                _position += count;
                if (count > 0)
                {
                    return count;
                }

                _inData = false;
            }

            GoOn();
        }

        return 0;
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    private void GoOn()
    {
        if (!_reader.NextHeader(out BackupStreamHeader header))
        {
            _ended = true;
            return;
        }

        if (header.Id == BackupStreamId.Data)
        {
            _inData = true;
        }
        else if (header.Id == BackupStreamId.SparseBlock)
        {
            // The last block is empty and lies at the end of the file.
            _zeros = header.SparseOffset >= _position
                ? header.SparseOffset - _position
                : throw new LayerFormatException(
                    "sparse blocks overlap or go backwards",
                    place.Entry,
                    header.Id,
                    offset: header.SparseOffset);
            _inData = true;
        }
    }
}
