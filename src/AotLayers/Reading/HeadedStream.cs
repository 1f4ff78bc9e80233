namespace AotLayers;

/// <summary>Some bytes, then a stream, which is not owned.</summary>
internal sealed class HeadedStream(byte[] head, Stream rest) : ForwardOnlyStream
{
    private protected override int ReadNext(Span<byte> buffer)
    {
        if (Position >= head.Length)
        {
            return rest.Read(buffer);
        }

        int count = Math.Min(buffer.Length, head.Length - (int)Position);
        head.AsSpan((int)Position, count).CopyTo(buffer);
        return count;
    }
}
