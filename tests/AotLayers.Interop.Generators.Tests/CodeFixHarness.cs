using System.Collections.Immutable;
using AotLayers.Interop.CodeFixes;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Text;

namespace AotLayers.Interop.Generators.Tests;

/// <summary>
/// Offers and applies code fixes as an editor does: a project in a workspace, with the generator and the analyzer over it.
/// </summary>
internal sealed class CodeFixHarness : IDisposable
{
    private static readonly DeclarationCodeFixProvider[] s_providers =
        [new PointerMeaningCodeFix(), new PointerDirectionCodeFix(), new HandleKindCodeFix()];

    private readonly AdhocWorkspace _workspace = new();

    /// <summary>A project of one file with the usual usings.</summary>
    public CodeFixHarness(string source)
    {
        CSharpCompilation like = GeneratorHarness.Compile(source);
        Project project = _workspace.AddProject(ProjectInfo.Create(
            ProjectId.CreateNewId(),
            VersionStamp.Default,
            "Fixed",
            "Fixed",
            LanguageNames.CSharp,
            compilationOptions: like.Options,
            parseOptions: like.SyntaxTrees[0].Options,
            metadataReferences: like.References));
        Solution solution = project.Solution;
        foreach (SyntaxTree tree in like.SyntaxTrees)
        {
            solution = solution.AddDocument(
                DocumentId.CreateNewId(project.Id),
                Path.GetFileName(tree.FilePath),
                tree.GetText(),
                filePath: tree.FilePath);
        }

        Document = solution.Projects.Single().Documents.First();
    }

    /// <summary>The file as it is.</summary>
    public Document Document { get; }

    /// <summary>All fixes.</summary>
    public static IEnumerable<DeclarationCodeFixProvider> Providers => s_providers;

    /// <summary>The analyzer's diagnostics in the file.</summary>
    public static async Task<ImmutableArray<Diagnostic>> AnalyzeAsync(Project project)
    {
        Compilation compilation = (await project.GetCompilationAsync())!;
        GeneratorHarness.Driver(withLibraryImport: false).RunGeneratorsAndUpdateCompilation(compilation, out Compilation output, out _);
        return await output.WithAnalyzers([new NativeApiAnalyzer()]).GetAnalyzerDiagnosticsAsync();
    }

    /// <summary>Titles of what is offered for the first diagnostic with this id.</summary>
    public async Task<string[]> OfferedAsync(string id) => [.. (await ActionsAsync(id)).Select(static a => a.Title)];

    /// <summary>The file's text, without the usual usings, after the offer with this title was taken.</summary>
    public async Task<string> FixAsync(string id, string title) =>
        await ChangedAsync((await ActionsAsync(id)).Single(a => a.Title.Contains(title, StringComparison.Ordinal)));

    /// <summary>As <see cref="FixAsync"/>, for all diagnostics of the scope together.</summary>
    public async Task<string> FixAllAsync(string id, string title, FixAllScope scope)
    {
        DeclarationCodeFixProvider provider = Provider(id);
        CodeAction action = (await ActionsAsync(id)).Single(a => a.Title.Contains(title, StringComparison.Ordinal));
        FixAllContext context = new(
            Document,
            provider,
            scope,
            action.EquivalenceKey!,
            [id],
            new Diagnostics(),
            CancellationToken.None);
        return await ChangedAsync((await provider.GetFixAllProvider().GetFixAsync(context))!);
    }

    public void Dispose() => _workspace.Dispose();

    private static DeclarationCodeFixProvider Provider(string id) => s_providers.Single(p => p.FixableDiagnosticIds.Contains(id));

    private async Task<List<CodeAction>> ActionsAsync(string id)
    {
        List<CodeAction> actions = [];
        Diagnostic first = (await AnalyzeAsync(Document.Project)).Where(d => d.Id == id).OrderBy(static d => d.Location.SourceSpan).First();
        await Provider(id).RegisterCodeFixesAsync(new CodeFixContext(Document, first, (a, _) => actions.Add(a), CancellationToken.None));
        return actions;
    }

    private async Task<string> ChangedAsync(CodeAction action)
    {
        ImmutableArray<CodeActionOperation> operations = await action.GetOperationsAsync(CancellationToken.None);
        Solution changed = operations.OfType<ApplyChangesOperation>().Single().ChangedSolution;
        SourceText text = await changed.GetDocument(Document.Id)!.GetTextAsync();
        int usings = (await Document.GetTextAsync()).ToString().IndexOf(Body, StringComparison.Ordinal);
        return text.ToString()[usings..];
    }

    private const string Body = "//";

    private sealed class Diagnostics : FixAllContext.DiagnosticProvider
    {
        public override async Task<IEnumerable<Diagnostic>> GetDocumentDiagnosticsAsync(Document document, CancellationToken token)
        {
            SyntaxTree? tree = await document.GetSyntaxTreeAsync(token);
            return (await AnalyzeAsync(document.Project)).Where(d => d.Location.SourceTree == tree);
        }

        public override async Task<IEnumerable<Diagnostic>> GetProjectDiagnosticsAsync(Project project, CancellationToken token) =>
            (await AnalyzeAsync(project)).Where(static d => d.Location == Location.None);

        public override async Task<IEnumerable<Diagnostic>> GetAllDiagnosticsAsync(Project project, CancellationToken token) =>
            await AnalyzeAsync(project);
    }
}
