namespace AotLayers.Interop.Generators;

/// <summary>A parameter that takes a function: mirrors AotLayers.Interop.CallbackAttribute.</summary>
/// <param name="Signature">What the function takes and gives.</param>
/// <param name="Context">The function's parameter that comes back as the callback's context.</param>
/// <param name="IsRegistered">The callback may come after the call has returned.</param>
internal sealed record CallbackModel(CallbackSignature Signature, string? Context, bool IsRegistered);

/// <summary>The signature of a callback, once per delegate or function pointer type of an API.</summary>
/// <param name="Name">Name in the written code, unique within the API.</param>
/// <param name="DelegateType">The delegate type, or null when only a function pointer describes it.</param>
/// <param name="Convention">Calling convention, <c>Cdecl</c>, <c>Stdcall</c> or empty for the platform's default.</param>
/// <param name="Return">The return type.</param>
/// <param name="Parameters">The parameters, which are all passed by value.</param>
internal sealed record CallbackSignature(
    string Name,
    string? DelegateType,
    string Convention,
    TypeModel Return,
    EquatableArray<CallbackParameter> Parameters)
{
    /// <summary>The function pointer type as C# source.</summary>
    public string PointerType =>
        $"delegate* unmanaged{(Convention.Length == 0 ? "" : $"[{Convention}]")}<{string.Join(", ", Parameters.Select(static p => p.Type.Text).Append(Return.Text))}>";

    /// <summary>The parameter that carries the context, or null.</summary>
    public CallbackParameter? Context => Parameters.FirstOrDefault(static p => p.Role == CallbackRole.Context);

    /// <summary>The program gives something back beside the return value.</summary>
    public bool HasOut => Parameters.Any(static p => p.IsOut);

    public CallbackParameter? Find(string? name) => Parameters.FirstOrDefault(p => p.Name == name);

    public string Local(string name)
    {
        while (Find(name) is not null)
        {
            name = "_" + name;
        }

        return name;
    }
}

/// <summary>One parameter of a callback.</summary>
/// <param name="Name">Its name in recordings.</param>
/// <param name="Type">Its type.</param>
/// <param name="Role">What it carries.</param>
internal sealed record CallbackParameter(string Name, TypeModel Type, CallbackRole Role)
{
    /// <summary>Set for a handle.</summary>
    public HandleModel? Handle { get; init; }

    /// <summary>Set for memory of the library that goes in, and for memory of the program that comes out.</summary>
    public ContentModel? Content { get; init; }

    /// <summary>Set for room that the program fills.</summary>
    public BufferModel? Buffer { get; init; }

    /// <summary>The program writes through it.</summary>
    public bool IsOut => Role is CallbackRole.Out or CallbackRole.InOut or CallbackRole.Buffer or CallbackRole.OutContent;

    /// <summary>Something stands in the in-arguments.</summary>
    public bool IsIn => Role is not (CallbackRole.Context or CallbackRole.Out or CallbackRole.OutContent);

    public string Identifier =>
        Microsoft.CodeAnalysis.CSharp.SyntaxFacts.GetKeywordKind(Name) == Microsoft.CodeAnalysis.CSharp.SyntaxKind.None ? Name : "@" + Name;
}

/// <summary>What a parameter of a callback carries.</summary>
internal enum CallbackRole
{
    /// <summary>A number, an enum or a struct.</summary>
    Value,

    /// <summary>The program's own token.</summary>
    Context,

    /// <summary>A handle.</summary>
    Handle,

    /// <summary>A pointer to text or memory of the library.</summary>
    Content,

    /// <summary>A pointer to one value that goes in.</summary>
    In,

    /// <summary>A pointer to one value that the program writes.</summary>
    Out,

    /// <summary>A pointer to one value that goes in and that the program may change.</summary>
    InOut,

    /// <summary>Room that the program fills.</summary>
    Buffer,

    /// <summary>A pointer to a pointer that the program sets to memory of its own.</summary>
    OutContent,
}
