using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

namespace AotLayers.Interop.Generators;

/// <summary>
/// What the APIs of a compilation say about each other: names that are taken twice, and kinds of handles that none of them makes.
/// </summary>
internal static class ApiSet
{
    /// <summary>Properties of AOTL028, for its code fix: the kind that nothing makes, and the one that was probably meant.</summary>
    private const string KindProperty = "Kind";
    private const string NearestKindProperty = "NearestKind";

    private const int MaxTypos = 2;

    public static void Check(CompilationAnalysisContext context, (INamedTypeSymbol Type, NativeApiModel Api)[] apis)
    {
        CheckNames(context, apis);
        HashSet<string> made = new(
            apis.SelectMany(static a => Places(a.Api)).Where(static p => p.IsMade).Select(static p => p.Kind),
            StringComparer.Ordinal);
        HashSet<string>? referenced = null;
        foreach ((INamedTypeSymbol type, NativeApiModel api) in apis)
        {
            foreach (Place place in Places(api).Where(static p => !p.IsMade))
            {
                foreach (string kind in place.Kind.Split('|').Where(k => !made.Contains(k)))
                {
                    referenced ??= Referenced(context.Compilation);
                    if (!referenced.Contains(kind))
                    {
                        string? near = Nearest(kind, made.Concat(referenced));
                        context.ReportDiagnostic(Diagnostic.Create(
                            DiagnosticDescriptors.KindNeverMade,
                            Where(context.Compilation, type, place),
                            ImmutableDictionary<string, string?>.Empty.Add(KindProperty, kind).Add(NearestKindProperty, near),
                            place.Name ?? "the return value",
                            place.Function,
                            kind,
                            near is null ? "; if it is made elsewhere, say so by HandleUse.Borrowed" : $"; did you mean '{near}'?"));
                    }
                }
            }
        }
    }

    private static void CheckNames(CompilationAnalysisContext context, (INamedTypeSymbol Type, NativeApiModel Api)[] apis)
    {
        foreach (IGrouping<string, (INamedTypeSymbol Type, NativeApiModel Api)> same in apis.GroupBy(
            static a => a.Api.Name,
            StringComparer.Ordinal).Where(static g => g.Count() > 1))
        {
            INamedTypeSymbol[] types = [.. same.Select(static a => a.Type)
                .OrderBy(static t => t.ToDisplayString(), StringComparer.Ordinal)];
            foreach (INamedTypeSymbol second in types.Skip(1))
            {
                context.ReportDiagnostic(Diagnostic.Create(
                    DiagnosticDescriptors.SameName,
                    second.Locations.FirstOrDefault(),
                    types[0].Name,
                    second.Name,
                    same.Key));
            }
        }
    }

    private static IEnumerable<Place> Places(NativeApiModel api)
    {
        foreach (MethodModel method in api.Methods)
        {
            foreach (ParameterModel p in method.Parameters.Where(static p => p.Handle is not null))
            {
                yield return new(method.Name, p.Name, p.Handle!.Kind, p.Handle.IsMade);
            }

            if (method.ReturnHandle is { } returned)
            {
                yield return new(method.Name, null, returned.Kind, returned.IsMade);
            }
        }

        foreach (StructModel model in api.Structs)
        {
            foreach (FieldModel field in model.Fields.Where(static f => f.Handle is not null))
            {
                yield return new(model.Helper, field.Name, field.Handle!.Kind, field.Handle.IsMade) { Struct = model.Text };
            }
        }
    }

    private static Location? Where(Compilation compilation, INamedTypeSymbol type, Place place)
    {
        if (place.Struct is { } text)
        {
            ISymbol? field = Struct(compilation, text)?.GetMembers(place.Name!).FirstOrDefault();
            return field?.Locations.FirstOrDefault(static l => l.IsInSource) ?? type.Locations.FirstOrDefault();
        }

        IMethodSymbol? method = type.GetMembers(place.Function).OfType<IMethodSymbol>().FirstOrDefault();
        ISymbol where = method is null ? type : method.Parameters.FirstOrDefault(p => p.Name == place.Name) ?? (ISymbol)method;
        return where.Locations.FirstOrDefault();
    }

    /// <summary>The struct that a model names as source text, also where it stands within other types.</summary>
    private static INamedTypeSymbol? Struct(Compilation compilation, string text)
    {
        string name = text.Substring("global::".Length);
        while (true)
        {
            int dot = name.LastIndexOf('.');
            INamedTypeSymbol? found = compilation.GetTypeByMetadataName(name);
            if (found is not null || dot < 0)
            {
                return found;
            }

            name = name.Substring(0, dot) + "+" + name.Substring(dot + 1);
        }
    }

    /// <summary>The kinds that APIs of referenced assemblies make. Only assemblies that know the toolkit are looked at.</summary>
    private static HashSet<string> Referenced(Compilation compilation)
    {
        HashSet<string> kinds = new(StringComparer.Ordinal);
        foreach (IAssemblySymbol assembly in compilation.SourceModule.ReferencedAssemblySymbols)
        {
            if (assembly.Modules.Any(static m => m.ReferencedAssemblies.Any(static a => a.Name == "AotLayers.Interop")))
            {
                Collect(assembly.GlobalNamespace, kinds);
            }
        }

        return kinds;
    }

    private static void Collect(INamespaceSymbol space, HashSet<string> kinds)
    {
        foreach (INamespaceSymbol inner in space.GetNamespaceMembers())
        {
            Collect(inner, kinds);
        }

        foreach (IMethodSymbol method in space.GetTypeMembers()
            .Where(static t => t.FindAttribute(KnownNames.NativeApi) is not null)
            .SelectMany(static t => t.GetMembers().OfType<IMethodSymbol>()))
        {
            IEnumerable<AttributeData?> handles = method.Parameters.Select(static p => p.FindAttribute(KnownNames.Handle))
                .Append(SymbolExtensions.Find(method.GetReturnTypeAttributes(), KnownNames.Handle));
            foreach (AttributeData handle in handles.OfType<AttributeData>())
            {
                if (handle.Positional(1) is int use
                    && (HandleUse)use is HandleUse.Produced or HandleUse.InOut or HandleUse.Borrowed
                    && handle.Positional(0) is string kind)
                {
                    kinds.Add(kind);
                }
            }
        }
    }

    private static string? Nearest(string kind, IEnumerable<string> made) =>
        made.Where(m => Distance(kind, m) <= MaxTypos && Distance(kind, m) < kind.Length)
            .OrderBy(m => Distance(kind, m))
            .ThenBy(static m => m, StringComparer.Ordinal)
            .FirstOrDefault();

    /// <summary>How many letters differ.</summary>
    private static int Distance(string a, string b)
    {
        int[] row = [.. Enumerable.Range(0, b.Length + 1)];
        for (int i = 1; i <= a.Length; i++)
        {
            int before = row[0];
            row[0] = i;
            for (int j = 1; j <= b.Length; j++)
            {
                int cost = Math.Min(Math.Min(row[j], row[j - 1]) + 1, before + (a[i - 1] == b[j - 1] ? 0 : 1));
                before = row[j];
                row[j] = cost;
            }
        }

        return row[b.Length];
    }

    private sealed record Place(string Function, string? Name, string Kind, bool IsMade)
    {
        /// <summary>Of a field: the struct, as source text.</summary>
        public string? Struct { get; init; }
    }
}
