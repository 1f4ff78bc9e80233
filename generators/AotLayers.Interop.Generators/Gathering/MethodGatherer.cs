using Microsoft.CodeAnalysis;

namespace AotLayers.Interop.Generators;

/// <summary>Reads one declaration into a model, or reports why it cannot be honoured.</summary>
internal sealed partial class MethodGatherer(
    TypeGatherer types,
    CallbackGatherer callbacks,
    SuccessRule? apiRule,
    string library,
    Report? report)
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

        StringEncoding strings = import.Named("StringMarshalling") switch
        {
            1 => StringEncoding.Utf8,
            2 => StringEncoding.Utf16,
            _ => StringEncoding.None
        };
        TypeModel? returned = GatherReturn(method, strings, out StringEncoding returnStrings);
        HashSet<string> contexts = [.. method.Parameters.Select(static p => p.FindAttribute(KnownNames.Callback)?.Named("Context"))
            .OfType<string>()];
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
            parameters.All(static p => p.Type.Shape != TypeShape.String || p.Strings != StringEncoding.None)
                && (returned?.Shape != TypeShape.String || returnStrings != StringEncoding.None),
            DiagnosticDescriptors.StringEncoding,
            method,
            method.Name);

        HandleModel? returnHandle = GatherHandle(
            SymbolExtensions.Find(method.GetReturnTypeAttributes(), KnownNames.Handle),
            method.ReturnType);
        honoured &= CheckReturnHandle(method, returnHandle);

        if (returned is null || !honoured || !TryGatherStreamRead(method, parameters, out StreamReadModel? stream))
        {
            return null;
        }

        ContentModel? returnContent = ValueGatherer.GatherContent(method.ReturnType, method.GetReturnTypeAttributes());
        if (!CheckContents(method, parameters, returnContent, returnHandle))
        {
            return null;
        }

        SuccessRule success = Rule(method, returned, returnHandle);
        if (!Check(
            Fits(success, returned, import),
            DiagnosticDescriptors.SuccessRule,
            method,
            method.Name,
            method.ReturnType.ToDisplayString(),
            success.ToString())
            || !TryGatherResults(method, import, out EquatableArray<long> resultsOn, out EquatableArray<long> resultsOnLastError))
        {
            return null;
        }

        ValueRole returnRole = GatherReturnRole(method, returned, returnHandle, returnContent, parameters, success);
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
            ResultsOn = resultsOn,
            ResultsOnLastError = resultsOnLastError,
            ReturnRole = returnRole,
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

    /// <summary>One of the integer types.</summary>
    public static bool IsInteger(ITypeSymbol type) => type.SpecialType
        is SpecialType.System_Byte or SpecialType.System_SByte or SpecialType.System_Int16 or SpecialType.System_UInt16
            or SpecialType.System_Int32 or SpecialType.System_UInt32
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
        bool isAddress = method.ReturnType is IPointerTypeSymbol
            && (SymbolExtensions.Find(attributes, KnownNames.Handle) ?? SymbolExtensions.Find(attributes, KnownNames.Opaque)) is not null;
        TypeModel? model = method.ReturnsByRef || method.ReturnsByRefReadonly ? null
            : isAddress ? ValueGatherer.Address(method.ReturnType)
            : _values.Gather(method.ReturnType, attributes, strings, out encoding, out reason);
        reason = isAddress ? "" : reason;
        if (model is { Shape: TypeShape.Pointer or TypeShape.Array or TypeShape.Span or TypeShape.ReadOnlySpan or TypeShape.Callback }
            or { HasCursors: true })
        {
            reason = model.Shape == TypeShape.Pointer
                ? "say by [return: LibraryMemory] that it points to memory of the library, or by [return: Handle] or [return: Opaque] "
                    + "what else it is"
                : "it cannot be told where its memory comes from";
            model = null;
        }
        else if (model is { Shape: TypeShape.String, IsLibraryOwned: false }
            && SymbolExtensions.Find(attributes, KnownNames.CalleeAllocated) is null
            && encoding != StringEncoding.Custom)
        {
            // The SDK's marshaller frees what it has read.
            reason = "it must say who owns the text: [return: CalleeAllocated(NativeAllocator.CoTaskMem)] when the caller frees it, or "
                + "[return: MarshalUsing(typeof(LibraryUtf8Text))] when it stays the library's";
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
        if (IsOverlapped(parameter.Type))
        {
            report?.Invoke(DiagnosticDescriptors.Overlapped, parameter, method.Name, name);
            return null;
        }

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
            if (type is null && reason.Length == 0 && parameter.Type is IPointerTypeSymbol && IsBare(parameter))
            {
                type = ValueGatherer.Address(parameter.Type);
            }
            else if (type is null && reason.Length == 0)
            {
                type = _values.Gather(parameter.Type, parameter.GetAttributes(), strings, out encoding, out reason);
            }
        }

        bool isStruct = type is null && (reason.StartsWith("field ", StringComparison.Ordinal)
            || reason.StartsWith("the struct ", StringComparison.Ordinal)
            || reason.StartsWith("the fields of ", StringComparison.Ordinal));
        if (!Check(
            type is not null && reason.Length == 0,
            isStruct ? DiagnosticDescriptors.UnsupportedStruct : DiagnosticDescriptors.UnsupportedParameter,
            parameter,
            method.Name,
            name,
            reason)
            || !CheckPassing(method, parameter, mode, type!))
        {
            return null;
        }

        bool isCalleeAllocated = parameter.FindAttribute(KnownNames.CalleeAllocated) is not null;
        bool isOutString = type!.Shape == TypeShape.String && mode == PassingMode.Out;
        HandleModel? handle = GatherHandle(parameter.FindAttribute(KnownNames.Handle), parameter.Type);
        bool honoured = Check(
            !isCalleeAllocated || isOutString,
            DiagnosticDescriptors.CalleeAllocatedNotOutString,
            parameter,
            method.Name,
            name)
            & Check(isCalleeAllocated || !isOutString, DiagnosticDescriptors.OutStringNotCalleeAllocated, parameter, method.Name, name)
            & CheckHandle(method, parameter, handle, mode!.Value, type)
            & TryGatherDirection(method, parameter, type, out Direction direction);
        honoured = honoured & TryGatherBuffer(method, parameter, type, direction, out BufferModel? buffer);
        if (!honoured)
        {
            return null;
        }

        lengths.TryGetValue(name, out string? lengthOf);
        writtens.TryGetValue(name, out string? writtenOf);
        ContentModel? content = ValueGatherer.GatherContent(parameter.Type, parameter.GetAttributes());
        bool isSettled = handle is not null
            || content is not null
            || callback is not null
            || contexts.Contains(name)
            || lengthOf is not null
            || writtenOf is not null;
        if (GatherRole(method, parameter, type, isSettled) is not { } role)
        {
            return null;
        }

        return new ParameterModel(name, mode.Value, type, handle, buffer, isCalleeAllocated, lengthOf, writtenOf)
        {
            Direction = direction,
            Role = role,
            Content = content,
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
            honoured &= Check(
                p.Mode is PassingMode.Out or PassingMode.Ref,
                DiagnosticDescriptors.LibraryMemory,
                symbol,
                method.Name,
                p.Name,
                "memory of the library comes back: by the return value, out or ref")
                && CheckContent(method, symbol, p.Name, parameters, p.Content!, p.Handle);
        }

        return honoured;
    }

    private bool CheckContent(
        IMethodSymbol method,
        ISymbol where,
        string place,
        List<ParameterModel> parameters,
        ContentModel content,
        HandleModel? handle)
    {
        IMethodSymbol? function = content.LengthFunction is null
            ? null
            : method.ContainingType.GetMembers(content.LengthFunction).OfType<IMethodSymbol>().FirstOrDefault(m => IsInteger(m.ReturnType)
                && m.Parameters.All(p => p.RefKind == RefKind.None
                    && parameters.Any(q => q.Name == p.Name && q.Mode == PassingMode.Value && q.Type.Text == p.Type.ToSource())));
        string? problem =
            content.Owner is not null && parameters.FirstOrDefault(p => p.Name == content.Owner) is not { Handle: not null }
                and not { IsContext: true }
                && !parameters.Any(p => p.Name == content.Owner
                    && p.Type.Shape is TypeShape.Pointer or TypeShape.Struct) ? $"Owner '{content.Owner}' is not a parameter with [Handle]"
            : content.Length is not null && !method.Parameters.Any(p => p.Name == content.Length
                && IsInteger(p.Type)) ? $"'{content.Length}' is not an integer parameter"
            : content.LengthByReturnValue && !IsInteger(method.ReturnType) ? "LengthByReturnValue needs an integer return value"
            : content.LengthFunction is not null && function is null
                ? $"LengthFunction '{content.LengthFunction}' is not a function of this class that returns an integer and whose "
                    + $"parameters are all parameters of '{method.Name}' too"
            : content is { Kind: ContentKind.Block, Length: null, LengthByReturnValue: false, LengthFunction: null, Unit: "1" }
                ? "say how long the memory is: Length, LengthByReturnValue or LengthFunction"
            : handle is not null && content.Kind != ContentKind.Text ? "a handle can be text of the library, not a block"
            : null;
        return Check(problem is null, DiagnosticDescriptors.LibraryMemory, where, method.Name, place, problem ?? "");
    }

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
            parameters.FirstOrDefault(p => p.Name == handle)?.Handle is not { Use: HandleUse.Used or HandleUse.Borrowed }
                ? $"'{handle}' is not a parameter with [Handle(..., HandleUse.Used)]"
            : target is not { Type: { Shape: TypeShape.Span, Element.Scalar: "Byte" } } ? $"'{buffer}' is not a Span<byte> parameter"
            : target.Buffer is null ? $"'{buffer}' has no [Buffer]"
            : exceptWhen is not null
                && !IsIntegerIn(method, exceptWhen) ? $"ExceptWhen '{exceptWhen}' is not an integer parameter that goes in"
            : null;
        if (!Check(problem is null, DiagnosticDescriptors.StreamRead, method, method.Name, problem ?? ""))
        {
            return false;
        }

        stream = new StreamReadModel(handle, buffer, exceptWhen);
        return true;
    }
}
