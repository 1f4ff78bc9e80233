using Microsoft.CodeAnalysis;

namespace AotLayers.Interop.Generators;

/// <content>What pointer-sized values are: handles, tokens, numbers. What nobody says is reported and never recorded as an
/// address.</content>
internal sealed partial class MethodGatherer
{
    private static readonly long[] s_usual = [0, -1];

    /// <summary>The model of a [Handle], or null.</summary>
    public static HandleModel? GatherHandle(AttributeData? attribute, ITypeSymbol type)
    {
        if (attribute is null)
        {
            return null;
        }

        long[] invalid = attribute.NamedValues("Invalid") ?? Usual(type);
        long[] pseudo = attribute.NamedValues("Pseudo") ?? [];
        long[] plain = [.. invalid.Concat(pseudo).Distinct()];
        return new HandleModel(
            attribute.Positional(0) as string ?? "handle",
            attribute.Positional(1) is int use ? (HandleUse)use : HandleUse.Used,
            attribute.Named("ConsumedWhen") as string)
        {
            Plain = plain.SequenceEqual(s_usual) ? null : new(plain),
        };
    }

    /// <summary>The class derives from SafeHandle, which the SDK's generator passes as the handle in it.</summary>
    public static bool IsSafeHandle(ITypeSymbol type)
    {
        for (ITypeSymbol? t = type; t is not null; t = t.BaseType)
        {
            if (t.ToDisplayString() == "System.Runtime.InteropServices.SafeHandle")
            {
                return true;
            }
        }

        return false;
    }

    // Zero is a file descriptor; the other types hold addresses, table indices beyond zero, or HANDLEs.
    private static long[] Usual(ITypeSymbol type) =>
        Element(type).SpecialType is SpecialType.System_Int32 or SpecialType.System_Int64 ? [-1] : s_usual;

    private static ITypeSymbol Element(ITypeSymbol type) =>
        type.IsSpan(out _) ? ((INamedTypeSymbol)type).TypeArguments[0] : type is IArrayTypeSymbol array ? array.ElementType : type;

    private static bool CanBeHandle(ITypeSymbol type) => Element(type) switch
    {
        { SpecialType: SpecialType.System_Int32 or SpecialType.System_UInt32 or SpecialType.System_Int64 or SpecialType.System_UInt64
            or SpecialType.System_IntPtr or SpecialType.System_UIntPtr } => true,
        IPointerTypeSymbol => SymbolEqualityComparer.Default.Equals(Element(type), type),
        { TypeKind: TypeKind.Class } element => SymbolEqualityComparer.Default.Equals(element, type) && IsSafeHandle(type),
        _ => false,
    };

    /// <summary>A pointer whose target is nobody's business.</summary>
    private static bool IsBare(IParameterSymbol parameter) =>
        parameter.FindAttribute(KnownNames.Handle) is not null || parameter.FindAttribute(
            KnownNames.Opaque) is not null || parameter.FindAttribute(KnownNames.Reserved) is not null
        || parameter.Type is IPointerTypeSymbol { PointedAtType.SpecialType: SpecialType.System_Void };

    private static bool IsOverlapped(ITypeSymbol type) =>
        type is IPointerTypeSymbol { PointedAtType: { } target } && target.ToDisplayString() == "System.Threading.NativeOverlapped";

    private static bool IsKind(string kinds) => kinds.Split('|').All(static kind =>
        kind.Length > 0 && kind.All(static c => c is '_' or '-' or (>= 'a' and <= 'z') or (>= 'A' and <= 'Z') or (>= '0' and <= '9')));

    private bool CheckReturnHandle(IMethodSymbol method, HandleModel? handle) => handle is null
        || (Check(
            CanBeHandle(method.ReturnType),
            DiagnosticDescriptors.HandleType,
            method,
            method.Name,
            "the return value",
            method.ReturnType.ToDisplayString())
            && Check(IsKind(handle.Kind), DiagnosticDescriptors.HandleKind, method, method.Name, "the return value", handle.Kind)
            && Check(
                handle.Use is HandleUse.Produced or HandleUse.Borrowed,
                DiagnosticDescriptors.HandleUseMode,
                method,
                method.Name,
                "the return value",
                handle.Use.ToString(),
                "a return value, which can only be Produced or Borrowed"));

    private bool CheckHandle(IMethodSymbol method, IParameterSymbol parameter, HandleModel? handle, PassingMode mode, TypeModel type)
    {
        if (handle is null)
        {
            return Check(
                type.Shape != TypeShape.SafeHandle,
                DiagnosticDescriptors.NakedSafeHandle,
                parameter,
                method.Name,
                parameter.Name,
                parameter.Type.Name);
        }

        if (!Check(
            CanBeHandle(parameter.Type),
            DiagnosticDescriptors.HandleType,
            parameter,
            method.Name,
            parameter.Name,
            parameter.Type.ToDisplayString())
            || !Check(IsKind(handle.Kind), DiagnosticDescriptors.HandleKind, parameter, method.Name, parameter.Name, handle.Kind))
        {
            return false;
        }

        bool isElements = type.Shape is TypeShape.Span or TypeShape.ReadOnlySpan or TypeShape.Array;
        bool fits = isElements ? handle.Use is not HandleUse.InOut && handle.ConsumedWhen is null : handle.Use switch
        {
            HandleUse.Produced => mode == PassingMode.Out,
            HandleUse.InOut => mode == PassingMode.Ref,
            HandleUse.Borrowed => mode != PassingMode.In,
            _ => mode == PassingMode.Value,
        };
        string passed = isElements
            ? "several values"
            : mode == PassingMode.Value ? "passed by value" : "passed as " + mode.ToString().ToLowerInvariant();
        return Check(fits, DiagnosticDescriptors.HandleUseMode, parameter, method.Name, parameter.Name, handle.Use.ToString(), passed)
            && Check(
                handle.ConsumedWhen is null || IsIntegerIn(method, handle.ConsumedWhen),
                DiagnosticDescriptors.HandleConsumedWhen,
                parameter,
                method.Name,
                parameter.Name,
                handle.ConsumedWhen ?? "");
    }

    /// <summary>What a parameter is that is no handle, or null when what is said does not fit.</summary>
    private ValueRole? GatherRole(IMethodSymbol method, IParameterSymbol parameter, TypeModel type, bool isSettled)
    {
        ITypeSymbol element = Element(parameter.Type);
        bool IsFit(bool condition, string attribute, string wanted) =>
            Check(condition, DiagnosticDescriptors.RoleType, parameter, attribute, parameter.Name, method.Name, wanted);
        if (parameter.FindAttribute(KnownNames.Reserved) is not null)
        {
            bool goesIn = parameter.RefKind == RefKind.None && (IsInteger(parameter.Type) || type.Shape == TypeShape.Address);
            return IsFit(goesIn, "Reserved", "an integer or a pointer that goes in by value") ? ValueRole.Reserved : null;
        }

        if (parameter.FindAttribute(KnownNames.Opaque) is not null)
        {
            return IsFit(element.IsNint() || type.Shape == TypeShape.Address, "Opaque", "a nint or a pointer") ? ValueRole.Opaque : null;
        }

        if (parameter.FindAttribute(KnownNames.Number) is not null)
        {
            return IsFit(element.IsNint(), "Number", "a nint") ? ValueRole.Plain : null;
        }

        if (isSettled || !(element.IsNint() || type.Shape == TypeShape.Address))
        {
            return ValueRole.Plain;
        }

        report?.Invoke(DiagnosticDescriptors.NakedPointer, parameter, parameter.Name, method.Name, parameter.Type.ToDisplayString());
        return ValueRole.Opaque;
    }

    private ValueRole GatherReturnRole(
        IMethodSymbol method,
        TypeModel returned,
        HandleModel? handle,
        ContentModel? content,
        List<ParameterModel> parameters,
        SuccessRule success)
    {
        System.Collections.Immutable.ImmutableArray<AttributeData> attributes = method.GetReturnTypeAttributes();
        if (SymbolExtensions.Find(attributes, KnownNames.Opaque) is not null)
        {
            Check(
                method.ReturnType.IsNint() || returned.Shape == TypeShape.Address,
                DiagnosticDescriptors.RoleType,
                method,
                "Opaque",
                "the return value",
                method.Name,
                "a nint or a pointer");
            return ValueRole.Opaque;
        }

        // A count, or what is at least zero unless it fails, is a number.
        bool isCount = success == SuccessRule.NonNegative
            || parameters.Any(static p => p.Buffer is { WrittenByReturnValue: true } || p.Content is { LengthByReturnValue: true });
        bool isBare = method.ReturnType.IsNint() || (returned.Shape == TypeShape.Address && content is null);
        if (!isBare
            || handle is not null
            || content is not null
            || isCount
            || SymbolExtensions.Find(attributes, KnownNames.Number) is not null)
        {
            return ValueRole.Plain;
        }

        report?.Invoke(DiagnosticDescriptors.NakedPointer, method, "the return value", method.Name, method.ReturnType.ToDisplayString());
        return ValueRole.Opaque;
    }
}
