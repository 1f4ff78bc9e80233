using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;

namespace AotLayers.Interop.Generators;

/// <summary>Hears of every declaration that cannot be honoured. The generator has no listener; the analyzer reports.</summary>
internal delegate void Report(DiagnosticDescriptor descriptor, ISymbol where, params string[] arguments);

/// <summary>
/// Reads a [NativeApi] class into a model. It works on symbols only, so that declarations of a referenced assembly read the same as those
/// of source. The generator and the analyzer share it: what one leaves out the other reports.
/// </summary>
internal static class NativeApiGatherer
{
    /// <summary>The model, or null when nothing can stand beside the class.</summary>
    public static NativeApiModel? Gather(INamedTypeSymbol type, AttributeData attribute, Report? report, CancellationToken token)
    {
        if (type.ContainingType is not null || type.IsGenericType)
        {
            report?.Invoke(DiagnosticDescriptors.NestedOrGeneric, type, type.Name);
            return null;
        }

        if (!type.IsStatic || !IsPartial(type, token))
        {
            report?.Invoke(DiagnosticDescriptors.NotStaticPartial, type, type.Name);
            return null;
        }

        string name = attribute.Positional(0) as string ?? "";
        string library = attribute.Positional(1) as string ?? "";
        if (library.Length == 0 || !Regex.IsMatch(name, "^[A-Za-z0-9_.-]+$", RegexOptions.CultureInvariant))
        {
            report?.Invoke(DiagnosticDescriptors.EmptyName, type, type.Name);
            return null;
        }

        SuccessRule? success = attribute.Named("Success") is int rule ? (SuccessRule)rule : null;
        string? codeNames = GatherCodeNames(type, attribute, report);

        TypeGatherer types = new(type.ContainingAssembly);
        CallbackGatherer callbacks = new(types);
        MethodGatherer methods = new(types, callbacks, success, library, report);
        List<MethodModel> gathered = [];
        List<string> refused = [];
        HashSet<string> names = [];
        foreach (IMethodSymbol method in type.GetMembers().OfType<IMethodSymbol>().Where(static m => m.MethodKind == MethodKind.Ordinary))
        {
            token.ThrowIfCancellationRequested();
            if (!names.Add(method.Name))
            {
                report?.Invoke(DiagnosticDescriptors.Overload, method, method.Name);
                refused.Add(method.Name);
            }
            else if (methods.Gather(method) is { } model)
            {
                gathered.Add(model);
            }
            else
            {
                refused.Add(method.Name);
            }
        }

        foreach (IFieldSymbol field in types.Naked.Distinct<IFieldSymbol>(SymbolEqualityComparer.Default))
        {
            ISymbol where = field.DeclaringSyntaxReferences.Length > 0 ? field : type;
            report?.Invoke(DiagnosticDescriptors.NakedPointer, where, field.Name, field.ContainingType.Name, field.Type.ToDisplayString());
        }

        EquatableArray<StructModel> structs = new(types.Structs);
        return new NativeApiModel(
            type.ContainingNamespace.IsGlobalNamespace ? "" : type.ContainingNamespace.ToDisplayString(),
            type.Name,
            type.ToSource(),
            type.DeclaredAccessibility == Accessibility.Public ? "public" : "internal",
            name,
            library,
            SearchPaths(type, report),
            codeNames,
            new(gathered.Select(method => SignatureHash.Compute(method, [.. structs]))),
            new(gathered),
            structs,
            new(refused.Distinct()))
        {
            Callbacks = new(callbacks.Signatures),
        };
    }

    /// <summary>
    /// Every part says partial. Declarations of a referenced assembly have no syntax; they were checked when that assembly was compiled.
    /// </summary>
    public static bool IsPartial(INamedTypeSymbol type, CancellationToken token) =>
        type.DeclaringSyntaxReferences.All(r => r.GetSyntax(token) is Microsoft.CodeAnalysis.CSharp.Syntax.TypeDeclarationSyntax declaration
            && declaration.Modifiers.Any(static m => m.RawKind == (int)Microsoft.CodeAnalysis.CSharp.SyntaxKind.PartialKeyword));

    private static string? GatherCodeNames(INamedTypeSymbol type, AttributeData attribute, Report? report)
    {
        if (attribute.Named("CodeNames") is not INamedTypeSymbol names)
        {
            return null;
        }

        bool found = names.GetMembers("GetName").OfType<IMethodSymbol>().Any(static m =>
            m is { IsStatic: true, Parameters.Length: 1, ReturnType.SpecialType: SpecialType.System_String,
                DeclaredAccessibility: Accessibility.Public or Accessibility.Internal }
            && m.Parameters[0].Type.SpecialType == SpecialType.System_UInt32);
        if (found)
        {
            return names.ToSource();
        }

        report?.Invoke(DiagnosticDescriptors.CodeNames, type, type.Name, names.Name);
        return null;
    }

    /// <summary>
    /// Where the library is searched: what the methods say, else the assembly. Without either it is what a plain [LibraryImport] does.
    /// </summary>
    private static int? SearchPaths(INamedTypeSymbol type, Report? report)
    {
        IMethodSymbol[] methods = [.. type.GetMembers()
            .OfType<IMethodSymbol>()
            .Where(static m => m.FindAttribute(KnownNames.LibraryImport) is not null)];
        IMethodSymbol? first = methods.FirstOrDefault();
        foreach (IMethodSymbol method in methods)
        {
            if (Own(method) != Own(first!))
            {
                report?.Invoke(DiagnosticDescriptors.SearchPathsDiffer, method, method.Name, first!.Name);
                break;
            }
        }

        return (first is null ? null : Own(first)) ?? Own(type.ContainingAssembly);

        static int? Own(ISymbol symbol) => symbol.FindAttribute(KnownNames.SearchPaths)?.Positional(0) as int?;
    }
}
