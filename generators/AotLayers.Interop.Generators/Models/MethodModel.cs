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
    /// <summary>What a returned pointer points to.</summary>
    public ContentModel? ReturnContent { get; init; }

    /// <summary>How a returned string crosses the ABI.</summary>
    public StringEncoding ReturnStrings { get; init; }

    /// <summary>The return value is recorded by content, beside the out-parameters.</summary>
    public bool ReturnsContent => ReturnContent is not null || Return.Shape is TypeShape.String or TypeShape.Struct or TypeShape.Guid or TypeShape.Char;

    /// <summary>A signature with a pointer needs the unsafe modifier wherever it is repeated.</summary>
    public bool IsUnsafe => Parameters.Any(static p => p.Type.Text.Contains('*')) || Return.Text.Contains('*');

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
internal sealed record HandleModel(string Kind, HandleUse Use, string? ConsumedWhen);

/// <summary>Mirrors AotLayers.Interop.HandleUse, by value.</summary>
internal enum HandleUse
{
    Used,
    Produced,
    Consumed,
    InOut,
}

/// <summary>Mirrors AotLayers.Interop.BufferAttribute.</summary>
internal sealed record BufferModel(string? Length, string? Written, bool WrittenByReturnValue);

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
    /// <summary>What a pointer that came from the library points to.</summary>
    public ContentModel? Content { get; init; }

    /// <summary>Set when it is a function of the program.</summary>
    public CallbackModel? Callback { get; init; }

    /// <summary>It comes back as the context of a callback; only the program knows what it means.</summary>
    public bool IsContext { get; init; }

    /// <summary>How a string crosses the ABI.</summary>
    public StringEncoding Strings { get; init; }

    /// <summary>The name as C# source.</summary>
    public string Identifier => Microsoft.CodeAnalysis.CSharp.SyntaxFacts.GetKeywordKind(Name) == Microsoft.CodeAnalysis.CSharp.SyntaxKind.None ? Name : "@" + Name;

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
