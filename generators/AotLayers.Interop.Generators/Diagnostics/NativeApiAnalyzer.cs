using System.Collections.Concurrent;
using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

namespace AotLayers.Interop.Generators;

/// <summary>
/// Reports every declaration that the generator cannot honour. It runs the generator's own gathering with a listener, so that the two
/// cannot disagree, and it is separate so that the generator carries no locations. What only all classes together show is reported at the
/// end of the compilation.
/// </summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class NativeApiAnalyzer : DiagnosticAnalyzer
{
    /// <inheritdoc />
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } = [.. DiagnosticDescriptors.All];

    /// <inheritdoc />
    public override void Initialize(AnalysisContext context)
    {
        context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.None);
        context.EnableConcurrentExecution();
        context.RegisterCompilationStartAction(static start =>
        {
            ConcurrentBag<(INamedTypeSymbol Type, NativeApiModel Api)> apis = [];
            start.RegisterSymbolAction(c => Analyze(c, apis), SymbolKind.NamedType);
            start.RegisterCompilationEndAction(end => ApiSet.Check(end, [.. apis]));
        });
    }

    private static void Analyze(SymbolAnalysisContext context, ConcurrentBag<(INamedTypeSymbol Type, NativeApiModel Api)> apis)
    {
        var type = (INamedTypeSymbol)context.Symbol;
        void Report(DiagnosticDescriptor descriptor, ISymbol where, string[] arguments) =>
            context.ReportDiagnostic(Diagnostic.Create(descriptor, where.Locations.FirstOrDefault(), arguments));

        if (type.FindAttribute(KnownNames.NativeApi) is { } api
            && NativeApiGatherer.Gather(type, api, Report, context.CancellationToken) is { } model)
        {
            apis.Add((type, model));
        }

        AttributeData[] exports = [.. type.GetAttributes()
            .Where(static a => a.AttributeClass?.ToDisplayString() == KnownNames.NativeExports)];
        if (exports.Length > 0)
        {
            ExportsGatherer.Gather(type, exports, Report, context.CancellationToken);
        }
    }
}
