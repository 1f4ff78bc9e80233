using System.Buffers.Binary;
using System.Security.Cryptography;

namespace AotLayers;

/// <summary>
/// A hash of a stream's content that is the same whether zeros are there or a hole is: blocks of zeros are left out, all others are hashed
/// with their place. So a terabyte of hole costs nothing.
/// </summary>
internal sealed class SparseHash : IDisposable
{
    private const int BlockSize = 4096;

    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly byte[] _block = new byte[BlockSize];
    private long _position;

    /// <summary>Goes on at another place, behind the last one.</summary>
    public void SkipTo(long position)
    {
        if (position / BlockSize != _position / BlockSize)
        {
            EndBlock();
        }

        _position = Math.Max(_position, position);
    }

    /// <summary>Adds bytes at the current place.</summary>
    public void Append(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            int at = (int)(_position % BlockSize);
            int count = Math.Min(BlockSize - at, bytes.Length);
            bytes[..count].CopyTo(_block.AsSpan(at));
            bytes = bytes[count..];
            if (at + count == BlockSize)
            {
                EndBlock();
            }

            _position += count;
        }
    }

    /// <summary>The hash of all; the object begins anew.</summary>
    public byte[] Finish()
    {
        EndBlock();
        _position = 0;
        return _hash.GetHashAndReset();
    }

    public void Dispose() => _hash.Dispose();

    private void EndBlock()
    {
        if (_block.AsSpan().ContainsAnyExcept((byte)0))
        {
            Span<byte> place = stackalloc byte[8];
            BinaryPrimitives.WriteInt64LittleEndian(place, _position / BlockSize);
            _hash.AppendData(place);
            _hash.AppendData(_block);
            _block.AsSpan().Clear();
        }
    }
}
