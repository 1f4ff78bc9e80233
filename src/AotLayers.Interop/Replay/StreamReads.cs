namespace AotLayers.Interop;

/// <summary>Where the streams of a replay stand: which recorded chunk was served how far, by handle. Not thread-safe.</summary>
internal sealed class StreamReads(CallRecording recording)
{
    private readonly Dictionary<string, StreamPosition> _positions = new(StringComparer.Ordinal);
    private readonly StreamShape?[] _shapes = new StreamShape?[recording.Names.Functions.Count];
    private readonly BoundedJson _json = new(recording.Source);
    private int _begun;

    /// <summary>The streams that are read half through a recorded chunk.</summary>
    public IEnumerable<StreamPosition> Unread => _positions.Values.Where(static p => p is { Call: not null, Left: > 0 });

    /// <summary>Remembers which arguments of a stream read are the handle and the buffer.</summary>
    public void Learn(NativeApiInfo api, string function, string handle, string buffer)
    {
        if (recording.Names.FindFunction(api.Name, function) is RecordedFunction known)
        {
            _shapes[known.Ordinal] ??= new StreamShape(handle, buffer);
        }
    }

    /// <summary>Where the stream of a handle stands, or null when none of it was read since the last other call on the handle.</summary>
    public StreamPosition? Find(string symbol) =>
        _begun > 0 && _positions.TryGetValue(symbol, out StreamPosition? position) && position.Call is not null ? position : null;

    /// <summary>A recorded read is served: its stream stands at the beginning of its bytes.</summary>
    /// <param name="symbol">The handle.</param>
    /// <param name="call">The read.</param>
    /// <param name="content">Its bytes, when it has some.</param>
    /// <param name="length">Number of its bytes.</param>
    /// <param name="ended">It met the end of the stream.</param>
    public StreamPosition Enter(string symbol, RecordedCall call, in ContentHash content, int length, bool ended)
    {
        if (!_positions.TryGetValue(symbol, out StreamPosition? position))
        {
            position = new StreamPosition(symbol);
            _positions.Add(symbol, position);
        }

        _begun += position.Call is null ? 1 : 0;
        position.Enter(call, content, length, ended);
        return position;
    }

    /// <summary>Another call on the handle was made: what follows is another stream.</summary>
    public void Forget(string symbol)
    {
        if (_begun > 0 && _positions.TryGetValue(symbol, out StreamPosition? position) && position.Call is not null)
        {
            position.Leave();
            _begun--;
        }
    }

    /// <summary>
    /// Tells whether a recorded call is a read that met the end of its stream. Of functions that the replayed program never called,
    /// the shape is taken from the call: room in, nothing out.
    /// </summary>
    public bool IsEnd(RecordedCall call, out string? symbol)
    {
        symbol = null;
        if (!call.FillsNothing)
        {
            return false;
        }

        if (_shapes[call.Entry.Ordinal] is not StreamShape shape)
        {
            symbol = call.Handles.Length > 0 ? call.Handles[0].Symbol : null;
            return symbol is not null;
        }

        _json.Reread(call.Text);
        BoundedJsonValue @in = _json.Root.Find("in"u8);
        symbol = ValueForms.Symbol(@in.Find(shape.Handle));
        return ValueForms.Length(_json.Root.Find("out"u8).Find(shape.Buffer)) == 0 && ValueForms.RoomOf(@in.Find(shape.Buffer)) > 0;
    }

    private sealed class StreamShape(string handle, string buffer)
    {
        public string Handle { get; } = handle;

        public string Buffer { get; } = buffer;
    }
}

/// <summary>Where the stream of one handle stands: at a byte of a recorded read.</summary>
internal sealed class StreamPosition(string symbol)
{
    private ContentHash _content;
    private byte[] _bytes = [];
    private bool _decoded;
    private int _length;

    /// <summary>The handle.</summary>
    public string Symbol { get; } = symbol;

    /// <summary>The recorded read that was served last; null when another call was made since.</summary>
    public RecordedCall? Call { get; private set; }

    /// <summary>Bytes of the recorded read that were not yet served.</summary>
    public int Left { get; private set; }

    /// <summary>The read met the end of the stream.</summary>
    public bool Ended { get; private set; }

    /// <summary>Bytes of the stream that were served so far.</summary>
    public long Total { get; private set; }

    /// <summary>Goes on to a recorded read.</summary>
    public void Enter(RecordedCall call, in ContentHash content, int length, bool ended)
    {
        Call = call;
        _content = content;
        _decoded = false;
        _length = length;
        Left = length;
        Ended = ended;
    }

    /// <summary>Ends the stream.</summary>
    public void Leave()
    {
        Call = null;
        Left = 0;
        Total = 0;
        Ended = false;
    }

    /// <summary>Serves bytes of the recorded read.</summary>
    /// <returns>How many.</returns>
    public int Serve(RecordingContents contents, Span<byte> buffer)
    {
        int count = Math.Min(Left, buffer.Length);
        if (count > 0)
        {
            Copy(contents, buffer[..count]);
            Left -= count;
            Total += count;
        }

        return count;
    }

    private void Copy(RecordingContents contents, Span<byte> buffer)
    {
        if (buffer.Length == _length)
        {
            contents.Copy(_content, buffer);
            return;
        }

        if (!_decoded)
        {
            if (_bytes.Length < _length)
            {
                _bytes = new byte[_length];
            }

            contents.Copy(_content, _bytes);
            _decoded = true;
        }

        _bytes.AsSpan(_length - Left, buffer.Length).CopyTo(buffer);
    }
}
