namespace AotLayers;

/// <summary>The backup stream of the current entry of a streaming export.</summary>
internal sealed class ExportLayerStream(StreamingLayerReader reader, string entry) : ForwardOnlyStream
{
    private bool _atEnd;

    private protected override int ReadNext(Span<byte> buffer)
    {
        if (_atEnd)
        {
            return 0;
        }

        int read = reader.Read(buffer, entry, Position);
        _atEnd = read == 0;
        return read;
    }
}
