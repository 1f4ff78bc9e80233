namespace AotLayers;

/// <summary>An output whose errors name it, rather than the temporary file behind it. Write-only.</summary>
internal sealed class OutputFileStream(Stream inner, string name) : Stream
{
    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => inner.CanWrite;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <summary>The error of an output.</summary>
    public static LayerException Failed(string verb, string name, Exception error) =>
        new($"cannot {verb} {name}: {SystemErrorCode.Describe(error)}", context: null, error, hint: SystemErrorCode.HintFor(error));

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        try
        {
            inner.Write(buffer);
        }
        catch (Exception e) when (SystemErrorCode.IsOfWriting(e))
        {
            throw Failed("write", name, e);
        }
    }

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override void WriteByte(byte value) => Write(new ReadOnlySpan<byte>(in value));

    public override void Flush()
    {
        try
        {
            inner.Flush();
        }
        catch (Exception e) when (SystemErrorCode.IsOfWriting(e))
        {
            throw Failed("write", name, e);
        }
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();
}
