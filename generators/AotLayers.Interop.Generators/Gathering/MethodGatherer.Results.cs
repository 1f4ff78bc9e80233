using Microsoft.CodeAnalysis;

namespace AotLayers.Interop.Generators;

/// <content>When a call succeeded, and when what came out counts although it did not.</content>
internal sealed partial class MethodGatherer
{
    private static SuccessRule Declared(object value) => (SuccessRule)(int)value;

    private SuccessRule Rule(IMethodSymbol method, TypeModel returned, HandleModel? handle)
    {
        if (method.FindAttribute(KnownNames.SuccessWhen)?.Positional(0) is { } rule)
        {
            return Declared(rule);
        }

        if (handle is not null)
        {
            return SuccessRule.Handle;
        }

        if (returned.Shape is TypeShape.Void or TypeShape.String or TypeShape.Struct or TypeShape.Guid or TypeShape.Char
            or TypeShape.Address || returned.Scalar is "Single" or "Double")
        {
            return SuccessRule.Always;
        }

        if (apiRule is null && returned.Shape == TypeShape.Bool)
        {
            return SuccessRule.NonZero;
        }

        // An HRESULT is never beside a last error: what is judged here is a BOOL, a count or a handle.
        if (apiRule is null
            && method.FindAttribute(KnownNames.LibraryImport)?.Named("SetLastError") is true
            && returned is { Scalar: "Int32" })
        {
            report?.Invoke(DiagnosticDescriptors.UnjudgedLastError, method, method.Name);
        }

        return apiRule ?? SuccessRule.HResult;
    }

    private static bool Fits(SuccessRule rule, TypeModel returned, AttributeData import) => rule switch
    {
        SuccessRule.Always or SuccessRule.Handle => true,
        SuccessRule.NoLastError => import.Named("SetLastError") is true,
        SuccessRule.HResult => returned is { Shape: TypeShape.Scalar, Scalar: "Int32" },
        SuccessRule.NonZero =>
            returned is { Shape: TypeShape.Scalar or TypeShape.CLong or TypeShape.Enum or TypeShape.Bool or TypeShape.Address },
        SuccessRule.NotNull => returned is { Scalar: "NInt" or "NUInt" } or { Shape: TypeShape.Address or TypeShape.SafeHandle },
        SuccessRule.NonNegative => returned is { Shape: TypeShape.Scalar or TypeShape.CLong or TypeShape.Enum,
            ScalarText: "sbyte" or "short" or "int" or "long" or "nint" },
        _ => returned is { Shape: TypeShape.Scalar or TypeShape.CLong or TypeShape.Enum, Scalar: not ("Single" or "Double") },
    };

    private bool TryGatherResults(
        IMethodSymbol method,
        AttributeData import,
        out EquatableArray<long> codes,
        out EquatableArray<long> lastErrors)
    {
        codes = new(Codes(method.FindAttribute(KnownNames.ResultsOn)));
        lastErrors = new(Codes(method.FindAttribute(KnownNames.ResultsOnLastError)));
        ITypeSymbol type = method.ReturnType is INamedTypeSymbol { EnumUnderlyingType: { } underlying } ? underlying : method.ReturnType;
        return Check(
            codes.Count == 0 || IsInteger(type),
            DiagnosticDescriptors.ResultsOn,
            method,
            "ResultsOn",
            method.Name,
            "needs an integer return value")
            && Check(
                lastErrors.Count == 0 || import.Named("SetLastError") is true,
                DiagnosticDescriptors.ResultsOn,
                method,
                "ResultsOnLastError",
                method.Name,
                "needs SetLastError = true in the [LibraryImport]");
    }

    private static long[] Codes(AttributeData? attribute) =>
        attribute?.ConstructorArguments.FirstOrDefault() is { Kind: TypedConstantKind.Array, IsNull: false } codes
            ? [.. codes.Values.Select(static v => (long)v.Value!)]
            : [];
}
