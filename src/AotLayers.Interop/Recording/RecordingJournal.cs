using System.Buffers;

namespace AotLayers.Interop;

/// <summary>
/// Lays a recording out while it is made: header, finished lines, room of blanks, and behind the room a slot for each call in flight,
/// which holds the beginning of its line. A finished line is written with its last brace last, and an opening with its first brace last:
/// whatever a kill leaves is either whole or seen to be torn, and no call in flight is ever moved without having its name in the file.
/// Not thread-safe.
/// </summary>
internal sealed class RecordingJournal : IDisposable
{
    private const int FirstSlots = 8;
    private const int FirstSlotSize = 128;

    // Line end and comma before an opening.
    private const int SlotPrefix = 2;

    private readonly RecordingSink _sink;
    private readonly Stack<int> _free = new();
    private readonly ArrayBufferWriter<byte> _scratch = new(256);
    private CallInProgress?[] _slots = [];
    private int _slotSize = FirstSlotSize;
    private long _headerLength;
    private long _committed;
    private long _area;
    private long _end;

    public RecordingJournal(RecordingSink sink, ReadOnlySpan<byte> header)
    {
        _sink = sink;
        _sink.ReplaceHeader(header, 0, 0);
        _headerLength = _committed = _area = _end = header.Length;
    }

    /// <summary>Finished lines.</summary>
    public long Lines { get; private set; }

    /// <summary>What stands before the next line.</summary>
    public ReadOnlySpan<byte> Separator => Lines == 0 ? "\n"u8 : ",\n"u8;

    /// <summary>The calls in flight.</summary>
    public IEnumerable<CallInProgress> InFlight => _slots.OfType<CallInProgress>().OrderBy(static call => call.Seq);

    /// <summary>Puts another header before everything.</summary>
    public void ReplaceHeader(ReadOnlySpan<byte> header)
    {
        _sink.ReplaceHeader(header, _headerLength, _end);
        long moved = header.Length - _headerLength;
        _headerLength += moved;
        _committed += moved;
        _area += moved;
        _end += moved;
        _sink.Window(_committed, _end);
    }

    /// <summary>Names a call in flight. It is remembered even when it cannot be written.</summary>
    public void Open(CallInProgress call)
    {
        ReadOnlySpan<byte> opening = call.Opening.WrittenSpan;
        if (_free.Count == 0 || opening.Length + SlotPrefix > _slotSize)
        {
            Grow(0, opening.Length + SlotPrefix);
        }

        int slot = _free.Pop();
        call.Slot = slot;
        _slots[slot] = call;
        WriteSlot(slot, opening);
    }

    /// <summary>Writes a finished call's line and takes its opening away.</summary>
    /// <param name="call">The call.</param>
    /// <param name="line"><see cref="Separator"/> and the line.</param>
    public void Finish(CallInProgress call, ReadOnlySpan<byte> line)
    {
        if (_committed + line.Length > _area)
        {
            Grow(line.Length, 0);
        }

        _sink.Publish(_committed, line, line.Length - 1);
        _committed += line.Length;
        Lines++;
        Close(call);
    }

    /// <summary>Takes away the opening of a call that never came back.</summary>
    public void Close(CallInProgress call)
    {
        int slot = Forget(call);
        if (slot >= 0)
        {
            // Without its first brace an opening is none: the rest is overwritten by the next one.
            _sink.WriteAt(SlotAt(slot) + SlotPrefix, " "u8);
        }
    }

    /// <summary>Forgets a call in flight without writing.</summary>
    /// <returns>Its slot, or -1.</returns>
    public int Forget(CallInProgress call)
    {
        int slot = call.Slot;
        if (slot < 0 || _slots[slot] != call)
        {
            return -1;
        }

        call.Slot = -1;
        _slots[slot] = null;
        _free.Push(slot);
        return slot;
    }

    /// <summary>Writes the file's end; nothing comes after it.</summary>
    public void End(ReadOnlySpan<byte> footer)
    {
        _sink.Reserve(_area, Math.Max(_end, _committed + footer.Length));

        // Until the bracket is there, the list of calls has no end and what follows it is a torn tail.
        int bracket = footer.IndexOf((byte)']');
        _scratch.ResetWrittenCount();
        _scratch.Write(footer[..bracket]);
        _scratch.Write(" "u8);
        _scratch.Write(footer[(bracket + 1)..]);
        _sink.WriteAt(_committed, _scratch.WrittenSpan);
        _sink.WriteAt(_committed + bracket, footer[bracket..(bracket + 1)]);
        _committed += footer.Length;
        _sink.SetLength(_committed);
    }

    /// <summary>Leaves an incomplete file that ends with the openings: room and slots go.</summary>
    /// <param name="alsoInFlight">A call whose line could not be written, or null.</param>
    public void Stop(CallInProgress? alsoInFlight = null)
    {
        _scratch.ResetWrittenCount();
        bool first = Lines == 0;
        foreach (CallInProgress call in alsoInFlight is null ? InFlight : InFlight.Append(alsoInFlight).OrderBy(static call => call.Seq))
        {
            _scratch.Write(first ? "\n"u8 : ",\n"u8);
            _scratch.Write(call.Opening.WrittenSpan);
            first = false;
        }

        long end = _committed + _scratch.WrittenCount;
        if (_scratch.WrittenCount > 0)
        {
            _sink.WriteAt(_committed, _scratch.WrittenSpan);
        }

        _sink.SetLength(end);
        _area = _end = end;
    }

    /// <summary>Compresses what was written.</summary>
    public void Compress() => _sink.Compress(_end = _committed);

    public void Dispose() => _sink.Dispose();

    private long SlotAt(int slot) => _area + ((long)slot * _slotSize);

    private void WriteSlot(int slot, ReadOnlySpan<byte> opening)
    {
        _scratch.ResetWrittenCount();
        Span<byte> bytes = _scratch.GetSpan(_slotSize)[.._slotSize];
        bytes.Fill((byte)' ');
        ",\n"u8.CopyTo(bytes);
        opening.CopyTo(bytes[SlotPrefix..]);
        _sink.Publish(SlotAt(slot), bytes, SlotPrefix);
    }

    // The new slots are written before the old ones are blanked. Between the two a call is named twice, which does no harm.
    private void Grow(int line, int opening)
    {
        long oldArea = _area;
        long oldEnd = _end;
        int slots = _free.Count > 0 ? _slots.Length : Math.Max(FirstSlots, _slots.Length * 2);
        int slotSize = Math.Max(_slotSize, (opening + 63) / 64 * 64);
        long room = Math.Clamp((_committed - _headerLength) / 4, _sink.LeastRoom, _sink.MostRoom);
        if (!TryReserve(line + room, slots, slotSize) && !TryReserve(line, slots, slotSize))
        {
            throw new IOException("There is no space left for the recording.");
        }

        for (int slot = slots - 1; slot >= _slots.Length; slot--)
        {
            _free.Push(slot);
        }

        Array.Resize(ref _slots, slots);
        _slotSize = slotSize;
        for (int slot = 0; slot < slots; slot++)
        {
            if (_slots[slot] is CallInProgress call)
            {
                WriteSlot(slot, call.Opening.WrittenSpan);
            }
        }

        _sink.Reserve(oldArea, Math.Min(oldEnd, _area));
    }

    private bool TryReserve(long room, int slots, int slotSize)
    {
        long area = Math.Max(_committed + room, _end);
        long end = area + ((long)slots * slotSize);
        try
        {
            _sink.Reserve(_end, end);
        }
        catch (IOException) when (room > 0)
        {
            _sink.SetLength(_end);
            return false;
        }

        _area = area;
        _end = end;
        _sink.Window(_committed, _end);
        return true;
    }
}
