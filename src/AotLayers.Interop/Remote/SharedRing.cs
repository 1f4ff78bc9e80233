using System.IO.MemoryMappedFiles;
using System.Security.Cryptography;
using Microsoft.Win32.SafeHandles;

namespace AotLayers.Interop;

/// <summary>
/// A ring of messages in memory that a recorded process and the process that records it share (docs/decisions/ring.md#layout). Many
/// threads of the one write, a single thread of the other reads. A message is reserved by moving the tail, and is there once its kind is:
/// a writer that dies between the two leaves a gap that says its own length. Nothing is ever lost: a writer waits for room as long as
/// the reader lives.
/// </summary>
internal sealed unsafe class SharedRing : IDisposable
{
    /// <summary>Every message begins at a multiple of this, and so its head is never split.</summary>
    public const int Alignment = 16;

    /// <summary>Kind, length and mark before a message's bytes.</summary>
    public const int HeadSize = 16;

    private const ulong Magic = 0x474E_5252_4C54_4F41;
    private const uint Version = 1;
    private const int FirstMessage = 4096;

    // Fields of the first page; what several processors write stands in cache lines of its own.
    private const int VersionAt = 8;
    private const int DataAt = 12;
    private const int CapacityAt = 16;
    private const int KeyAt = 24;
    private const int OwnerAt = 64;
    private const int OthersAt = 68;
    private const int ClosedAt = 72;
    private const int TailAt = 128;
    private const int HeadAt = 256;

    private readonly SafeMemoryMappedViewHandle _view;
    private readonly byte* _memory;
    private readonly byte* _messages;
    private readonly ulong _capacity;
    private readonly ulong _key;
    private readonly string _path;
    private readonly FileStream? _alive;

    private SharedRing(string path, FileStream file, FileStream? alive, bool create, long capacity, DataPolicy data)
    {
        _path = path;
        _alive = alive;
        if (file.Length <= FirstMessage)
        {
            file.Dispose();
            throw new InvalidDataException($"{path} is no ring yet.");
        }

        using var mapped = MemoryMappedFile.CreateFromFile(
            file, mapName: null, file.Length, MemoryMappedFileAccess.ReadWrite, HandleInheritability.None, leaveOpen: false);

        // The accessor is not disposed: the view goes in Dispose.
        MemoryMappedViewAccessor accessor = mapped.CreateViewAccessor(0, file.Length);
        _view = accessor.SafeMemoryMappedViewHandle;
        byte* memory = null;
        _view.AcquirePointer(ref memory);
        _memory = memory + accessor.PointerOffset;
        _messages = _memory + FirstMessage;
        if (create)
        {
            *(uint*)(_memory + VersionAt) = Version;
            *(uint*)(_memory + DataAt) = (uint)data;
            *(ulong*)(_memory + CapacityAt) = (ulong)capacity;
            *(ulong*)(_memory + KeyAt) = unchecked((ulong)RandomNumberGenerator.GetInt32(1, int.MaxValue) << 32);
            Volatile.Write(ref *(ulong*)_memory, Magic);
        }

        _capacity = *(ulong*)(_memory + CapacityAt);
        _key = *(ulong*)(_memory + KeyAt);
        if (Volatile.Read(ref *(ulong*)_memory) != Magic || *(uint*)(_memory + VersionAt) != Version
            || _capacity != (ulong)(file.Length - FirstMessage) || !System.Numerics.BitOperations.IsPow2(_capacity))
        {
            _view.Dispose();
            throw new InvalidDataException($"{path} is no ring of this version.");
        }
    }

    /// <summary>How much of the buffers the reader wants.</summary>
    public DataPolicy Data => (DataPolicy)(*(uint*)(_memory + DataAt));

    /// <summary>Bytes that a message may have, so that several fit in.</summary>
    public int MostBytes => (int)Math.Min(_capacity / 4, 1 << 20) - HeadSize;

    /// <summary>The process that writes, or 0 as long as there is none.</summary>
    public int Owner => Volatile.Read(ref *(int*)(_memory + OwnerAt));

    /// <summary>Processes that would have written, had the ring not had an owner.</summary>
    public int Others => Volatile.Read(ref *(int*)(_memory + OthersAt));

    /// <summary>The reader wants no more: nobody waits, nothing is written.</summary>
    public bool IsClosed => Volatile.Read(ref *(uint*)(_memory + ClosedAt)) != 0;

    /// <summary>Makes a ring. The calling process is the reader; as long as it lives, writers wait for it.</summary>
    /// <param name="path">The file to make.</param>
    /// <param name="capacity">Bytes of all messages together, a power of two.</param>
    /// <param name="data">How much of the buffers is wanted.</param>
    public static SharedRing Create(string path, long capacity, DataPolicy data)
    {
        var alive = new FileStream(AlivePath(path), FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None, 1, FileOptions.DeleteOnClose);
        try
        {
            var file = new FileStream(path, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete, 1);
            file.SetLength(FirstMessage + capacity);
            return new SharedRing(path, file, alive, create: true, capacity, data);
        }
        catch
        {
            alive.Dispose();
            throw;
        }
    }

    /// <summary>Opens the ring of another process for writing.</summary>
    /// <exception cref="IOException">There is none.</exception>
    /// <exception cref="InvalidDataException">It is another version's.</exception>
    public static SharedRing Open(string path)
    {
        var file = new FileStream(path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete, 1);
        return new SharedRing(path, file, alive: null, create: false, 0, default);
    }

    /// <summary>Makes the calling process the one that writes.</summary>
    /// <param name="processId">The calling process.</param>
    /// <returns>False when another process is.</returns>
    public bool TryOwn(int processId)
    {
        int owner = Interlocked.CompareExchange(ref *(int*)(_memory + OwnerAt), processId, 0);
        return owner == 0 || owner == processId;
    }

    /// <summary>Counts a process that found the ring owned by another.</summary>
    public void CountOther() => Interlocked.Increment(ref *(int*)(_memory + OthersAt));

    /// <summary>Ends the writing: nobody waits any more.</summary>
    public void Close() => Volatile.Write(ref *(uint*)(_memory + ClosedAt), 1);

    /// <summary>Writes a message, and waits for room if there is none.</summary>
    /// <param name="kind">Kind of the message, not zero.</param>
    /// <param name="head">Its first bytes.</param>
    /// <param name="body">The rest; both together at most <see cref="MostBytes"/>.</param>
    /// <returns>False when the reader has closed the ring, or is gone.</returns>
    public bool TryWrite(uint kind, ReadOnlySpan<byte> head, ReadOnlySpan<byte> body)
    {
        ulong size = Aligned((ulong)(HeadSize + head.Length + body.Length));
        ulong at;
        int waits = 0;
        while (true)
        {
            at = Volatile.Read(ref *(ulong*)(_memory + TailAt));
            if (IsClosed)
            {
                return false;
            }

            if (at + size - Volatile.Read(ref *(ulong*)(_memory + HeadAt)) <= _capacity)
            {
                if (Interlocked.CompareExchange(ref *(ulong*)(_memory + TailAt), at + size, at) == at)
                {
                    break;
                }
            }
            else if (!Wait(ref waits))
            {
                return false;
            }
        }

        byte* message = At(at);
        *(uint*)(message + 4) = (uint)size;
        *(ulong*)(message + 8) = at ^ _key;
        Put(at + HeadSize, head);
        Put(at + HeadSize + (ulong)head.Length, body);
        Volatile.Write(ref *(uint*)message, kind);
        return true;
    }

    /// <summary>The next message, if there is one.</summary>
    /// <param name="writerIsDead">Nobody writes any more: what was begun and is not there is passed over.</param>
    /// <param name="scratch">For messages that lie across the end.</param>
    /// <param name="kind">Kind of the message.</param>
    /// <param name="message">Its bytes, up to fifteen more than were written, until <see cref="Release"/>.</param>
    /// <param name="torn">Messages that were passed over.</param>
    /// <exception cref="InvalidDataException">Somebody has written over the ring.</exception>
    public bool TryRead(bool writerIsDead, ref byte[] scratch, out uint kind, out ReadOnlySpan<byte> message, ref int torn)
    {
        while (true)
        {
            ulong at = *(ulong*)(_memory + HeadAt);
            ulong tail = Volatile.Read(ref *(ulong*)(_memory + TailAt));
            kind = 0;
            message = default;
            if (at == tail)
            {
                return false;
            }

            if (tail - at > _capacity || tail % Alignment != 0)
            {
                throw Damaged();
            }

            kind = Volatile.Read(ref *(uint*)At(at));
            if (kind != 0)
            {
                ulong size = SizeAt(at, tail);
                message = size == 0 ? throw Damaged() : Take(at + HeadSize, (int)size - HeadSize, ref scratch);
                return true;
            }

            if (!writerIsDead)
            {
                return false;
            }

            torn++;
            ulong next = at + SizeAt(at, tail);
            if (next == at)
            {
                // It died before it had written how much it was going to write.
                next += Alignment;
                while (next < tail && SizeAt(next, tail) == 0)
                {
                    next += Alignment;
                }
            }

            Advance(at, next);
        }
    }

    /// <summary>Frees the message that was read last.</summary>
    public void Release()
    {
        ulong at = *(ulong*)(_memory + HeadAt);
        Advance(at, at + *(uint*)(At(at) + 4));
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_view.IsClosed)
        {
            return;
        }

        _view.ReleasePointer();
        _view.Dispose();
        if (_alive is not null)
        {
            _alive.Dispose();
            File.Delete(_path);
        }
    }

    private static string AlivePath(string path) => path + ".alive";

    private static ulong Aligned(ulong size) => (size + Alignment - 1) & ~(ulong)(Alignment - 1);

    private InvalidDataException Damaged() => new($"the program wrote over the ring {_path}");

    private byte* At(ulong position) => _messages + (position & (_capacity - 1));

    // The size that a message says it has, or 0 when there is no message.
    private ulong SizeAt(ulong at, ulong tail)
    {
        byte* message = At(at);
        uint size = *(uint*)(message + 4);
        return *(ulong*)(message + 8) == (at ^ _key) && size >= HeadSize && size % Alignment == 0 && size <= tail - at ? size : 0;
    }

    private void Put(ulong position, ReadOnlySpan<byte> bytes)
    {
        int first = (int)Math.Min((ulong)bytes.Length, _capacity - (position & (_capacity - 1)));
        bytes[..first].CopyTo(new Span<byte>(At(position), first));
        bytes[first..].CopyTo(new Span<byte>(_messages, bytes.Length - first));
    }

    private ReadOnlySpan<byte> Take(ulong position, int length, ref byte[] scratch)
    {
        int first = (int)Math.Min((ulong)length, _capacity - (position & (_capacity - 1)));
        if (first == length)
        {
            return new ReadOnlySpan<byte>(At(position), length);
        }

        if (scratch.Length < length)
        {
            scratch = new byte[length];
        }

        new ReadOnlySpan<byte>(At(position), first).CopyTo(scratch);
        new ReadOnlySpan<byte>(_messages, length - first).CopyTo(scratch.AsSpan(first));
        return scratch.AsSpan(0, length);
    }

    // What was read is blanked before it is free: a kind that is not zero is always a message of this round.
    private void Advance(ulong at, ulong next)
    {
        int length = (int)(next - at);
        int first = (int)Math.Min((ulong)length, _capacity - (at & (_capacity - 1)));
        new Span<byte>(At(at), first).Clear();
        new Span<byte>(_messages, length - first).Clear();
        Volatile.Write(ref *(ulong*)(_memory + HeadAt), next);
    }

    // A full ring is a slow disk, or a reader that is stopped for a while: both end. A reader that died does not come back.
    private bool Wait(ref int waits)
    {
        if (IsClosed)
        {
            return false;
        }

        waits++;
        if (waits < 20)
        {
            Thread.Yield();
            return true;
        }

        Thread.Sleep(1);
        if (waits % 256 != 0 || IsReaderAlive())
        {
            return true;
        }

        Close();
        return false;
    }

    private bool IsReaderAlive()
    {
        try
        {
            using var alive = new FileStream(AlivePath(_path), FileMode.Open, FileAccess.ReadWrite, FileShare.None, 1);
            return false;
        }
        catch (FileNotFoundException)
        {
            return false;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return true;
        }
    }
}
