using System.Text.Json;

namespace AotLayers.Interop;

/// <summary>
/// Reads the recorded out-arguments of one call, in the forms that <see cref="CallWriter"/> writes. Every method takes the JSON property
/// name, or null for the element itself (inside arrays). A value that is not there, or not of its form, is a
/// <see cref="ReplayException"/> that names the recording's line.
/// </summary>
public readonly partial struct CallReader
{
    private readonly BoundedJsonValue _value;
    private readonly ReplayCall _call;

    internal CallReader(BoundedJsonValue value, ReplayCall call)
    {
        _value = value;
        _call = call;
    }

    /// <summary>Number of elements of an array.</summary>
    public int Count => _value.Kind == JsonValueKind.Array ? _value.Count : throw Wrong(null, "an array");

    /// <summary>An element of an array.</summary>
    public CallReader this[int index] => new(_value[index], _call);

    /// <summary>True when the value is null.</summary>
    public bool IsNull(string? name) => Get(name).Kind == JsonValueKind.Null;

    /// <summary>Reads what <see cref="CallWriter.Int32"/> wrote.</summary>
    public int Int32(string? name) =>
        Get(name).TryNumber(out long number) && number == (int)number ? (int)number : throw Wrong(name, "a 32-bit integer");

    /// <summary>Reads what <see cref="CallWriter.UInt32"/> wrote.</summary>
    public uint UInt32(string? name) =>
        Get(name).TryNumber(out long number) && number == (uint)number ? (uint)number : throw Wrong(name, "an unsigned 32-bit integer");

    /// <summary>Reads an 8-bit integer, which is written as a 32-bit one.</summary>
    public sbyte SByte(string? name) =>
        Int32(name) is var value && value == (sbyte)value ? (sbyte)value : throw Wrong(name, "an 8-bit integer");

    /// <summary>Reads an 8-bit integer, which is written as a 32-bit one.</summary>
    public byte Byte(string? name) =>
        UInt32(name) is var value && value == (byte)value ? (byte)value : throw Wrong(name, "an unsigned 8-bit integer");

    /// <summary>Reads a 16-bit integer, which is written as a 32-bit one.</summary>
    public short Int16(string? name) =>
        Int32(name) is var value && value == (short)value ? (short)value : throw Wrong(name, "a 16-bit integer");

    /// <summary>Reads a 16-bit integer, which is written as a 32-bit one.</summary>
    public ushort UInt16(string? name) =>
        UInt32(name) is var value && value == (ushort)value ? (ushort)value : throw Wrong(name, "an unsigned 16-bit integer");

    /// <summary>Reads what <see cref="CallWriter.Int64"/> wrote.</summary>
    public long Int64(string? name) => Get(name).TryInteger(out long number) ? number : throw Wrong(name, "a 64-bit integer");

    /// <summary>Reads what <see cref="CallWriter.UInt64"/> wrote.</summary>
    public ulong UInt64(string? name) =>
        Get(name).TryInteger(out ulong number) ? number : throw Wrong(name, "an unsigned 64-bit integer");

    /// <summary>Reads what <see cref="CallWriter.NInt"/> wrote.</summary>
    public nint NInt(string? name) =>
        Int64(name) is var value && value == (nint)value ? (nint)value : throw Wrong(name, "a pointer-sized integer");

    /// <summary>Reads what <see cref="CallWriter.NUInt"/> wrote.</summary>
    public nuint NUInt(string? name) =>
        UInt64(name) is var value && value == (nuint)value ? (nuint)value : throw Wrong(name, "a pointer-sized unsigned integer");

    /// <summary>Reads what <see cref="CallWriter.Bool"/> wrote.</summary>
    public bool Bool(string? name) => Get(name).Kind switch
    {
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        _ => throw Wrong(name, "true or false"),
    };

    /// <summary>Reads what <see cref="CallWriter.Double"/> wrote.</summary>
    public double Double(string? name) => Get(name).TryReal(out double number) ? number : throw Wrong(name, "a number");

    /// <summary>Reads what <see cref="CallWriter.Guid"/> wrote.</summary>
    public Guid Guid(string? name) =>
        Get(name) is { Kind: JsonValueKind.String } value && System.Guid.TryParseExact(value.TextOrNull(), "D", out Guid guid)
            ? guid
            : throw Wrong(name, "a GUID");

    /// <summary>Reads what <see cref="CallWriter.Text"/> wrote.</summary>
    public string? Text(string? name)
    {
        BoundedJsonValue value = Get(name);
        return value.Kind switch
        {
            JsonValueKind.Null => null,
            JsonValueKind.String => _call.Restore(value.TextOrNull()!),
            JsonValueKind.Object when ValueForms.Text(value) is string text => text,
            _ => throw Wrong(name, "text or null"),
        };
    }

    /// <summary>Reads text into a buffer of characters; the rest of the buffer stays as it is.</summary>
    /// <returns>Number of characters.</returns>
    public int CopyChars(string? name, Span<char> buffer)
    {
        string text = Text(name) ?? "";
        return text.TryCopyTo(buffer)
            ? text.Length
            : throw Wrong(name, $"text of at most {buffer.Length} characters, which is the room in the buffer");
    }

    /// <summary>Reads what <see cref="CallWriter.Bytes"/> wrote into a buffer; the rest of the buffer stays as it is.</summary>
    /// <returns>Number of bytes.</returns>
    public int CopyBytes(string? name, Span<byte> buffer)
    {
        BoundedJsonValue value = Get(name);
        string? redacted = _call.Redacted(value);
        long length = redacted is null ? ValueForms.Length(value) : System.Text.Encoding.UTF8.GetByteCount(redacted);
        return length < 0 ? throw Wrong(name, "a buffer")
            : length > buffer.Length ? throw Wrong(name, $"a buffer of at most {buffer.Length} bytes, which is the room")
            : redacted is null ? _call.CopyData(value, buffer)
            : System.Text.Encoding.UTF8.GetBytes(redacted, buffer);
    }

    /// <summary>Reads what <see cref="CallWriter.Hex"/> wrote; all of the buffer is filled.</summary>
    public void Hex(string? name, Span<byte> buffer)
    {
        BoundedJsonValue value = Get(name);
        if (value.Kind != JsonValueKind.String
            || value.Raw.Length != buffer.Length * 2
            || Convert.FromHexString(value.Raw, buffer, out _, out _) != System.Buffers.OperationStatus.Done)
        {
            throw Wrong(name, $"{buffer.Length} bytes in hexadecimal digits");
        }
    }

    /// <summary>
    /// Reads what <see cref="CallWriter.Produced"/> wrote: a new handle value of this replay, or the value that is no handle.
    /// </summary>
    public nint Produced(string? name, string kind) => Handle(name, kind, keep: false);

    /// <summary>
    /// Reads what <see cref="CallWriter.Kept"/> or <see cref="CallWriter.Borrowed"/> wrote: the value that the handle has in this replay,
    /// or a new one.
    /// </summary>
    public nint Kept(string? name, string kind) => Handle(name, kind, keep: true);

    /// <summary>Reads what <see cref="CallWriter.Opaque"/> wrote: the program's own token, or one that stands for the library's.</summary>
    public nint Opaque(string? name)
    {
        BoundedJsonValue value = Get(name);
        return value.Kind == JsonValueKind.Null ? 0
            : ValueForms.PointerSymbol(value) is string symbol ? _call.Make(symbol, CallWriter.TokenKind, keep: true)
            : throw Wrong(name, "a pointer or null");
    }

    /// <summary>Opens a struct.</summary>
    public CallReader Object(string? name) =>
        Get(name) is { Kind: JsonValueKind.Object } value ? new CallReader(value, _call) : throw Wrong(name, "an object");

    /// <summary>Opens an array.</summary>
    public CallReader Array(string? name) =>
        Get(name) is { Kind: JsonValueKind.Array } value ? new CallReader(value, _call) : throw Wrong(name, "an array");

    /// <summary>Opens an array that fills a buffer.</summary>
    /// <param name="name">Name of the buffer.</param>
    /// <param name="room">Elements of the buffer.</param>
    public CallReader Array(string? name, int room) => Array(name) is var items && items.Count <= room
        ? items
        : throw new ReplayException($"The recording has {items.Count} elements for the buffer {name}, which has room for {room}.");

    /// <summary>Reads what <see cref="CallWriter.Raw"/> wrote.</summary>
    public void Raw(Span<byte> value) => Hex(CallWriter.RawName, value);

    /// <summary>Puts what <see cref="CallWriter.Gaps"/> wrote into a struct whose fields were read.</summary>
    public void Gaps(Span<byte> value)
    {
        if (!_value.Find(CallWriter.GapsName).Exists)
        {
            return;
        }

        byte[] gaps = new byte[value.Length];
        Hex(CallWriter.GapsName, gaps);
        for (int i = 0; i < gaps.Length; i++)
        {
            value[i] ^= gaps[i];
        }
    }

    private nint Handle(string? name, string kind, bool keep)
    {
        BoundedJsonValue value = Get(name);
        return value.Kind switch
        {
            JsonValueKind.Null => 0,
            JsonValueKind.Number when value.TryNumber(out long plain) && plain == (nint)plain => (nint)plain,
            JsonValueKind.Object when ValueForms.Symbol(value) is string symbol => _call.Make(symbol, kind, keep),
            _ => throw Wrong(name, "a handle, a number or null"),
        };
    }

    private BoundedJsonValue Get(string? name)
    {
        BoundedJsonValue value = name is null ? _value : _value.Find(name);
        return value.Exists ? value : throw Wrong(name, "there");
    }

    private ReplayException Wrong(string? name, string what) => _call.Wrong($"out value {name ?? "in an array"} is not {what}");
}
