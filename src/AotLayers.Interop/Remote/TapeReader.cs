using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;

namespace AotLayers.Interop;

/// <summary>
/// Reads what another process wrote to a tape. That process may do anything to its memory: everything is checked.
/// </summary>
internal ref struct TapeReader(ReadOnlySpan<byte> tape, TapeNames names)
{
    // As deep as a recording may be read again.
    private const int MostDepth = 64;

    private readonly ReadOnlySpan<byte> _tape = tape;
    private readonly TapeNames _names = names;
    private int _at;

    /// <summary>The arguments that were copied have a function of the program among them.</summary>
    public bool PassesCallback { get; private set; }

    public byte Byte() => Take(1)[0];

    public int Int32() => BinaryPrimitives.ReadInt32LittleEndian(Take(4));

    public long Int64() => BinaryPrimitives.ReadInt64LittleEndian(Take(8));

    public ReadOnlySpan<byte> Bytes() => Take(Int32());

    public string? Name()
    {
        int length = Byte();
        return length == 0 ? null : _names.Get(Take(length));
    }

    /// <summary>A name that has to be there.</summary>
    public string RequiredName() => Name() ?? throw Damaged();

    /// <summary>Text of any length.</summary>
    public string Text() => Encoding.UTF8.GetString(Bytes());

    /// <summary>Writes arguments up to their end.</summary>
    public void CopyTo(CallWriter writer)
    {
        int depth = 0;
        while (true)
        {
            var op = (TapeOp)Byte();
            if (op == TapeOp.End)
            {
                if (depth != 0)
                {
                    throw Damaged();
                }

                return;
            }

            if (op is TapeOp.ObjectEnd or TapeOp.ArrayEnd)
            {
                if (--depth < 0)
                {
                    throw Damaged();
                }

                if (op == TapeOp.ObjectEnd)
                {
                    writer.EndObject();
                }
                else
                {
                    writer.EndArray();
                }

                continue;
            }

            if (op is TapeOp.Object or TapeOp.Array && ++depth > MostDepth)
            {
                throw Damaged();
            }

            Value(writer, op, Name());
        }
    }

    private void Value(CallWriter writer, TapeOp op, string? name)
    {
        switch (op)
        {
            case TapeOp.Signed:
                writer.Int64(name, Int64());
                break;
            case TapeOp.Unsigned:
                writer.UInt64(name, unchecked((ulong)Int64()));
                break;
            case TapeOp.Bool:
                PassesCallback |= name == CallWriter.CallbackName;
                writer.Bool(name, Byte() != 0);
                break;
            case TapeOp.Real:
                writer.Double(name, BitConverter.Int64BitsToDouble(Int64()));
                break;
            case TapeOp.Guid:
                ReadOnlySpan<byte> guid = Bytes();
                writer.Guid(name, guid.Length == 16 ? new Guid(guid) : throw Damaged());
                break;
            case TapeOp.Chars:
                writer.Chars(name, MemoryMarshal.Cast<byte, char>(Bytes()));
                break;
            case TapeOp.Utf8:
                writer.Text(name, Text());
                break;
            case TapeOp.Bytes:
                writer.Bytes(name, Bytes());
                break;
            case TapeOp.Length:
                writer.Length(name, Int32());
                break;
            case TapeOp.Hex:
                writer.Hex(name, Bytes());
                break;
            case TapeOp.Room:
                writer.Capacity(name, Int64());
                break;
            case TapeOp.Object:
                writer.BeginObject(name);
                break;
            case TapeOp.Array:
                writer.BeginArray(name);
                break;
            case TapeOp.Null:
                writer.Null(name);
                break;
            case TapeOp.Opaque:
                writer.Opaque(name, (nint)Int64());
                break;
            default:
                Handle(writer, op, name);
                break;
        }
    }

    private void Handle(CallWriter writer, TapeOp op, string? name)
    {
        string kind = RequiredName();
        nint value = (nint)Int64();

        // The writer in the other process has looked already: no value is a plain one here.
        ReadOnlySpan<long> plain = [long.MinValue];
        switch (op)
        {
            case TapeOp.Used:
                writer.Handle(name, kind, value, plain);
                break;
            case TapeOp.Produced:
                writer.Produced(name, kind, value, plain);
                break;
            case TapeOp.Consumed:
                writer.Consumed(name, kind, value, plain);
                break;
            case TapeOp.ConsumedOnSuccess:
                writer.ConsumedOnSuccess(name, kind, value, plain);
                break;
            case TapeOp.Kept:
                writer.Kept(name, kind, value, plain);
                break;
            case TapeOp.Borrowed:
                writer.Borrowed(name, kind, value, plain);
                break;
            default:
                throw Damaged();
        }
    }

    private ReadOnlySpan<byte> Take(int length)
    {
        if (length < 0 || length > _tape.Length - _at)
        {
            throw Damaged();
        }

        ReadOnlySpan<byte> bytes = _tape.Slice(_at, length);
        _at += length;
        return bytes;
    }

    private static InvalidDataException Damaged() => new("the program wrote over the values of a call");
}

/// <summary>The names that a program sends again and again, each as one string.</summary>
internal sealed class TapeNames
{
    private readonly Dictionary<string, string> _names = new(StringComparer.Ordinal);

    public string Get(ReadOnlySpan<byte> ascii)
    {
        Span<char> chars = stackalloc char[256];
        chars = chars[..Encoding.Latin1.GetChars(ascii, chars)];
        if (_names.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(chars, out string? known))
        {
            return known;
        }

        string name = new(chars);

        // Names of declarations are few; what a damaged tape holds is not kept.
        if (_names.Count < 10_000)
        {
            _names.Add(name, name);
        }

        return name;
    }
}
