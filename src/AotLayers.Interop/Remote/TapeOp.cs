namespace AotLayers.Interop;

/// <summary>What stands next on a tape: one per method of <see cref="CallWriter"/> that writes something of its own.</summary>
internal enum TapeOp : byte
{
    End,
    Signed,
    Unsigned,
    Bool,
    Real,
    Guid,
    Chars,
    Utf8,
    Bytes,

    /// <summary>The length of a buffer whose content is not wanted.</summary>
    Length,
    Hex,
    Room,
    Object,
    ObjectEnd,
    Array,
    ArrayEnd,
    Null,
    Used,
    Produced,
    Consumed,
    ConsumedOnSuccess,
    Kept,
    Borrowed,
    Opaque,
}
