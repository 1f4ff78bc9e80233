using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.Editing;

namespace AotLayers.Interop.CodeFixes;

/// <summary>
/// Offers, for a declaration that leaves something open, the ways to say it. All diagnostics of a file or a project can be fixed the same
/// way together; not all of a solution, because <c>dotnet format</c> would then choose the first way without being asked.
/// </summary>
public abstract class DeclarationCodeFixProvider : CodeFixProvider
{
    private static readonly FixAllProvider s_fixAll = FixAllProvider.Create(
        static (context, document, diagnostics) => FixAsync(
            (DeclarationCodeFixProvider)context.CodeFixProvider,
            document,
            diagnostics,
            context.CodeActionEquivalenceKey,
            context.CancellationToken),
        [FixAllScope.Document, FixAllScope.Project, FixAllScope.ContainingMember, FixAllScope.ContainingType]);

    /// <inheritdoc />
    public sealed override FixAllProvider GetFixAllProvider() => s_fixAll;

    /// <inheritdoc />
    public sealed override async Task RegisterCodeFixesAsync(CodeFixContext context)
    {
        Document document = context.Document;
        if (await document.GetSyntaxRootAsync(context.CancellationToken).ConfigureAwait(false) is not { } root
            || await document.GetSemanticModelAsync(context.CancellationToken).ConfigureAwait(false) is not { } model)
        {
            return;
        }

        foreach (Diagnostic diagnostic in context.Diagnostics)
        {
            if (Declaration.Find(root, model, diagnostic.Location, context.CancellationToken) is { } declaration)
            {
                foreach (DeclarationFix fix in Fixes(declaration, diagnostic, context.CancellationToken))
                {
                    context.RegisterCodeFix(
                        CodeAction.Create(
                            fix.Title,
                            async token => await FixAsync(this, document, [diagnostic], fix.Key, token).ConfigureAwait(false) ?? document,
                            fix.Key),
                        diagnostic);
                }
            }
        }
    }

    /// <summary>The ways to say what the diagnostic misses, the likeliest first.</summary>
    private protected abstract IEnumerable<DeclarationFix> Fixes(
        Declaration declaration,
        Diagnostic diagnostic,
        CancellationToken token);

    private static async Task<Document?> FixAsync(
        DeclarationCodeFixProvider provider,
        Document document,
        ImmutableArray<Diagnostic> diagnostics,
        string? key,
        CancellationToken token)
    {
        DocumentEditor editor = await DocumentEditor.CreateAsync(document, token).ConfigureAwait(false);
        HashSet<SyntaxNode> done = [];
        foreach (Diagnostic diagnostic in diagnostics)
        {
            if (Declaration.Find(editor.OriginalRoot, editor.SemanticModel, diagnostic.Location, token) is { } declaration)
            {
                provider.Fixes(declaration, diagnostic, token).FirstOrDefault(f => f.Key == key)?.Apply(editor, done);
            }
        }

        return editor.GetChangedDocument();
    }
}
