using Microsoft.CodeAnalysis;

namespace AotLayers.Interop.Generators;

/// <summary>Reads one declaration into a model, or reports why it cannot be honoured.</summary>
internal sealed class MethodGatherer(TypeGatherer types, CallbackGatherer callbacks, SuccessRule apiRule, string library, Report? report)
{
    private readonly ValueGatherer _values = new(types);

    /// <summary>The model, or null when something was reported.</summary>
    public MethodModel? Gather(IMethodSymbol method)
    {
        if (method.FindAttribute(KnownNames.LibraryImport) is not { } import)
        {
            report?.Invoke(DiagnosticDescriptors.NotLibraryImport, method, method.Name);
            return null;
        }

        bool honoured = Check(!method.IsGenericMethod, DiagnosticDescriptors.GenericMethod, method, method.Name)
            & Check(
                method.DeclaredAccessibility is Accessibility.Public or Accessibility.Internal or Accessibility.ProtectedOrInternal,
                DiagnosticDescriptors.InaccessibleMethod,
                method,
                method.Name);
        string bound = import.Positional(0) as string ?? "";
        honoured &= Check(bound == library, DiagnosticDescriptors.OtherLibrary, method, method.Name, bound, library);

        StringEncoding strings = import.Named("StringMarshalling") switch { 1 => StringEncoding.Utf8, 2 => StringEncoding.Utf16, _ => StringEncoding.None };
        TypeModel? returned = GatherReturn(method, strings, out StringEncoding returnStrings);
        HashSet<string> contexts = [.. method.Parameters.Select(static p => p.FindAttribute(KnownNames.Callback)?.Named("Context")).OfType<string>()];
        List<ParameterModel> parameters = [];
        Dictionary<string, string> lengths = [];
        Dictionary<string, string> writtens = [];
        foreach (IParameterSymbol parameter in method.Parameters)
        {
            if (parameter.FindAttribute(KnownNames.Buffer) is { } buffer)
            {
                Note(lengths, buffer.Named("Length") as string, parameter.Name);
                Note(writtens, buffer.Named("Written") as string, parameter.Name);
            }
        }

        foreach (IParameterSymbol parameter in method.Parameters)
        {
            if (GatherParameter(method, parameter, strings, contexts, lengths, writtens) is { } model)
            {
                parameters.Add(model);
            }
            else
            {
                honoured = false;
            }
        }

        honoured &= Check(
            parameters.All(static p => p.Type.Shape != TypeShape.String || p.Strings != StringEncoding.None) && (returned?.Shape != TypeShape.String || returnStrings != StringEncoding.None),
            DiagnosticDescriptors.StringEncoding,
            method,
            method.Name);

        HandleModel? returnHandle = GatherHandle(SymbolExtensions.Find(method.GetReturnTypeAttributes(), KnownNames.Handle));
        if (returnHandle is not null)
        {
            honoured &= Check(method.ReturnType.IsNint(), DiagnosticDescriptors.HandleNotNint, method, method.Name, "the return value")
                && Check(IsKind(returnHandle.Kind), DiagnosticDescriptors.HandleKind, method, method.Name, "the return value", returnHandle.Kind)
                && Check(returnHandle.Use == HandleUse.Produced, DiagnosticDescriptors.HandleUseMode, method, method.Name, "the return value", returnHandle.Use.ToString(), "a return value, which can only be Produced");
        }

        if (returned is null || !honoured || !TryGatherStreamRead(method, parameters, out StreamReadModel? stream))
        {
            return null;
        }

        ContentModel? returnContent = ValueGatherer.GatherContent(method.ReturnType, method.GetReturnTypeAttributes());
        if (!CheckContents(method, parameters, returnContent, returnHandle))
        {
            return null;
        }

        SuccessRule success = method.FindAttribute(KnownNames.SuccessWhen)?.Positional(0) is int rule ? (SuccessRule)rule
            : returned.Shape is TypeShape.Void or TypeShape.String or TypeShape.Struct or TypeShape.Guid or TypeShape.Char or TypeShape.Address
                || returned.Scalar is "Single" or "Double" ? SuccessRule.Always
            : apiRule;
        if (!Check(Fits(success, returned), DiagnosticDescriptors.SuccessRule, method, method.Name, method.ReturnType.ToDisplayString(), success.ToString()))
        {
            return null;
        }

        return new MethodModel(
            method.Name,
            import.Named("EntryPoint") as string ?? method.Name,
            method.FindAttribute(KnownNames.OptionalExport) is not null,
            import.Named("SetLastError") is true,
            success,
            returned,
            returnHandle,
            strings,
            stream,
            new(parameters))
        {
            ReturnContent = returnContent,
            ReturnStrings = returnStrings,
        };
    }

    private static void Note(Dictionary<string, string> map, string? name, string buffer)
    {
        if (name is not null)
        {
            map[name] = buffer;
        }
    }

    private static bool Fits(SuccessRule rule, TypeModel returned) => rule switch
    {
        SuccessRule.Always => true,
        SuccessRule.HResult => returned is { Shape: TypeShape.Scalar, Scalar: "Int32" },
        SuccessRule.NonZero => returned is { Shape: TypeShape.Scalar or TypeShape.CLong or TypeShape.Enum or TypeShape.Bool or TypeShape.Address },
        _ => returned is { Shape: TypeShape.Scalar or TypeShape.CLong or TypeShape.Enum, Scalar: not ("Single" or "Double") },
    };

    private static HandleModel? GatherHandle(AttributeData? attribute) => attribute is null
        ? null
        : new HandleModel(
            attribute.Positional(0) as string ?? "handle",
            attribute.Positional(1) is int use ? (HandleUse)use : HandleUse.Used,
            attribute.Named("ConsumedWhen") as string);

    private static bool IsKind(string kind) => kind.Length > 0 && kind.All(static c => c is '_' or '-' or (>= 'a' and <= 'z') or (>= 'A' and <= 'Z') or (>= '0' and <= '9'));

    /// <summary>One of the integer types.</summary>
    public static bool IsInteger(ITypeSymbol type) => type.SpecialType
        is SpecialType.System_Byte or SpecialType.System_SByte or SpecialType.System_Int16 or SpecialType.System_UInt16 or SpecialType.System_Int32 or SpecialType.System_UInt32
        or SpecialType.System_Int64 or SpecialType.System_UInt64 or SpecialType.System_IntPtr or SpecialType.System_UIntPtr;

    private static bool IsIntegerIn(IMethodSymbol method, string name) =>
        method.Parameters.Any(p => p.Name == name && p.RefKind is RefKind.None && IsInteger(p.Type));

    private bool Check(bool condition, DiagnosticDescriptor descriptor, ISymbol where, params string[] arguments)
    {
        if (!condition)
        {
            report?.Invoke(descriptor, where, arguments);
        }

        return condition;
    }

    private TypeModel? GatherReturn(IMethodSymbol method, StringEncoding strings, out StringEncoding encoding)
    {
        string reason = "references cannot be recorded";
        encoding = strings;
        System.Collections.Immutable.ImmutableArray<AttributeData> attributes = method.GetReturnTypeAttributes();
        TypeModel? model = method.ReturnsByRef || method.ReturnsByRefReadonly ? null : _values.Gather(method.ReturnType, attributes, strings, out encoding, out reason);
        if (model is { Shape: TypeShape.Pointer or TypeShape.Span or TypeShape.ReadOnlySpan or TypeShape.Callback } or { HasCursors: true })
        {
            reason = model.Shape == TypeShape.Pointer
                ? "say by [return: LibraryMemory] that it points to memory of the library, or return nint with [return: Handle]"
                : "it cannot be told where its memory comes from";
            model = null;
        }
        else if (model is { Shape: TypeShape.String, IsLibraryOwned: false } && SymbolExtensions.Find(attributes, KnownNames.CalleeAllocated) is null && encoding != StringEncoding.Custom)
        {
            // The SDK's marshaller frees what it has read.
            reason = "it must say who owns the text: [return: CalleeAllocated(NativeAllocator.CoTaskMem)] when the caller frees it, or [return: MarshalUsing(typeof(LibraryUtf8Text))] when it stays the library's";
            model = null;
        }
        else if (model is { Shape: TypeShape.Struct, Marshaller: not null })
        {
            reason = "a struct that is returned must be blittable";
            model = null;
        }

        Check(model is not null, DiagnosticDescriptors.UnsupportedReturn, method, method.Name, reason);
        return model;
    }

    private ParameterModel? GatherParameter(
        IMethodSymbol method,
        IParameterSymbol parameter,
        StringEncoding strings,
        HashSet<string> contexts,
        Dictionary<string, string> lengths,
        Dictionary<string, string> writtens)
    {
        string name = parameter.Name;
        string reason;
        PassingMode? mode = parameter.RefKind switch
        {
            RefKind.None => PassingMode.Value,
            RefKind.In => PassingMode.In,
            RefKind.Out => PassingMode.Out,
            RefKind.Ref => PassingMode.Ref,
            _ => null,
        };
        StringEncoding encoding = strings;
        CallbackModel? callback = null;
        TypeModel? type;
        if (contexts.Contains(name))
        {
            type = ValueGatherer.IsAddress(parameter.Type) ? ValueGatherer.Address(parameter.Type) : null;
            reason = type is null || mode != PassingMode.Value ? "the context of a callback is a pointer that goes in by value" : "";
        }
        else
        {
            type = callbacks.Gather(method, parameter, out callback, out reason);
            if (type is null && reason.Length == 0)
            {
                type = _values.Gather(parameter.Type, parameter.GetAttributes(), strings, out encoding, out reason);
            }
        }

        if (mode is null)
        {
            reason = "use in, out or ref";
        }
        else if (type is { Shape: TypeShape.Span or TypeShape.ReadOnlySpan or TypeShape.Pointer } && mode != PassingMode.Value)
        {
            reason = "spans and pointers are passed by value";
        }
        else if (type is { Shape: TypeShape.Callback } && mode != PassingMode.Value)
        {
            reason = "a callback goes in by value";
        }
        else if (type is { Shape: TypeShape.Struct, HasCursors: true } && mode != PassingMode.Ref)
        {
            reason = "a struct with cursors changes in the call; pass it by ref or by pointer";
        }
        else if (type is { Shape: TypeShape.String } && mode is not (PassingMode.Value or PassingMode.Out))
        {
            reason = "a string goes in by value or comes out as an out parameter";
        }
        else if (parameter.HasExplicitDefaultValue)
        {
            reason = "default values are not carried into the generated types";
        }
        else if (parameter.IsParams)
        {
            reason = "params is not carried into the generated types";
        }

        if (!Check(type is not null && reason.Length == 0, DiagnosticDescriptors.UnsupportedParameter, parameter, method.Name, name, reason))
        {
            return null;
        }

        bool isCalleeAllocated = parameter.FindAttribute(KnownNames.CalleeAllocated) is not null;
        bool isOutString = type!.Shape == TypeShape.String && mode == PassingMode.Out;
        HandleModel? handle = GatherHandle(parameter.FindAttribute(KnownNames.Handle));
        bool honoured = Check(!isCalleeAllocated || isOutString, DiagnosticDescriptors.CalleeAllocatedNotOutString, parameter, method.Name, name)
            & Check(isCalleeAllocated || !isOutString, DiagnosticDescriptors.OutStringNotCalleeAllocated, parameter, method.Name, name)
            & CheckHandle(method, parameter, handle, mode!.Value)
            & TryGatherBuffer(method, parameter, type, out BufferModel? buffer);
        if (!honoured)
        {
            return null;
        }

        lengths.TryGetValue(name, out string? lengthOf);
        writtens.TryGetValue(name, out string? writtenOf);
        return new ParameterModel(name, mode.Value, type, handle, buffer, isCalleeAllocated, lengthOf, writtenOf)
        {
            Content = ValueGatherer.GatherContent(parameter.Type, parameter.GetAttributes()),
            Callback = callback,
            IsContext = contexts.Contains(name),
            Strings = encoding,
        };
    }

    private bool CheckContents(IMethodSymbol method, List<ParameterModel> parameters, ContentModel? returned, HandleModel? returnHandle)
    {
        bool honoured = returned is null || CheckContent(method, method, "the return value", parameters, returned, returnHandle);
        foreach (ParameterModel p in parameters.Where(static p => p.Content is not null))
        {
            IParameterSymbol symbol = method.Parameters.First(s => s.Name == p.Name);
            honoured &= Check(p.Mode is PassingMode.Out or PassingMode.Ref, DiagnosticDescriptors.LibraryMemory, symbol, method.Name, p.Name, "memory of the library comes back: by the return value, out or ref")
                && CheckContent(method, symbol, p.Name, parameters, p.Content!, p.Handle);
        }

        return honoured;
    }

    private bool CheckContent(IMethodSymbol method, ISymbol where, string place, List<ParameterModel> parameters, ContentModel content, HandleModel? handle)
    {
        IMethodSymbol? function = content.LengthFunction is null
            ? null
            : method.ContainingType.GetMembers(content.LengthFunction).OfType<IMethodSymbol>().FirstOrDefault(m => IsInteger(m.ReturnType)
                && m.Parameters.All(p => p.RefKind == RefKind.None && parameters.Any(q => q.Name == p.Name && q.Mode == PassingMode.Value && q.Type.Text == p.Type.ToSource())));
        string? problem =
            content.Owner is not null && parameters.FirstOrDefault(p => p.Name == content.Owner) is not { Handle: not null } and not { IsContext: true }
                && !parameters.Any(p => p.Name == content.Owner && p.Type.Shape is TypeShape.Pointer or TypeShape.Struct) ? $"Owner '{content.Owner}' is not a parameter with [Handle]"
            : content.Length is not null && !method.Parameters.Any(p => p.Name == content.Length && IsInteger(p.Type)) ? $"'{content.Length}' is not an integer parameter"
            : content.LengthByReturnValue && !IsInteger(method.ReturnType) ? "LengthByReturnValue needs an integer return value"
            : content.LengthFunction is not null && function is null
                ? $"LengthFunction '{content.LengthFunction}' is not a function of this class that returns an integer and whose parameters are all parameters of '{method.Name}' too"
            : content is { Kind: ContentKind.Block, Length: null, LengthByReturnValue: false, LengthFunction: null, Unit: "1" } ? "say how long the memory is: Length, LengthByReturnValue or LengthFunction"
            : handle is not null && content.Kind != ContentKind.Text ? "a handle can be text of the library, not a block"
            : null;
        return Check(problem is null, DiagnosticDescriptors.LibraryMemory, where, method.Name, place, problem ?? "");
    }

    private bool CheckHandle(IMethodSymbol method, IParameterSymbol parameter, HandleModel? handle, PassingMode mode)
    {
        if (handle is null)
        {
            return true;
        }

        if (!Check(parameter.Type.IsNint(), DiagnosticDescriptors.HandleNotNint, parameter, method.Name, parameter.Name)
            || !Check(IsKind(handle.Kind), DiagnosticDescriptors.HandleKind, parameter, method.Name, parameter.Name, handle.Kind))
        {
            return false;
        }

        bool fits = handle.Use switch
        {
            HandleUse.Produced => mode == PassingMode.Out,
            HandleUse.InOut => mode == PassingMode.Ref,
            _ => mode == PassingMode.Value,
        };
        string passed = mode == PassingMode.Value ? "passed by value" : "passed as " + mode.ToString().ToLowerInvariant();
        return Check(fits, DiagnosticDescriptors.HandleUseMode, parameter, method.Name, parameter.Name, handle.Use.ToString(), passed)
            && Check(
                handle.ConsumedWhen is null || IsIntegerIn(method, handle.ConsumedWhen),
                DiagnosticDescriptors.HandleConsumedWhen,
                parameter,
                method.Name,
                parameter.Name,
                handle.ConsumedWhen ?? "");
    }

    private bool TryGatherBuffer(IMethodSymbol method, IParameterSymbol parameter, TypeModel type, out BufferModel? buffer)
    {
        buffer = null;
        bool isSpan = type.Shape is TypeShape.Span or TypeShape.ReadOnlySpan;
        if (parameter.FindAttribute(KnownNames.Buffer) is { } attribute)
        {
            if (!Check(isSpan, DiagnosticDescriptors.BufferOnNonSpan, parameter, method.Name, parameter.Name))
            {
                return false;
            }

            buffer = new BufferModel(attribute.Named("Length") as string, attribute.Named("Written") as string, attribute.Named("WrittenByReturnValue") is true);
            if (!CheckSize(method, parameter, "Length", buffer.Length, static k => k == RefKind.None, "must name an integer parameter passed by value")
                | !CheckSize(method, parameter, "Written", buffer.Written, static k => k is RefKind.Out or RefKind.Ref, "must name an integer parameter passed as out or ref"))
            {
                return false;
            }

            if (buffer.WrittenByReturnValue && !Check(
                IsInteger(method.ReturnType), DiagnosticDescriptors.BufferSize, parameter, method.Name, parameter.Name, "WrittenByReturnValue", "true", "needs an integer return value"))
            {
                return false;
            }
        }

        return Check(
            type.Shape != TypeShape.Span || buffer is { WrittenByReturnValue: true } or { Written: not null },
            DiagnosticDescriptors.BufferUnknownWritten,
            parameter,
            method.Name,
            parameter.Name);
    }

    private bool CheckSize(IMethodSymbol method, IParameterSymbol buffer, string property, string? name, Func<RefKind, bool> mode, string rule) => Check(
        name is null || method.Parameters.Any(p => p.Name == name && IsInteger(p.Type) && mode(p.RefKind)),
        DiagnosticDescriptors.BufferSize,
        buffer,
        method.Name,
        buffer.Name,
        property,
        name ?? "",
        rule);

    private bool TryGatherStreamRead(IMethodSymbol method, List<ParameterModel> parameters, out StreamReadModel? stream)
    {
        stream = null;
        if (method.FindAttribute(KnownNames.StreamRead) is not { } attribute)
        {
            return true;
        }

        string handle = attribute.Positional(0) as string ?? "";
        string buffer = attribute.Positional(1) as string ?? "";
        string? exceptWhen = attribute.Named("ExceptWhen") as string;
        ParameterModel? target = parameters.FirstOrDefault(p => p.Name == buffer);
        string? problem =
            parameters.FirstOrDefault(p => p.Name == handle)?.Handle is not { Use: HandleUse.Used } ? $"'{handle}' is not a parameter with [Handle(..., HandleUse.Used)]"
            : target is not { Type: { Shape: TypeShape.Span, Element.Scalar: "Byte" } } ? $"'{buffer}' is not a Span<byte> parameter"
            : target.Buffer is null ? $"'{buffer}' has no [Buffer]"
            : exceptWhen is not null && !IsIntegerIn(method, exceptWhen) ? $"ExceptWhen '{exceptWhen}' is not an integer parameter that goes in"
            : null;
        if (!Check(problem is null, DiagnosticDescriptors.StreamRead, method, method.Name, problem ?? ""))
        {
            return false;
        }

        stream = new StreamReadModel(handle, buffer, exceptWhen);
        return true;
    }
}
