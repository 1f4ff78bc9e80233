using Microsoft.CodeAnalysis;

namespace AotLayers.Interop.Generators;

/// <summary>
/// Reads the parameters that take a function of the program, and what such a function takes and gives, into models; each signature once.
/// </summary>
internal sealed class CallbackGatherer(TypeGatherer types)
{
    private readonly Dictionary<string, CallbackSignature> _signatures = new(StringComparer.Ordinal);

    /// <summary>Every signature met so far.</summary>
    public IReadOnlyList<CallbackSignature> Signatures => [.. _signatures.Values];

    /// <summary>The model of a parameter that takes a function; null without a reason when it takes none.</summary>
    public TypeModel? Gather(IMethodSymbol method, IParameterSymbol parameter, out CallbackModel? callback, out string reason)
    {
        callback = null;
        reason = "";
        AttributeData? attribute = parameter.FindAttribute(KnownNames.Callback);
        INamedTypeSymbol? declared = parameter.Type is INamedTypeSymbol { TypeKind: TypeKind.Delegate } named
            ? named
            : attribute?.Named("Signature") as INamedTypeSymbol;
        var pointer = parameter.Type as IFunctionPointerTypeSymbol;
        bool isDelegate = parameter.Type.TypeKind == TypeKind.Delegate;
        if (attribute is null)
        {
            reason = isDelegate || pointer is not null
                ? "a callback needs [Callback], which says what comes back as its context and whether it may come after the call"
                : "";
            return null;
        }

        if (!isDelegate && pointer is null && !ValueGatherer.IsAddress(parameter.Type))
        {
            reason = "[Callback] is for a delegate, a function pointer, or a nint with Signature";
            return null;
        }

        if (declared is { IsGenericType: true } or { DelegateInvokeMethod: null })
        {
            reason = "the delegate that describes a callback is not generic";
            return null;
        }

        if (declared is null && pointer is null)
        {
            reason = "a callback that is passed as a bare pointer needs [Callback(Signature = typeof(...))], a delegate type that says "
                + "what it takes";
            return null;
        }

        if (pointer is { Signature.CallingConvention: not (System.Reflection.Metadata.SignatureCallingConvention.Unmanaged
            or System.Reflection.Metadata.SignatureCallingConvention.CDecl
            or System.Reflection.Metadata.SignatureCallingConvention.StdCall) })
        {
            reason = "the function pointer must be unmanaged, with the platform's, the Cdecl or the Stdcall convention";
            return null;
        }

        IMethodSymbol invoke = declared?.DelegateInvokeMethod ?? pointer!.Signature;
        if (declared is not null && pointer is not null && !Same(invoke, pointer.Signature))
        {
            reason = $"its function pointer type and the delegate {declared.Name} do not have the same parameters and result";
            return null;
        }

        string context = attribute.Named("Context") as string ?? "";
        string convention = pointer is not null ? Convention(pointer.Signature) : Convention(declared!);
        if (GatherSignature(method, parameter, declared, invoke, convention, context.Length > 0, out reason) is not { } signature)
        {
            return null;
        }

        if (context.Length > 0 && !method.Parameters.Any(p => p.Name == context))
        {
            reason = $"Context '{context}' is not a parameter of '{method.Name}'";
            return null;
        }

        if (context.Length > 0 != signature.Context is not null)
        {
            reason = context.Length > 0
                ? "it has a Context, but no parameter of the callback is marked [Opaque] as the one that brings it back"
                : "its [Opaque] parameter brings back what a parameter of the function passed: name that one as Context";
            return null;
        }

        callback = new CallbackModel(signature, context.Length > 0 ? context : null, attribute.Named("Lifetime") is 1);
        return new TypeModel(TypeShape.Callback, parameter.Type.ToSource()) { IsDelegate = isDelegate };
    }

    private static bool Same(IMethodSymbol a, IMethodSymbol b) =>
        SymbolEqualityComparer.Default.Equals(a.ReturnType, b.ReturnType)
        && a.Parameters.Select(static p => p.Type).SequenceEqual(b.Parameters.Select(static p => p.Type), SymbolEqualityComparer.Default);

    private static string Convention(IMethodSymbol signature) => signature.CallingConvention switch
    {
        System.Reflection.Metadata.SignatureCallingConvention.CDecl => "Cdecl",
        System.Reflection.Metadata.SignatureCallingConvention.StdCall => "Stdcall",
        _ => string.Join(", ", signature.UnmanagedCallingConventionTypes.Select(static t => t.Name.Substring("CallConv".Length))),
    };

    private static string Convention(INamedTypeSymbol declared) =>
        declared.FindAttribute(KnownNames.UnmanagedFunctionPointer)?.Positional(0) switch
    {
        2 => "Cdecl",
        3 => "Stdcall",
        _ => "",
    };

    private CallbackSignature? GatherSignature(
        IMethodSymbol method,
        IParameterSymbol parameter,
        INamedTypeSymbol? declared,
        IMethodSymbol invoke,
        string convention,
        bool hasContext,
        out string reason)
    {
        reason = "";
        string? delegateType = declared?.ToSource().TrimEnd('?');
        string key = (delegateType ?? parameter.Type.ToSource() + hasContext) + convention;
        if (_signatures.TryGetValue(key, out CallbackSignature? known))
        {
            return known;
        }

        TypeModel? returned = types.Gather(invoke.ReturnType, out reason);
        if (returned is not { Shape: TypeShape.Void or TypeShape.Scalar or TypeShape.Enum } || invoke.ReturnsByRef)
        {
            reason = $"its callback returns {invoke.ReturnType.ToDisplayString()}; only void, numbers and enums can be returned";
            return null;
        }

        List<CallbackParameter> parameters = [];
        foreach (IParameterSymbol p in invoke.Parameters)
        {
            string name = p.Name.Length > 0 ? p.Name : $"arg{parameters.Count + 1}";
            CallbackParameter? gathered = GatherParameter(p, name, out reason);
            if (gathered is null
                && declared is null
                && hasContext
                && ValueGatherer.IsAddress(p.Type)
                && !parameters.Any(static q => q.Role == CallbackRole.Context))
            {
                // A bare function pointer type has no room for attributes: its one pointer is the context.
                reason = "";
                gathered = new CallbackParameter(name, ValueGatherer.Address(p.Type), CallbackRole.Context);
            }

            if (gathered is null || (gathered.Role == CallbackRole.Context && parameters.Any(static q => q.Role == CallbackRole.Context)))
            {
                reason = $"parameter '{name}' of its callback: {(gathered is null ? reason : "a callback has one context")}";
                return null;
            }

            parameters.Add(gathered);
        }

        foreach (CallbackParameter p in parameters)
        {
            string? length = p.Content?.Length ?? p.Buffer?.Length;
            if (length is not null
                && !parameters.Any(q => q.Name == length && q.Role is CallbackRole.Value or CallbackRole.Out or CallbackRole.InOut))
            {
                reason = $"parameter '{p.Name}' of its callback: '{length}' is not an integer parameter beside it";
                return null;
            }
        }

        string name2 = declared?.Name ?? $"{method.Name}_{parameter.Name}";
        string unique = name2;
        for (int n = 2; _signatures.Values.Any(s => s.Name == unique); n++)
        {
            unique = $"{name2}{n}";
        }

        CallbackSignature signature = new(unique, delegateType, convention, returned, new(parameters));
        _signatures.Add(key, signature);
        return signature;
    }

    private CallbackParameter? GatherParameter(IParameterSymbol p, string name, out string reason)
    {
        reason = "";
        if (p.RefKind != RefKind.None)
        {
            reason = "write a pointer with [In], [Out] or both instead of in, out or ref, which have no fixed form in a callback";
            return null;
        }

        bool isIn = p.FindAttribute(KnownNames.In) is not null;
        bool isOut = p.FindAttribute(KnownNames.Out) is not null;
        TypeModel address = ValueGatherer.Address(p.Type);
        bool isAddress = ValueGatherer.IsAddress(p.Type);
        if (p.FindAttribute(KnownNames.Opaque) is not null)
        {
            return isAddress ? new CallbackParameter(name, address, CallbackRole.Context) : Refuse("[Opaque] is for pointers", out reason);
        }

        if (ValueGatherer.GatherContent(p.Type, p.GetAttributes()) is { } content)
        {
            if (!isAddress)
            {
                return Refuse("[LibraryText] and [LibraryMemory] are for pointers", out reason);
            }

            if (isOut)
            {
                bool isPointer =
                    p.Type is IPointerTypeSymbol { PointedAtType: IPointerTypeSymbol or { SpecialType: SpecialType.System_IntPtr } };
                return isPointer && content is { Kind: ContentKind.Block } && (content.Length is not null || content.LengthByReturnValue)
                    ? new CallbackParameter(name, address, CallbackRole.OutContent) { Content = content with { Unit = "1" } }
                    : Refuse("memory that the callback hands over is [Out, LibraryMemory(Length = ... or LengthByReturnValue = true)] "
                        + "on a pointer to a pointer", out reason);
            }

            return content is { LengthFunction: null, LengthByReturnValue: false }
                && (content.Kind != ContentKind.Block || content.Length is not null || content.Unit != "1")
                ? new CallbackParameter(name, address, CallbackRole.Content) { Content = content }
                : Refuse("Length must name the parameter that says how long the memory is", out reason);
        }

        if (p.FindAttribute(KnownNames.Handle) is { } handle)
        {
            return p.Type.IsNint()
                ? new CallbackParameter(
                    name,
                    types.Gather(p.Type, out reason)!,
                    CallbackRole.Handle) { Handle = new HandleModel(handle.Positional(0) as string ?? "handle", HandleUse.Used, null) }
                : Refuse("a handle that comes with a callback is a nint", out reason);
        }

        if (p.FindAttribute(KnownNames.Buffer) is { } buffer)
        {
            BufferModel model = new(
                buffer.Named("Length") as string,
                buffer.Named("Written") as string,
                buffer.Named("WrittenByReturnValue") is true);
            return isAddress && model.Length is not null && (model.WrittenByReturnValue || model.Written is not null)
                ? new CallbackParameter(name, address, CallbackRole.Buffer) { Buffer = model }
                : Refuse(
                    "room that the callback fills is a pointer with [Buffer(Length = ..., Written = ... or WrittenByReturnValue = true)]",
                    out reason);
        }

        if (p.Type is IPointerTypeSymbol { PointedAtType: var target } && (isIn || isOut))
        {
            TypeModel? element = types.Gather(target, out reason);
            return element is { Shape: TypeShape.Scalar or TypeShape.CLong or TypeShape.Enum or TypeShape.Guid or TypeShape.Struct,
                HasCursors: false }
                ? new CallbackParameter(
                    name,
                    new TypeModel(TypeShape.Pointer, p.Type.ToSource(), Element: element),
                    isIn && isOut ? CallbackRole.InOut : isOut ? CallbackRole.Out : CallbackRole.In)
                : Refuse(reason.Length > 0 ? reason : "it does not point to one number or struct", out reason);
        }

        // A size is a number; what is as large as a pointer and signed may be either.
        bool isNumber = p.Type.SpecialType == SpecialType.System_UIntPtr
            || (p.Type.IsNint() && p.FindAttribute(KnownNames.Number) is not null);
        if (isAddress && !isNumber)
        {
            return Refuse("a pointer needs one of [Opaque], [Handle], [LibraryText], [LibraryMemory], [Buffer], [In] or [Out], and a "
                + "number that is as large as one [Number]: otherwise nobody can tell what it is", out reason);
        }

        TypeModel? type = types.Gather(p.Type, out reason);
        return type is { Shape: TypeShape.Scalar or TypeShape.CLong or TypeShape.Enum or TypeShape.Guid or TypeShape.Struct,
            Marshaller: null, HasCursors: false }
            ? new CallbackParameter(name, type, CallbackRole.Value)
            : Refuse(
                reason.Length > 0 ? reason : "it is passed by value as a number, an enum or a blittable struct, or as a pointer",
                out reason);
    }

    private static CallbackParameter? Refuse(string why, out string reason)
    {
        reason = why;
        return null;
    }
}
