using System.Collections.Immutable;
using System.Reflection;
using System.Runtime.Loader;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;

namespace AotLayers.Interop.Generators.Tests;

/// <summary>Runs our generator and the SDK's LibraryImport generator as one compilation of a user's project does.</summary>
internal static class GeneratorHarness
{
    private const string Usings = """
        using System;
        using System.Runtime.CompilerServices;
        using System.Runtime.InteropServices;
        using System.Runtime.InteropServices.Marshalling;
        using AotLayers.Interop;

        """;

    private static readonly CSharpParseOptions s_parse = new(LanguageVersion.Latest, DocumentationMode.Diagnose);

    private static readonly ImmutableArray<MetadataReference> s_references =
    [
        .. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
            .Where(static path => Path.GetFileName(path) is var name
                && (name.StartsWith("System.", StringComparison.Ordinal) || name is "netstandard.dll" or "mscorlib.dll"))
            .Select(static path => MetadataReference.CreateFromFile(path)),
        MetadataReference.CreateFromFile(typeof(NativeApiAttribute).Assembly.Location),
    ];

    private static readonly Lazy<IIncrementalGenerator> s_libraryImport = new(LoadLibraryImportGenerator);

    /// <summary>A compilation of sources, as strict as the projects that ship.</summary>
    public static CSharpCompilation Compile(params string[] sources) => CSharpCompilation.Create(
        "Generated" + Guid.NewGuid().ToString("N"),
        sources.Select(static (source, i) => Parse(source, $"Source{i}.cs"))
            .Append(CSharpSyntaxTree.ParseText(
                "[assembly: System.Runtime.CompilerServices.DisableRuntimeMarshalling]",
                s_parse,
                "Assembly.cs")),
        s_references,
        new CSharpCompilationOptions(
            OutputKind.DynamicallyLinkedLibrary,
            allowUnsafe: true,
            nullableContextOptions: NullableContextOptions.Enable,
            generalDiagnosticOption: ReportDiagnostic.Error,
            warningLevel: 9999));

    /// <summary>One source file with the usual usings.</summary>
    public static SyntaxTree Parse(string source, string path = "Source0.cs") => CSharpSyntaxTree.ParseText(Usings + source, s_parse, path);

    /// <summary>A driver with our generator, and the SDK's when the result is to be compiled.</summary>
    public static GeneratorDriver Driver(bool withLibraryImport)
    {
        IEnumerable<IIncrementalGenerator> generators = withLibraryImport
            ? [new NativeApiGenerator(), s_libraryImport.Value]
            : [new NativeApiGenerator()];
        return CSharpGeneratorDriver.Create(
            generators.Select(GeneratorExtensions.AsSourceGenerator),
            parseOptions: s_parse,
            driverOptions: new GeneratorDriverOptions(IncrementalGeneratorOutputKind.None, trackIncrementalGeneratorSteps: true));
    }

    /// <summary>What our generator writes, by file name.</summary>
    public static SortedDictionary<string, string> Generate(params string[] sources) => Generate(Driver(withLibraryImport: false), sources);

    /// <summary>As <see cref="Generate(string[])"/>, in a build that has switched analyzers off.</summary>
    public static SortedDictionary<string, string> GenerateWithoutAnalyzers(params string[] sources) =>
        Generate(Driver(withLibraryImport: false)
            .WithUpdatedAnalyzerConfigOptions(new BuildProperties(("build_property.RunAnalyzers", "false"))), sources);

    private static SortedDictionary<string, string> Generate(GeneratorDriver start, string[] sources)
    {
        GeneratorDriver driver = start.RunGenerators(Compile(sources));
        SortedDictionary<string, string> files = new(StringComparer.Ordinal);
        foreach (GeneratedSourceResult file in driver.GetRunResult().Results.Single().GeneratedSources)
        {
            files.Add(file.HintName, file.SourceText.ToString());
        }

        return files;
    }

    /// <summary>Compiles sources with both generators; any error or warning fails the test.</summary>
    public static Assembly Build(params string[] sources) => Load(BuildImage([], sources));

    /// <summary>As <see cref="Build"/>, with further references; gives the image.</summary>
    public static byte[] BuildImage(IEnumerable<MetadataReference> references, params string[] sources)
    {
        CSharpCompilation compilation = Compile(sources).AddReferences(references);
        Driver(withLibraryImport: true)
            .RunGeneratorsAndUpdateCompilation(compilation, out Compilation output, out ImmutableArray<Diagnostic> diagnostics);
        Assert.Empty(diagnostics.Where(static d => d.Severity >= DiagnosticSeverity.Warning));
        using MemoryStream image = new();
        ImmutableArray<Diagnostic> emitted = output.Emit(image).Diagnostics;
        Assert.True(
            !emitted.Any(static d => d.Severity >= DiagnosticSeverity.Warning),
            string.Join('\n', emitted.Where(static d => d.Severity >= DiagnosticSeverity.Warning)));
        return image.ToArray();
    }

    public static Assembly Load(byte[] image) => AssemblyLoadContext.Default.LoadFromStream(new MemoryStream(image));

    /// <summary>What the analyzer says of sources.</summary>
    public static ImmutableArray<Diagnostic> Analyze(params string[] sources)
    {
        Driver(withLibraryImport: false).RunGeneratorsAndUpdateCompilation(Compile(sources), out Compilation output, out _);
        return output.WithAnalyzers([new NativeApiAnalyzer()]).GetAnalyzerDiagnosticsAsync().GetAwaiter().GetResult();
    }

    private static IIncrementalGenerator LoadLibraryImportGenerator()
    {
        string folder = Path.Combine(AppContext.BaseDirectory, "library-import");
        Assembly.LoadFrom(Path.Combine(folder, "Microsoft.Interop.SourceGeneration.dll"));
        var assembly = Assembly.LoadFrom(Path.Combine(folder, "Microsoft.Interop.LibraryImportGenerator.dll"));

        // By name: the assembly's code fixes need the workspace assemblies, which only editors have.
        return (IIncrementalGenerator)Activator.CreateInstance(assembly.GetType(
            "Microsoft.Interop.LibraryImportGenerator",
            throwOnError: true)!)!;
    }
}

/// <summary>MSBuild properties as a generator sees them.</summary>
internal sealed class BuildProperties(params (string Name, string Value)[] properties) : AnalyzerConfigOptionsProvider
{
    public override AnalyzerConfigOptions GlobalOptions { get; } = new Options(properties.ToDictionary(
        static p => p.Name,
        static p => p.Value));

    public override AnalyzerConfigOptions GetOptions(SyntaxTree tree) => GlobalOptions;

    public override AnalyzerConfigOptions GetOptions(AdditionalText textFile) => GlobalOptions;

    private sealed class Options(Dictionary<string, string> values) : AnalyzerConfigOptions
    {
        public override bool TryGetValue(string key, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out string? value) =>
            values.TryGetValue(key, out value);
    }
}
