namespace AotLayers.Interop;

/// <summary>
/// Copies the arguments of a call to a tape instead of writing JSON, for another process to write: no hashing, no text, no symbols.
/// </summary>
internal sealed class TapeCallWriter(bool wantsContent) : CallWriter
{
    private readonly TapeBuffer _tape = new();

    /// <summary>Ends the tape, once.</summary>
    public ReadOnlySpan<byte> Finished()
    {
        _tape.Byte((byte)TapeOp.End);
        return _tape.Written;
    }

    public override void Int32(string? name, int value) => Int64(name, value);

    public override void UInt32(string? name, uint value) => UInt64(name, value);

    public override void Int64(string? name, long value)
    {
        Op(TapeOp.Signed, name);
        _tape.Int64(value);
    }

    public override void UInt64(string? name, ulong value)
    {
        Op(TapeOp.Unsigned, name);
        _tape.Int64(unchecked((long)value));
    }

    public override void Bool(string? name, bool value)
    {
        Op(TapeOp.Bool, name);
        _tape.Byte(value ? (byte)1 : (byte)0);
    }

    public override void Double(string? name, double value)
    {
        Op(TapeOp.Real, name);
        _tape.Int64(BitConverter.DoubleToInt64Bits(value));
    }

    public override void Guid(string? name, Guid value)
    {
        Span<byte> bytes = stackalloc byte[16];
        value.TryWriteBytes(bytes);
        Op(TapeOp.Guid, name);
        _tape.Bytes(bytes);
    }

    public override void Text(string? name, string? value)
    {
        if (value is null)
        {
            Null(name);
        }
        else
        {
            Chars(name, value);
        }
    }

    public override void Chars(string? name, ReadOnlySpan<char> value)
    {
        Op(TapeOp.Chars, name);
        _tape.Chars(value);
    }

    public override void Bytes(string? name, ReadOnlySpan<byte> value)
    {
        if (wantsContent)
        {
            Op(TapeOp.Bytes, name);
            _tape.Bytes(value);
        }
        else
        {
            Op(TapeOp.Length, name);
            _tape.Int32(value.Length);
        }
    }

    public override void Hex(string? name, ReadOnlySpan<byte> value)
    {
        Op(TapeOp.Hex, name);
        _tape.Bytes(value);
    }

    /// <summary>
    /// Nothing: these bytes are in memory of a program that is not ours. Where no field is, it holds whatever was there before.
    /// </summary>
    public override void Gaps(ReadOnlySpan<byte> value, ReadOnlySpan<byte> fields)
    {
    }

    public override void Capacity(string? name, long elements)
    {
        Op(TapeOp.Room, name);
        _tape.Int64(elements);
    }

    public override void BeginObject(string? name) => Op(TapeOp.Object, name);

    public override void EndObject() => _tape.Byte((byte)TapeOp.ObjectEnd);

    public override void BeginArray(string? name) => Op(TapeOp.Array, name);

    public override void EndArray() => _tape.Byte((byte)TapeOp.ArrayEnd);

    public override void Null(string? name) => Op(TapeOp.Null, name);

    public override void Handle(string? name, string kind, nint value, ReadOnlySpan<long> plain = default) =>
        Handle(TapeOp.Used, name, kind, value, plain);

    public override void Produced(string? name, string kind, nint value, ReadOnlySpan<long> plain = default) =>
        Handle(TapeOp.Produced, name, kind, value, plain);

    public override void Consumed(string? name, string kind, nint value, ReadOnlySpan<long> plain = default) =>
        Handle(TapeOp.Consumed, name, kind, value, plain);

    public override void ConsumedOnSuccess(string? name, string kind, nint value, ReadOnlySpan<long> plain = default) =>
        Handle(TapeOp.ConsumedOnSuccess, name, kind, value, plain);

    public override void Kept(string? name, string kind, nint value, ReadOnlySpan<long> plain = default) =>
        Handle(TapeOp.Kept, name, kind, value, plain);

    public override void Borrowed(string? name, string kind, nint value, ReadOnlySpan<long> plain = default) =>
        Handle(TapeOp.Borrowed, name, kind, value, plain);

    public override void Opaque(string? name, nint value)
    {
        Op(TapeOp.Opaque, name);
        _tape.Int64(value);
    }

    private protected override void Utf8(string? name, ReadOnlySpan<byte> text)
    {
        Op(TapeOp.Utf8, name);
        _tape.Bytes(text);
    }

    internal override void Reset() => _tape.Reset();

    private void Handle(TapeOp op, string? name, string kind, nint value, ReadOnlySpan<long> plain)
    {
        // Which values are no handles is the declaration's to say; the other side only needs the outcome.
        if (!HandleValues.IsPlain(value, plain))
        {
            Op(op, name);
            _tape.Name(kind);
            _tape.Int64(value);
        }
        else if (value == 0)
        {
            Null(name);
        }
        else
        {
            Int64(name, value);
        }
    }

    private void Op(TapeOp op, string? name)
    {
        _tape.Byte((byte)op);
        _tape.Name(name);
    }
}
