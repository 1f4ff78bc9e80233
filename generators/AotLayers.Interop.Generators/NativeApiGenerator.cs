using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace AotLayers.Interop.Generators;

/// <summary>
/// From a [NativeApi] class of [LibraryImport] methods: the interface, the native binding, the recorder, the replayer, the fault injector
/// and a base for fakes. From a [NativeExports] class: the exported C entry points of such an API. Stages: attribute search, gathering
/// (Gathering/), one output per kind of file (Writing/). The README beside this file describes them in order.
/// </summary>
[Generator(LanguageNames.CSharp)]
public sealed class NativeApiGenerator : IIncrementalGenerator
{
    private static readonly System.Text.Encoding s_utf8 = new System.Text.UTF8Encoding(encoderShouldEmitUTF8Identifier: false);

    /// <inheritdoc />
    public void Initialize(IncrementalGeneratorInitializationContext context)
    {
        // Analyzers report what is left out; where a build has switched them off, the written files say it.
        IncrementalValueProvider<bool> unreported = context.AnalyzerConfigOptionsProvider
            .Select(static (options, _) => IsFalse(options.GlobalOptions, "RunAnalyzers")
                || IsFalse(options.GlobalOptions, "RunAnalyzersDuringBuild"))
            .WithTrackingName(TrackingNames.Unreported);
        Apis(context, unreported);
        Exports(context, unreported);
    }

    private static bool IsFalse(Microsoft.CodeAnalysis.Diagnostics.AnalyzerConfigOptions options, string property) =>
        options.TryGetValue("build_property." + property, out string? value) && value.Equals("false", StringComparison.OrdinalIgnoreCase);

    private static void Apis(IncrementalGeneratorInitializationContext context, IncrementalValueProvider<bool> unreported)
    {
        // Symbols end here: everything after this step is equatable values.
        IncrementalValuesProvider<NativeApiModel> apis = context.SyntaxProvider
            .ForAttributeWithMetadataName(
                KnownNames.NativeApi,
                static (node, _) => node is ClassDeclarationSyntax,
                static (c, token) => NativeApiGatherer.Gather((INamedTypeSymbol)c.TargetSymbol, c.Attributes[0], report: null, token))
            .WithTrackingName(TrackingNames.Gather)
            .Where(static m => m is not null)
            .Select(static (m, _) => m!)
            .WithTrackingName(TrackingNames.Api);

        context.RegisterSourceOutput(apis.Combine(unreported), static (c, pair) =>
        {
            (NativeApiModel api, bool isUnreported) = pair;
            Add(c, api, "Interface", InterfaceWriter.Write(api, isUnreported));
            Add(c, api, "Info", InfoWriter.Write(api));
            Add(c, api, "Native", NativeWriter.Write(api));
            Add(c, api, "Calls", CallsWriter.Write(api));
            if (api.Callbacks.Count > 0)
            {
                Add(c, api, "Callbacks", CallbacksWriter.Write(api));
            }

            Add(c, api, "Recording", RecordingWriter.Write(api));
            Add(c, api, "Replaying", ReplayingWriter.Write(api));
            Add(c, api, "Faulting", FaultingWriter.Write(api));
            Add(c, api, "Unsupported", UnsupportedWriter.Write(api));
        });
    }

    private static void Exports(IncrementalGeneratorInitializationContext context, IncrementalValueProvider<bool> unreported)
    {
        IncrementalValuesProvider<ExportsModel> exports = context.SyntaxProvider
            .ForAttributeWithMetadataName(
                KnownNames.NativeExports,
                static (node, _) => node is ClassDeclarationSyntax,
                static (c, token) => ExportsGatherer.Gather((INamedTypeSymbol)c.TargetSymbol, c.Attributes, report: null, token))
            .WithTrackingName(TrackingNames.GatherExports)
            .Where(static m => m is not null)
            .Select(static (m, _) => m!)
            .WithTrackingName(TrackingNames.Exports);

        context.RegisterSourceOutput(exports.Combine(unreported), static (c, pair) =>
        {
            (ExportsModel model, bool isUnreported) = pair;
            string prefix = model.Namespace.Length == 0 ? "" : model.Namespace + ".";
            c.AddSource(
                $"{prefix}{model.ClassName}.Exports.g.cs",
                Microsoft.CodeAnalysis.Text.SourceText.From(ExportsWriter.Write(model, isUnreported), s_utf8));
        });
    }

    private static void Add(SourceProductionContext context, NativeApiModel api, string part, string text)
    {
        string prefix = api.Namespace.Length == 0 ? "" : api.Namespace + ".";
        context.AddSource($"{prefix}{api.ClassName}.{part}.g.cs", Microsoft.CodeAnalysis.Text.SourceText.From(text, s_utf8));
    }
}
