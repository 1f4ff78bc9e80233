using System.Runtime.InteropServices;

namespace AotLayers.Native;

/// <summary>
/// Handles that are safe to get wrong. A handle is a number, not a pointer: a slot of this table, the slot's generation, and a mark of
/// this copy of the library. A closed one, one of another copy, or any other value is recognised, and nothing is ever read through it.
/// </summary>
/// <remarks>
/// Bits 0-16: slot and a set lowest bit, so that no pointer to an object looks like a handle. Bits 17-36: generation. Bits 37-62: mark. A
/// slot whose generations are used up is not used again, so no handle ever comes back.
/// </remarks>
internal sealed class HandleTable<T>
    where T : class
{
    private const int SlotBits = 16;
    private const int GenerationBits = 20;
    private const int MarkBits = 26;
    private const int MaxSlots = 1 << SlotBits;
    private const uint MaxGeneration = (1u << GenerationBits) - 1;

    private readonly Lock _lock = new();
    private readonly List<Slot> _slots = [];
    private readonly Queue<int> _free = [];
    private readonly ulong _mark;

    /// <summary>Creates an empty table.</summary>
    /// <param name="mark">Tells this copy of the library from others; its low 26 bits count.</param>
    public HandleTable(uint mark) => _mark = mark & ((1u << MarkBits) - 1);

    /// <summary>Adds an object.</summary>
    /// <returns>Its handle, never 0.</returns>
    /// <exception cref="NativeCallException">Too many handles are open.</exception>
    public nint Add(T target)
    {
        lock (_lock)
        {
            if (!_free.TryDequeue(out int index))
            {
                if (_slots.Count == MaxSlots)
                {
                    throw new NativeCallException(ResultCodes.OutOfMemory, "65536 readers are open: close some");
                }

                index = _slots.Count;
                _slots.Add(new Slot());
            }

            ref Slot slot = ref CollectionsMarshal.AsSpan(_slots)[index];
            slot.Target = target;
            return Compose(index, slot.Generation);
        }
    }

    /// <summary>Takes an object for the time of one call. <see cref="Release"/> or <see cref="Remove"/> must follow.</summary>
    /// <exception cref="NativeCallException">The handle is not open, or another call has it.</exception>
    public T Acquire(nint handle)
    {
        lock (_lock)
        {
            ref Slot slot = ref Find(handle);
            if (slot.Busy)
            {
                throw new NativeCallException(ResultCodes.Busy, "the reader is in use by another thread: one call at a time");
            }

            slot.Busy = true;
            return slot.Target!;
        }
    }

    /// <summary>Gives back what <see cref="Acquire"/> took.</summary>
    public void Release(nint handle)
    {
        lock (_lock)
        {
            Find(handle).Busy = false;
        }
    }

    /// <summary>Ends a handle that was taken by <see cref="Acquire"/>. It stays unknown from now on.</summary>
    public void Remove(nint handle)
    {
        lock (_lock)
        {
            ref Slot slot = ref Find(handle);
            slot.Target = null;
            slot.Busy = false;
            if (slot.Generation++ < MaxGeneration)
            {
                _free.Enqueue(IndexOf(handle));
            }
        }
    }

    private static int IndexOf(nint handle) => (int)((ulong)handle >> 1) & (MaxSlots - 1);

    private nint Compose(int index, uint generation) =>
        (nint)((_mark << (SlotBits + 1 + GenerationBits)) | ((ulong)generation << (SlotBits + 1)) | ((ulong)index << 1) | 1);

    private ref Slot Find(nint handle)
    {
        int index = IndexOf(handle);
        Span<Slot> slots = CollectionsMarshal.AsSpan(_slots);
        if (index >= slots.Length || slots[index].Target is null || Compose(index, slots[index].Generation) != handle)
        {
            throw handle == 0
                ? new NativeCallException(ResultCodes.Pointer, "reader is NULL")
                : new NativeCallException(ResultCodes.Handle, "reader is not an open handle: it was closed, or is not one of this library");
        }

        return ref slots[index];
    }

    private struct Slot
    {
        public T? Target;
        public uint Generation;
        public bool Busy;
    }
}
