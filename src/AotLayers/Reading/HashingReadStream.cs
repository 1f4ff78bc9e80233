using System.Security.Cryptography;

namespace AotLayers;

/// <summary>Counts and hashes what is read through it. Owns the stream behind it.</summary>
internal sealed class HashingReadStream(Stream inner) : ForwardOnlyStream
{
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);

    /// <summary><c>sha256:</c> and the hash of all so far.</summary>
    public string GetDigest() => "sha256:" + Convert.ToHexStringLower(_hash.GetCurrentHash());

    private protected override int ReadNext(Span<byte> buffer)
    {
        int read = inner.Read(buffer);
        _hash.AppendData(buffer[..read]);
        return read;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            inner.Dispose();
            _hash.Dispose();
        }

        base.Dispose(disposing);
    }
}
