using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace AotLayers.Interop;

/// <summary>
/// Memory that stands for a library's own during a replay. It stays where it is until its owner ends: a handle, a callback, or the
/// replay. An owner's equal contents are one block, as a library that is asked twice gives the same pointer. Thread-safe.
/// </summary>
internal sealed unsafe class ReplayMemory : IDisposable
{
    private readonly Lock _lock = new();
    private readonly Dictionary<nint, Dictionary<ContentHash, nint>> _blocks = [];
    private bool _ended;

    ~ReplayMemory() => Free();

    /// <summary>The address of a block with the content.</summary>
    /// <param name="owner">Value of a handle; 0 is the replay.</param>
    /// <param name="content">The content.</param>
    public nint Store(nint owner, ReadOnlySpan<byte> content)
    {
        ContentHash hash = new(SHA256.HashData(content));
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_ended, typeof(Replayer));
            if (!_blocks.TryGetValue(owner, out Dictionary<ContentHash, nint>? blocks))
            {
                blocks = [];
                _blocks.Add(owner, blocks);
            }

            if (!blocks.TryGetValue(hash, out nint block))
            {
                block = Allocate(content);
                blocks.Add(hash, block);
            }

            return block;
        }
    }

    /// <summary>A block of its own, which <see cref="Release"/> of its address frees.</summary>
    public nint StoreAlone(ReadOnlySpan<byte> content)
    {
        nint block = Allocate(content);
        lock (_lock)
        {
            _blocks[block] = new() { [default] = block };
        }

        return block;
    }

    /// <summary>An owner ended.</summary>
    public void Release(nint owner)
    {
        lock (_lock)
        {
            if (_blocks.Remove(owner, out Dictionary<ContentHash, nint>? blocks))
            {
                Free(blocks);
            }
        }
    }

    /// <summary>A block that belongs to nobody here; the caller frees it.</summary>
    public static nint Allocate(ReadOnlySpan<byte> content)
    {
        // A block of no bytes has an address too, and an address of its own.
        void* block = NativeMemory.Alloc((nuint)Math.Max(content.Length, 1));
        content.CopyTo(new Span<byte>(block, content.Length));
        return (nint)block;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Free();
        GC.SuppressFinalize(this);
    }

    private static void Free(Dictionary<ContentHash, nint> blocks)
    {
        foreach (nint block in blocks.Values)
        {
            NativeMemory.Free((void*)block);
        }
    }

    private void Free()
    {
        lock (_lock)
        {
            _ended = true;
            foreach (Dictionary<ContentHash, nint> blocks in _blocks.Values)
            {
                Free(blocks);
            }

            _blocks.Clear();
        }
    }
}
