using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace AotLayers.Repository.Tests;

/// <summary>A C# file of this repository, parsed.</summary>
/// <param name="Path">From the repository's root.</param>
internal sealed record SourceFile(string Path)
{
    private static readonly string[] s_testAttributes = ["Fact", "Theory", "Test", "TestCase", "TestCaseSource"];

    private static readonly SyntaxKind[] s_texts =
    [
        SyntaxKind.StringLiteralToken, SyntaxKind.SingleLineRawStringLiteralToken, SyntaxKind.MultiLineRawStringLiteralToken,
        SyntaxKind.Utf8StringLiteralToken, SyntaxKind.Utf8SingleLineRawStringLiteralToken, SyntaxKind.Utf8MultiLineRawStringLiteralToken,
    ];

    /// <summary>Those that people write: not what a test compares with.</summary>
    public static IEnumerable<SourceFile> All =>
        RepositoryFiles.With(".cs")
            .Where(path => !path.Contains(".verified.", StringComparison.Ordinal))
            .Select(path => new SourceFile(path));

    private SyntaxNode Root { get => field ??= CSharpSyntaxTree.ParseText(Text).GetRoot(); }

    private SourceText Text { get => field ??= SourceText.From(RepositoryFiles.Read(Path)); }

    /// <summary>Number of lines.</summary>
    public int LineCount => Text.Lines.Count;

    /// <summary>Numbers of the lines that are longer, unless what makes them long is text in quotation marks.</summary>
    public IEnumerable<int> LongLines(int columns) =>
        Text.Lines.Where(line => line.ToString().EnumerateRunes().Count() > columns && !IsMadeLongByText(line, columns))
            .Select(line => line.LineNumber + 1);

    /// <summary>Names of the methods that a test runner runs.</summary>
    public IEnumerable<string> TestNames() =>
        Root.DescendantNodes().OfType<MethodDeclarationSyntax>()
            .Where(method => method.AttributeLists.SelectMany(list => list.Attributes)
                .Any(attribute => s_testAttributes.Contains(attribute.Name.ToString())))
            .Select(method => method.Identifier.Text);

    private bool IsMadeLongByText(TextLine line, int columns)
    {
        int text = 0;
        foreach (SyntaxToken token in Root.DescendantTokens(line.Span))
        {
            // An interpolated text is several tokens, so its holes count as text as well.
            SyntaxNode? interpolated = token.Parent?.AncestorsAndSelf().OfType<InterpolatedStringExpressionSyntax>().LastOrDefault();
            TextSpan? span = interpolated?.Span ?? (s_texts.Contains(token.Kind()) ? token.Span : null);
            text = Math.Max(text, span?.Intersection(line.Span)?.Length ?? 0);
        }

        return text > columns / 2;
    }
}
