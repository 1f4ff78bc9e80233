namespace AotLayers.Interop.Generators;

/// <summary>A type as the written code needs to know it.</summary>
/// <param name="Shape">What family it belongs to.</param>
/// <param name="Text">The type as C# source, fully qualified.</param>
/// <param name="Scalar">Name of the runtime's scalar (<c>Int32</c>, <c>NUInt</c>, ...) of a scalar or of an enum's underlying type.</param>
/// <param name="ScalarText">The C# keyword of <paramref name="Scalar"/>.</param>
/// <param name="Element">Element of a span, or what a pointer points to.</param>
/// <param name="Helper">Suffix of the helper methods that read and write a struct.</param>
/// <param name="Marshaller">Set for a struct that has a custom marshaller.</param>
internal sealed record TypeModel(
    TypeShape Shape,
    string Text,
    string? Scalar = null,
    string? ScalarText = null,
    TypeModel? Element = null,
    string? Helper = null,
    MarshallerModel? Marshaller = null)
{
    /// <summary>The type at the ABI where it is another one: of bool and char.</summary>
    public string? Native { get; init; }

    /// <summary>What true is at the ABI.</summary>
    public string? True { get; init; }

    /// <summary>A returned string that stays the library's.</summary>
    public bool IsLibraryOwned { get; init; }

    /// <summary>A struct that holds cursors, or a pointer to one.</summary>
    public bool HasCursors { get; init; }

    /// <summary>The function is passed as a delegate.</summary>
    public bool IsDelegate { get; init; }

    /// <summary>A struct whose out form differs from its in form.</summary>
    public bool HasOutForm { get; init; }
}

/// <summary>The families of types that a declaration can use.</summary>
internal enum TypeShape
{
    Void,
    Scalar,
    Enum,
    Guid,
    String,
    Struct,
    Pointer,
    Span,
    ReadOnlySpan,

    /// <summary>A bool, whose size at the ABI is stated.</summary>
    Bool,

    /// <summary>C's long or unsigned long: 4 bytes on Windows, as large as a pointer elsewhere.</summary>
    CLong,

    /// <summary>One UTF-16 unit.</summary>
    Char,

    /// <summary>A pointer of any type that is passed as it is.</summary>
    Address,

    /// <summary>A function of the program.</summary>
    Callback,

    /// <summary>An array of values that crosses by its memory.</summary>
    Array,

    /// <summary>A class derived from SafeHandle.</summary>
    SafeHandle,
}

/// <summary>A stateless marshaller of a struct.</summary>
/// <param name="Type">Full name of the marshaller.</param>
/// <param name="Native">Full name of the native struct.</param>
/// <param name="CanConvertToManaged">It has ConvertToManaged.</param>
/// <param name="CanConvertToUnmanaged">It has ConvertToUnmanaged.</param>
internal sealed record MarshallerModel(string Type, string Native, bool CanConvertToManaged, bool CanConvertToUnmanaged);

/// <summary>A struct whose fields are recorded.</summary>
/// <param name="Text">Full name.</param>
/// <param name="Helper">Suffix of its helper methods, unique within the API.</param>
/// <param name="Fields">Its fields in order.</param>
internal sealed record StructModel(string Text, string Helper, EquatableArray<FieldModel> Fields)
{
    /// <summary>It holds cursors into the caller's memory: what a call did is told by how far they moved.</summary>
    public bool HasCursors => Fields.Any(static f => f.Shape is FieldShape.InputCursor or FieldShape.OutputCursor);

    /// <summary>Fields lie over each other: only the bytes say everything.</summary>
    public bool IsUnion { get; init; }

    /// <summary>There are bytes that belong to no field.</summary>
    public bool HasGaps { get; init; }

    /// <summary>What comes out is written in another form than what goes in: it holds handles, or bytes that belong to no field.</summary>
    public bool HasOutForm { get; init; }
}

/// <summary>One recorded field.</summary>
/// <param name="Name">Name of the field.</param>
/// <param name="Json">The property's name in recordings.</param>
/// <param name="Shape">How it is recorded.</param>
/// <param name="Type">Its type; for an inline array the element's.</param>
/// <param name="Length">Number of elements of an inline array.</param>
internal sealed record FieldModel(string Name, string Json, FieldShape Shape, TypeModel Type, int Length)
{
    /// <summary>Of a cursor: the field that counts the bytes left.</summary>
    public string? Remaining { get; init; }

    /// <summary>Set when the field is a handle.</summary>
    public HandleModel? Handle { get; init; }

    /// <summary>Encoding of the library's text.</summary>
    public NativeTextEncoding Encoding { get; init; }
}

/// <summary>How a field is recorded.</summary>
internal enum FieldShape
{
    /// <summary>As a parameter of its type would be.</summary>
    Value,

    /// <summary>An [InlineArray] of char: text without the NULs at its end.</summary>
    Chars,

    /// <summary>An [InlineArray] of byte: hexadecimal.</summary>
    Bytes,

    /// <summary>An [InlineArray] of anything else: an array.</summary>
    Elements,

    /// <summary>A fixed buffer of byte, char or another number.</summary>
    Fixed,

    /// <summary>A pointer into the caller's data that the callee moves on as it reads.</summary>
    InputCursor,

    /// <summary>A pointer into the caller's room that the callee moves on as it writes.</summary>
    OutputCursor,

    /// <summary>A pointer to text of the library.</summary>
    LibraryText,

    /// <summary>A pointer that means something to one side only.</summary>
    Opaque,
}
