namespace AotLayers.Simulator;

/// <summary>Bytes that calls wrote one after the other, kept in a store in which others write too.</summary>
internal sealed class WrittenContent(StreamStore store) : ContentSource
{
    private readonly List<StoredContent> _pieces = [];
    private readonly List<long> _starts = [];
    private long _length;

    public override long Length => _length;

    /// <summary>Adds bytes. Returns a Win32 code, 0 for success.</summary>
    public uint Append(ReadOnlySpan<byte> bytes)
    {
        if (bytes.IsEmpty)
        {
            return 0;
        }

        long at = store.Length;
        uint error = store.Append(bytes);
        if (error != 0)
        {
            return error;
        }

        if (_pieces is [.., { } last] && last.Start + last.Length == at)
        {
            _pieces[^1] = new StoredContent(store, last.Start, last.Length + bytes.Length);
        }
        else
        {
            _starts.Add(_length);
            _pieces.Add(new StoredContent(store, at, bytes.Length));
        }

        _length += bytes.Length;
        return 0;
    }

    public override int Read(long offset, Span<byte> buffer)
    {
        int count = Room(offset, buffer);
        for (int done = 0; done < count;)
        {
            int found = _starts.BinarySearch(offset + done);
            int piece = found >= 0 ? found : ~found - 1;
            done += _pieces[piece].Read(offset + done - _starts[piece], buffer[done..count]);
        }

        return count;
    }
}
