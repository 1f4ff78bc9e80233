using System.Text.Json;

namespace AotLayers.Interop;

/// <summary>
/// The bytes of a recording as they come from a stream, in pieces that stay: whole JSON values are read from them, however they are laid
/// out, and lines are counted. A value that the file ends in is told apart from one that is wrong.
/// </summary>
internal sealed class RecordingText(Stream stream, string source, RecordingLimits limits)
{
    private const int MaxToken = 1 << 20;
    private const int MaxTokens = 16 << 20;
    private const int FirstPiece = 64 * 1024;
    private const int Piece = 1024 * 1024;

    private byte[] _buffer = new byte[FirstPiece];
    private int _start;
    private int _end;
    private bool _ended;
    private long _total;
    private JsonReaderState _state = new(new JsonReaderOptions { MaxDepth = limits.Depth });

    /// <summary>Line of the next byte, from 1.</summary>
    public long Line { get; private set; } = 1;

    /// <summary>Line of the last token or value.</summary>
    public long TokenLine { get; private set; } = 1;

    /// <summary>The last token read by <see cref="ReadToken"/>.</summary>
    public JsonTokenType Token { get; private set; }

    /// <summary>The last token's text, when it was a property name.</summary>
    public string Name { get; private set; } = "";

    /// <summary>Reads one token.</summary>
    /// <returns>False at the end of the file.</returns>
    /// <exception cref="JsonException">The text is not JSON.</exception>
    public bool ReadToken()
    {
        while (true)
        {
            Utf8JsonReader reader = new(_buffer.AsSpan(_start, _end - _start), isFinalBlock: false, _state);
            if (reader.Read())
            {
                Token = reader.TokenType;
                Name = Token == JsonTokenType.PropertyName ? Text(ref reader) : "";
                TokenLine = Line + _buffer.AsSpan(_start, (int)reader.TokenStartIndex).Count((byte)'\n');
                Advance(reader);
                return true;
            }

            if (_end - _start > MaxToken)
            {
                throw TooBig(MaxToken);
            }

            if (!Fill())
            {
                return false;
            }
        }
    }

    /// <summary>Reads the next value.</summary>
    /// <param name="limit">Most bytes that it may have.</param>
    /// <param name="call">It has to be an object, or the end of the array of calls.</param>
    /// <param name="value">What it is read into; its texts stay valid.</param>
    /// <returns>False when the file ends before the value does. <see cref="Token"/> is EndArray when there is no value but the array's
    /// end.</returns>
    /// <exception cref="JsonException">The text is not JSON.</exception>
    public bool ReadValue(int limit, bool call, BoundedJson value)
    {
        while (true)
        {
            Utf8JsonReader reader = new(_buffer.AsSpan(_start, _end - _start), isFinalBlock: false, _state);
            if (reader.Read())
            {
                Token = reader.TokenType;
                if (call && Token is not (JsonTokenType.StartObject or JsonTokenType.EndArray))
                {
                    throw new JsonException("a call is a JSON object");
                }

                int from = (int)reader.TokenStartIndex;
                if (Token == JsonTokenType.EndArray || value.TryRead(ref reader, _buffer.AsMemory(_start), MaxTokens))
                {
                    TokenLine = Line + _buffer.AsSpan(_start, from).Count((byte)'\n');
                    if (reader.BytesConsumed - from > limit)
                    {
                        throw TooBig(limit);
                    }

                    Advance(reader);
                    return true;
                }
            }

            if (_end - _start > limit + (64L * 1024))
            {
                throw TooBig(limit);
            }

            if (!Fill())
            {
                return false;
            }
        }
    }

    /// <summary>All bytes that no token was read from.</summary>
    public ReadOnlyMemory<byte> Rest()
    {
        while (_end - _start <= limits.CallBytes && Fill())
        {
        }

        return _buffer.AsMemory(_start, _end - _start);
    }

    private static string Text(ref Utf8JsonReader reader)
    {
        try
        {
            return reader.GetString() ?? "";
        }
        catch (InvalidOperationException e)
        {
            throw new JsonException("a property name is not valid text", e);
        }
    }

    private RecordingFormatException TooBig(int limit) => new(source, Line, $"a value is longer than the limit of {limit} bytes");

    private void Advance(in Utf8JsonReader reader)
    {
        int consumed = (int)reader.BytesConsumed;
        Line += _buffer.AsSpan(_start, consumed).Count((byte)'\n');
        _start += consumed;
        _state = reader.CurrentState;
    }

    private bool Fill()
    {
        if (_ended)
        {
            return false;
        }

        if (_end == _buffer.Length)
        {
            // What was read stays in the piece that it is in: the calls keep it.
            byte[] next = new byte[checked((int)Math.Max(Piece, 2L * (_end - _start)))];
            _buffer.AsSpan(_start, _end - _start).CopyTo(next);
            _end -= _start;
            _start = 0;
            _buffer = next;
        }

        int count = stream.Read(_buffer, _end, _buffer.Length - _end);
        _ended = count == 0;
        if (_total == 0 && count >= 3 && _buffer.AsSpan(0, 3).SequenceEqual("\uFEFF"u8))
        {
            _start = 3;
        }

        _end += count;
        _total += count;
        if (_total > limits.FileBytes)
        {
            throw new RecordingFormatException(source, 0, $"the file is longer than the limit of {limits.FileBytes} bytes");
        }

        return !_ended;
    }
}
