using System.Security.Cryptography;

namespace AotLayers;

/// <summary>A write-only stream that counts and hashes what flows through. Does not own the stream behind it.</summary>
internal sealed class HashingStream(Stream inner, bool hash) : Stream
{
    private readonly IncrementalHash? _hash = hash ? IncrementalHash.CreateHash(HashAlgorithmName.SHA256) : null;

    /// <summary>Bytes so far.</summary>
    public long Count { get; private set; }

    /// <summary>From now on nothing is passed on.</summary>
    public bool Discard { get; set; }

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => Count;
        set => throw new NotSupportedException();
    }

    /// <summary><c>sha256:</c> and the hash of all so far; null when not asked for.</summary>
    public string? GetDigest() => _hash is null ? null : "sha256:" + Convert.ToHexStringLower(_hash.GetCurrentHash());

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        if (Discard)
        {
            return;
        }

        try
        {
            inner.Write(buffer);
        }
        catch (Exception e) when (e is not LayerException && SystemErrorCode.IsOfWriting(e))
        {
            throw OutputFileStream.Failed("write", "the output", e);
        }

        _hash?.AppendData(buffer);
        Count += buffer.Length;
    }

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override void WriteByte(byte value) => Write(new ReadOnlySpan<byte>(in value));

    public override void Flush()
    {
        if (!Discard)
        {
            inner.Flush();
        }
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _hash?.Dispose();
        }

        base.Dispose(disposing);
    }
}
