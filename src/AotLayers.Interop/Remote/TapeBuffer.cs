using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace AotLayers.Interop;

/// <summary>Bytes that grow, and are kept for the next call. Everything is little-endian.</summary>
internal sealed class TapeBuffer
{
    // What one call with a large buffer needed is not kept for ever in somebody else's process.
    private const int MostKept = 1 << 20;

    private byte[] _bytes = new byte[256];
    private int _length;

    public ReadOnlySpan<byte> Written => _bytes.AsSpan(0, _length);

    public void Reset()
    {
        _length = 0;
        if (_bytes.Length > MostKept)
        {
            _bytes = new byte[256];
        }
    }

    public void Byte(byte value) => Room(1)[0] = value;

    public void Int32(int value) => BinaryPrimitives.WriteInt32LittleEndian(Room(4), value);

    public void Int64(long value) => BinaryPrimitives.WriteInt64LittleEndian(Room(8), value);

    public void Bytes(ReadOnlySpan<byte> value)
    {
        Int32(value.Length);
        value.CopyTo(Room(value.Length));
    }

    public void Chars(ReadOnlySpan<char> value) => Bytes(MemoryMarshal.AsBytes(value));

    /// <summary>A name of the declarations: at most 255 ASCII characters, or null.</summary>
    public void Name(string? name)
    {
        if (name is null)
        {
            Byte(0);
            return;
        }

        Span<byte> room = Room(1 + name.Length);
        room[0] = checked((byte)name.Length);
        for (int i = 0; i < name.Length; i++)
        {
            room[i + 1] = (byte)name[i];
        }
    }

    private Span<byte> Room(int length)
    {
        int end = checked(_length + length);
        if (end > _bytes.Length)
        {
            Array.Resize(ref _bytes, (int)Math.Min(Math.Max((long)end, 2L * _bytes.Length), Array.MaxLength));
        }

        Span<byte> room = _bytes.AsSpan(_length, length);
        _length = end;
        return room;
    }
}
