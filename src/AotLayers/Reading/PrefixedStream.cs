namespace AotLayers;

/// <summary>A stream of which some bytes were read already: pipes cannot seek back. Owns the stream.</summary>
internal sealed class PrefixedStream : ForwardOnlyStream
{
    private readonly Stream _rest;
    private ReadOnlyMemory<byte> _prefix;

    private PrefixedStream(ReadOnlyMemory<byte> prefix, Stream rest)
    {
        _prefix = prefix;
        _rest = rest;
    }

    /// <summary>The stream as it was before its first bytes were read.</summary>
    /// <param name="stream">The stream; owned from now on.</param>
    /// <param name="read">What was read, all of it since the start.</param>
    /// <returns>The stream itself where it can seek.</returns>
    public static Stream Rewind(Stream stream, ReadOnlyMemory<byte> read)
    {
        if (!stream.CanSeek)
        {
            return new PrefixedStream(read, stream);
        }

        stream.Position = 0;
        return stream;
    }

    private protected override int ReadNext(Span<byte> buffer)
    {
        if (_prefix.IsEmpty)
        {
            return _rest.Read(buffer);
        }

        int count = Math.Min(_prefix.Length, buffer.Length);
        _prefix.Span[..count].CopyTo(buffer);
        _prefix = _prefix[count..];
        return count;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _rest.Dispose();
        }

        base.Dispose(disposing);
    }
}
