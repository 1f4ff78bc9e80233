namespace AotLayers.Interop;

/// <content>
/// Handles. Each method takes the kind, or several with a bar between them, and the values that are no handles of this place (without
/// any: zero and -1): those are written as null for zero and as numbers. </content>
public partial class CallWriter
{
    private readonly List<(string Kind, nint Value, string Symbol)> _endsOnSuccess = [];

    /// <summary>
    /// Writes a handle that the call uses, as its symbol. A value that no recorded call produced gets a symbol of its own,
    /// <c>kind#?1</c>.
    /// </summary>
    public virtual void Handle(string? name, string kind, nint value, ReadOnlySpan<long> plain = default)
    {
        if (!Plain(name, value, plain))
        {
            Symbol(name, _host.Use(kind, value));
        }
    }

    /// <summary>Writes a handle that the call made: a new symbol.</summary>
    public virtual void Produced(string? name, string kind, nint value, ReadOnlySpan<long> plain = default)
    {
        if (!Plain(name, value, plain))
        {
            Birth(name, ValueForms.Handle, SlotKind.Produced, kind, value);
        }
    }

    /// <summary>Writes a handle whose life this call ends.</summary>
    public virtual void Consumed(string? name, string kind, nint value, ReadOnlySpan<long> plain = default)
    {
        if (!Plain(name, value, plain))
        {
            Symbol(name, _host.Consume(kind, value));
        }
    }

    /// <summary>Writes a handle whose life this call ends if it succeeds.</summary>
    public virtual void ConsumedOnSuccess(string? name, string kind, nint value, ReadOnlySpan<long> plain = default)
    {
        if (!Plain(name, value, plain))
        {
            string symbol = _host.Use(kind, value);
            _endsOnSuccess.Add((kind, value, symbol));
            Symbol(name, symbol);
        }
    }

    /// <summary>Writes the out side of an in-out handle: a live one keeps its symbol, a new value gets one.</summary>
    public virtual void Kept(string? name, string kind, nint value, ReadOnlySpan<long> plain = default)
    {
        if (!Plain(name, value, plain))
        {
            Birth(name, ValueForms.Handle, SlotKind.Kept, kind, value);
        }
    }

    /// <summary>
    /// Writes a handle that came out and that the program need not end: the symbol that its value has, or one of its own, <c>kind#?1</c>.
    /// </summary>
    public virtual void Borrowed(string? name, string kind, nint value, ReadOnlySpan<long> plain = default)
    {
        if (!Plain(name, value, plain))
        {
            Birth(name, ValueForms.Handle, SlotKind.Borrowed, kind, value);
        }
    }

    /// <summary>
    /// Writes a pointer that one side keeps for the other, by its identity: <c>{"$pointer":"token#?1"}</c>; zero is null.
    /// </summary>
    public virtual void Opaque(string? name, nint value)
    {
        if (!Plain(name, value, [0]))
        {
            Birth(name, ValueForms.Pointer, SlotKind.Borrowed, TokenKind, value);
        }
    }

    /// <summary>Writes a reserved parameter.</summary>
    /// <exception cref="ArgumentException">It is not zero.</exception>
    public void Reserved(string? name, nint value)
    {
        if (value != 0)
        {
            throw new ArgumentException("The parameter is reserved and must be zero.", name);
        }

        NInt(name, 0);
    }

    /// <summary>The kind under which tokens are numbered.</summary>
    internal const string TokenKind = "token";

    /// <summary>The handles that end if the call succeeds.</summary>
    internal List<(string Kind, nint Value, string Symbol)> EndsOnSuccess => _endsOnSuccess;

    private bool Plain(string? name, nint value, ReadOnlySpan<long> plain)
    {
        if (!HandleValues.IsPlain(value, plain))
        {
            return false;
        }

        if (value == 0)
        {
            Null(name);
        }
        else
        {
            NInt(name, value);
        }

        return true;
    }

    private void Symbol(string? name, string symbol) => Form(name, ValueForms.Handle, symbol);

    private void Birth(string? name, ReadOnlySpan<byte> key, SlotKind birth, string kind, nint value)
    {
        if (!_numbersLater)
        {
            Form(name, key, birth switch
            {
                SlotKind.Produced => _host.Produce(kind, value),
                SlotKind.Kept => _host.Keep(kind, value),
                _ => _host.Borrow(kind, value),
            });
            return;
        }

        Name(name);
        _writer.WriteStartObject();
        _writer.WriteString(key, ""u8);
        _writer.Flush();
        _slots.Add(LineSlot.OfHandle(birth, _json.WrittenCount - 1, kind, value));
        _writer.WriteEndObject();
    }

    private void Form(string? name, ReadOnlySpan<byte> key, string symbol)
    {
        Name(name);
        _writer.WriteStartObject();
        _writer.WriteString(key, symbol);
        _writer.WriteEndObject();
    }
}
