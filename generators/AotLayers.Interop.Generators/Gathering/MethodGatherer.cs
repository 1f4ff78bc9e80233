using Microsoft.CodeAnalysis;

namespace AotLayers.Interop.Generators;

/// <summary>Reads one declaration into a model, or reports why it cannot be honoured.</summary>
internal sealed class MethodGatherer(TypeGatherer types, SuccessRule apiRule, string library, Report? report)
{
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

        TypeModel? returned = GatherReturn(method);
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
            if (GatherParameter(method, parameter, lengths, writtens) is { } model)
            {
                parameters.Add(model);
            }
            else
            {
                honoured = false;
            }
        }

        StringEncoding strings = import.Named("StringMarshalling") switch { 1 => StringEncoding.Utf8, 2 => StringEncoding.Utf16, _ => StringEncoding.None };
        honoured &= Check(
            strings != StringEncoding.None || parameters.All(static p => p.Type.Shape != TypeShape.String),
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

        SuccessRule success = method.FindAttribute(KnownNames.SuccessWhen)?.Positional(0) is int rule ? (SuccessRule)rule
            : returned.Shape == TypeShape.Void ? SuccessRule.Always : apiRule;
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
            new(parameters));
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
        _ => returned.Shape == TypeShape.Scalar,
    };

    private static HandleModel? GatherHandle(AttributeData? attribute) => attribute is null
        ? null
        : new HandleModel(
            attribute.Positional(0) as string ?? "handle",
            attribute.Positional(1) is int use ? (HandleUse)use : HandleUse.Used,
            attribute.Named("ConsumedWhen") as string);

    private static bool IsKind(string kind) => kind.Length > 0 && kind.All(static c => c is '_' or '-' or (>= 'a' and <= 'z') or (>= 'A' and <= 'Z') or (>= '0' and <= '9'));

    private static bool IsInteger(ITypeSymbol type) => type.SpecialType
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

    private TypeModel? GatherReturn(IMethodSymbol method)
    {
        string reason = "references cannot be recorded";
        TypeModel? model = method.ReturnsByRef || method.ReturnsByRefReadonly ? null : types.Gather(method.ReturnType, out reason);
        if (model is { Shape: not (TypeShape.Void or TypeShape.Scalar) } or { Scalar: "Single" or "Double" })
        {
            reason = "only void, integers and handles can be returned";
            model = null;
        }

        Check(model is not null, DiagnosticDescriptors.UnsupportedReturn, method, method.Name, reason);
        return model;
    }

    private ParameterModel? GatherParameter(IMethodSymbol method, IParameterSymbol parameter, Dictionary<string, string> lengths, Dictionary<string, string> writtens)
    {
        string name = parameter.Name;
        PassingMode? mode = parameter.RefKind switch
        {
            RefKind.None => PassingMode.Value,
            RefKind.In => PassingMode.In,
            RefKind.Out => PassingMode.Out,
            RefKind.Ref => PassingMode.Ref,
            _ => null,
        };
        TypeModel? type = types.Gather(parameter.Type, out string reason);
        if (mode is null)
        {
            reason = "use in, out or ref";
        }
        else if (type is { Shape: TypeShape.Span or TypeShape.ReadOnlySpan or TypeShape.Pointer } && mode != PassingMode.Value)
        {
            reason = "spans and pointers are passed by value";
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
        return new ParameterModel(name, mode.Value, type, handle, buffer, isCalleeAllocated, lengthOf, writtenOf);
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
