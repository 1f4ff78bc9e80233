namespace AotLayers.Interop;

/// <summary>A place in a call's JSON where something is put in when its line is written, because only then it is known what.</summary>
internal readonly struct LineSlot
{
    private LineSlot(SlotKind kind, int jsonOffset)
    {
        Kind = kind;
        JsonOffset = jsonOffset;
    }

    public SlotKind Kind { get; }

    /// <summary>Offset in the JSON.</summary>
    public int JsonOffset { get; }

    /// <summary>SHA-256 of a content, which is put in if this line is the first that holds it.</summary>
    public ContentHash Hash { get; private init; }

    /// <summary>Offset of the content in the writer's data.</summary>
    public int DataOffset { get; private init; }

    /// <summary>Length of the content in bytes.</summary>
    public int Length { get; private init; }

    /// <summary>Kind of a handle, whose symbol is put in.</summary>
    public string HandleKind { get; private init; } = "";

    /// <summary>Value of the handle.</summary>
    public nint Value { get; private init; }

    public static LineSlot OfData(int jsonOffset, ContentHash hash, int dataOffset, int length) =>
        new(SlotKind.Data, jsonOffset) { Hash = hash, DataOffset = dataOffset, Length = length };

    public static LineSlot OfHandle(SlotKind birth, int jsonOffset, string handleKind, nint value) =>
        new(birth, jsonOffset) { HandleKind = handleKind, Value = value };
}

/// <summary>What is put in.</summary>
internal enum SlotKind
{
    /// <summary>Content of a buffer.</summary>
    Data,

    /// <summary>Symbol of a new handle.</summary>
    Produced,

    /// <summary>Symbol of a handle that was there, or is new.</summary>
    Kept,

    /// <summary>Symbol of a handle that is nobody's to end.</summary>
    Borrowed,
}
