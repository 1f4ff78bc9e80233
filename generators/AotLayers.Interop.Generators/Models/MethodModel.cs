namespace AotLayers.Interop.Generators;

/// <summary>One [LibraryImport] declaration.</summary>
/// <param name="Name">Name of the method; also the function's name in recordings.</param>
/// <param name="Export">Name of the export it binds to.</param>
/// <param name="IsOptional">The export may be absent.</param>
/// <param name="SetsLastError">The method keeps the last error.</param>
/// <param name="Success">When the out-parameters mean something.</param>
/// <param name="Return">The return type; <see cref="TypeShape.Void"/> when there is none.</param>
/// <param name="ReturnHandle">Set when the return value is a handle.</param>
/// <param name="Strings">How strings cross the ABI.</param>
/// <param name="StreamRead">Set when the method reads the next bytes of a stream.</param>
/// <param name="Parameters">The parameters in order.</param>
internal sealed record MethodModel(
    string Name,
    string Export,
    bool IsOptional,
    bool SetsLastError,
    SuccessRule Success,
    TypeModel Return,
    HandleModel? ReturnHandle,
    StringEncoding Strings,
    StreamReadModel? StreamRead,
    EquatableArray<ParameterModel> Parameters)
{
    /// <summary>Return values with which out-values count although the call failed.</summary>
    public EquatableArray<long> ResultsOn { get; init; }

    /// <summary>Last errors with which out-values count although the call failed.</summary>
    public EquatableArray<long> ResultsOnLastError { get; init; }

    /// <summary>What a returned pointer-sized value is, where it is no handle.</summary>
    public ValueRole ReturnRole { get; init; }

    /// <summary>What a returned pointer points to.</summary>
    public ContentModel? ReturnContent { get; init; }

    /// <summary>How a returned string crosses the ABI.</summary>
    public StringEncoding ReturnStrings { get; init; }

    /// <summary>The return value is recorded by content, beside the out-parameters.</summary>
    public bool ReturnsContent =>
        ReturnContent is not null || Return.Shape is TypeShape.String or TypeShape.Struct or TypeShape.Guid or TypeShape.Char;

    /// <summary>A signature with a pointer needs the unsafe modifier wherever it is repeated.</summary>
    public bool IsUnsafe => Parameters.Any(static p => p.Type.Text.Contains('*')) || Return.Text.Contains('*');

    /// <summary>The name as C# source.</summary>
    public string Identifier =>
        Microsoft.CodeAnalysis.CSharp.SyntaxFacts.GetKeywordKind(Name) == Microsoft.CodeAnalysis.CSharp.SyntaxKind.None ? Name : "@" + Name;

    public ParameterModel? Find(string? name) => Parameters.FirstOrDefault(p => p.Name == name);

    /// <summary>A local variable's name that no parameter has.</summary>
    public string Local(string name)
    {
        while (Find(name) is not null)
        {
            name = "_" + name;
        }

        return name;
    }
}

/// <summary>Mirrors AotLayers.Interop.SuccessRule, by value.</summary>
internal enum SuccessRule
{
    HResult,
    Zero,
    NonZero,
    NotMinusOne,
    Always,
    NotNull,
    NonNegative,
    NoLastError,

    /// <summary>The return value is a handle: anything but the values that are none. What no attribute has to say.</summary>
    Handle = 100,
}

/// <summary>How strings cross the ABI of one method.</summary>
internal enum StringEncoding
{
    None,
    Utf16,
    Utf8,
    Ansi,
    BStr,
    Custom,
}

/// <summary>Mirrors AotLayers.Interop.StreamReadAttribute.</summary>
internal sealed record StreamReadModel(string Handle, string Buffer, string? ExceptWhen);

/// <summary>Mirrors AotLayers.Interop.HandleAttribute.</summary>
/// <param name="Kind">The kind, or several with a bar between them where a call takes any of them.</param>
/// <param name="Use">What the call does with the handle.</param>
/// <param name="ConsumedWhen">The integer parameter that ends the handle's life when it is not zero.</param>
internal sealed record HandleModel(string Kind, HandleUse Use, string? ConsumedWhen)
{
    /// <summary>Values that are no handle of this kind and are recorded as they are; null for the type's usual ones.</summary>
    public EquatableArray<long>? Plain { get; init; }

    /// <summary>A failing call gives no handle back.</summary>
    public bool IsMade => Use is HandleUse.Produced or HandleUse.InOut or HandleUse.Borrowed;
}

/// <summary>Mirrors AotLayers.Interop.HandleUse, by value.</summary>
internal enum HandleUse
{
    Used,
    Produced,
    Consumed,
    InOut,
    ConsumedOnSuccess,
    Borrowed,
}

/// <summary>Mirrors AotLayers.Interop.BufferAttribute.</summary>
internal sealed record BufferModel(string? Length, string? Written, bool WrittenByReturnValue)
{
    /// <summary>The counts are in bytes, whatever the elements are.</summary>
    public bool InBytes { get; init; }

    /// <summary>What stands behind the counted elements.</summary>
    public BufferTerminator Terminator { get; init; }

    /// <summary>A count beyond the room means that the room was filled.</summary>
    public bool Truncates { get; init; }

    /// <summary>A fixed number of elements.</summary>
    public int Count { get; init; }

    /// <summary>Something tells how much the callee wrote.</summary>
    public bool IsMeasured => Written is not null || WrittenByReturnValue || Count > 0 || Terminator == BufferTerminator.Ends;
}

/// <summary>Mirrors AotLayers.Interop.BufferTerminator, by value.</summary>
internal enum BufferTerminator
{
    Counted,
    NotCounted,
    Ends,
}

/// <summary>Mirrors AotLayers.Interop.Direction, by value.</summary>
internal enum Direction
{
    In,
    Out,
    InOut,
}

/// <summary>What a pointer-sized value is that is no handle.</summary>
internal enum ValueRole
{
    /// <summary>What its type says.</summary>
    Plain,

    /// <summary>A token that is recorded by identity.</summary>
    Opaque,

    /// <summary>Always zero.</summary>
    Reserved,
}

/// <summary>One parameter.</summary>
/// <param name="Name">Name without any @; the property's name in recordings.</param>
/// <param name="Mode">How it is passed.</param>
/// <param name="Type">Its type, without the passing mode.</param>
/// <param name="Handle">Set when it is a handle.</param>
/// <param name="Buffer">Set when it is a span with sizes elsewhere.</param>
/// <param name="IsCalleeAllocated">An out-string that the callee allocated.</param>
/// <param name="LengthOf">Name of the span whose length this parameter carries.</param>
/// <param name="WrittenOf">Name of the span whose written count this parameter carries.</param>
internal sealed record ParameterModel(
    string Name,
    PassingMode Mode,
    TypeModel Type,
    HandleModel? Handle,
    BufferModel? Buffer,
    bool IsCalleeAllocated,
    string? LengthOf,
    string? WrittenOf)
{
    /// <summary>Which way the values behind a pointer, span or array go.</summary>
    public Direction Direction { get; init; }

    /// <summary>What a pointer-sized value is that is no handle.</summary>
    public ValueRole Role { get; init; }

    /// <summary>Several values behind one pointer.</summary>
    public bool IsElements => Type.Shape is TypeShape.Span or TypeShape.ReadOnlySpan or TypeShape.Array;

    /// <summary>The callee writes to what the caller passed.</summary>
    public bool IsWritten => Mode is PassingMode.Out or PassingMode.Ref
        || ((IsElements || Type.Shape == TypeShape.Pointer) && Direction != Direction.In)
        || Type.HasCursors;

    /// <summary>What a pointer that came from the library points to.</summary>
    public ContentModel? Content { get; init; }

    /// <summary>Set when it is a function of the program.</summary>
    public CallbackModel? Callback { get; init; }

    /// <summary>It comes back as the context of a callback; only the program knows what it means.</summary>
    public bool IsContext { get; init; }

    /// <summary>How a string crosses the ABI.</summary>
    public StringEncoding Strings { get; init; }

    /// <summary>The name as C# source.</summary>
    public string Identifier =>
        Microsoft.CodeAnalysis.CSharp.SyntaxFacts.GetKeywordKind(Name) == Microsoft.CodeAnalysis.CSharp.SyntaxKind.None ? Name : "@" + Name;

    public string Modifier => Mode switch
    {
        PassingMode.In => "in ",
        PassingMode.Out => "out ",
        PassingMode.Ref => "ref ",
        _ => "",
    };

    public string Declaration => $"{Modifier}{Type.Text} {Identifier}";

    public string Argument => $"{Modifier}{Identifier}";
}

/// <summary>How a parameter is passed.</summary>
internal enum PassingMode
{
    Value,
    In,
    Out,
    Ref,
}
