namespace AotLayers;

/// <summary>
/// An entry's backup stream as it is given out: what goes wrong below it, whoever reads, becomes an error of the layer with entry, stream
/// and offset; and it stops at the next read when the reader's token is cancelled.
/// </summary>
internal sealed class LayerEntryStream : Stream
{
    private readonly Stream _inner;
    private readonly string _entry;
    private readonly LayerReader _reader;
    private readonly bool _canSeek;

    /// <param name="inner">The stream; owned from now on.</param>
    /// <param name="entry">Name of the entry.</param>
    /// <param name="reader">The reader that it came from.</param>
    public LayerEntryStream(Stream inner, string entry, LayerReader reader)
    {
        _inner = inner;
        _entry = entry;
        _reader = reader;
        _canSeek = inner.CanSeek;
        reader.Tracker.Reset();
    }

    public override bool CanRead => _inner.CanRead;

    public override bool CanSeek => _canSeek && _inner.CanSeek;

    public override bool CanWrite => false;

    public override long Length
    {
        get
        {
            try
            {
                return _inner.Length;
            }
            catch (Exception e) when (LayerErrors.IsPlaceable(e))
            {
                throw Failed(e);
            }
        }
    }

    public override long Position
    {
        get => _inner.Position;
        set => Seek(value, SeekOrigin.Begin);
    }

    public override int Read(Span<byte> buffer)
    {
        _reader.CancellationToken.ThrowIfCancellationRequested();
        int read;
        try
        {
            read = _inner.Read(buffer);
        }
        catch (Exception e) when (LayerErrors.IsPlaceable(e))
        {
            throw Failed(e);
        }

        _reader.Tracker.Advance(buffer[..read]);
        return read;
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override int ReadByte()
    {
        byte value = 0;
        return Read(new Span<byte>(ref value)) == 0 ? -1 : value;
    }

    public override long Seek(long offset, SeekOrigin origin)
    {
        try
        {
            long position = _inner.Seek(offset, origin);
            _reader.Tracker.Seek(position);
            return position;
        }
        catch (Exception e) when (LayerErrors.IsPlaceable(e))
        {
            throw Failed(e);
        }
    }

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Flush()
    {
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _inner.Dispose();
        }

        base.Dispose(disposing);
    }

    private LayerException Failed(Exception error)
    {
        _reader.NoteReadFailure();
        Formats.BackupStreamTracker tracker = _reader.Tracker;
        return LayerException.From(error, _reader.ErrorContext with
        {
            Entry = _entry,
            Stream = tracker.StreamId is { } id ? LayerErrors.NameOf(id, tracker.StreamName) : null,
            Offset = tracker.Position,
        });
    }
}
