using System.Collections.Immutable;
using System.Composition;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace AotLayers.Interop.CodeFixes;

/// <summary>
/// AOTL028: a kind of handle that no declaration makes. It is another kind misspelt, or the handles come from elsewhere.
/// </summary>
[ExportCodeFixProvider(LanguageNames.CSharp)]
[Shared]
public sealed class HandleKindCodeFix : DeclarationCodeFixProvider
{
    /// <inheritdoc />
    public override ImmutableArray<string> FixableDiagnosticIds { get; } = ["AOTL028"];

    private protected override IEnumerable<DeclarationFix> Fixes(
        Declaration declaration,
        Diagnostic diagnostic,
        CancellationToken token)
    {
        if (declaration.Attribute("Handle", token)?.ArgumentList?.Arguments is not { Count: >= 2 } arguments
            || !diagnostic.Properties.TryGetValue("Kind", out string? kind)
            || kind is null)
        {
            yield break;
        }

        // A constant that several declarations name is not changed for one of them.
        ExpressionSyntax named = arguments[0].Expression;
        if (named is LiteralExpressionSyntax && diagnostic.Properties.TryGetValue("NearestKind", out string? near) && near is not null)
        {
            yield return DeclarationFix.Replace(
                $"Change the kind to '{near}'",
                "Kind:" + near,
                named,
                current => Literal(current, kind, near));
        }

        // Who ends a handle has it: it is not lent.
        bool isUsed = declaration.Model.GetConstantValue(arguments[1].Expression, token).Value is 0;
        bool isOneOfSeveral = declaration.Model.GetConstantValue(named, token).Value is string all && all != kind;
        if (isUsed && !isOneOfSeveral)
        {
            yield return DeclarationFix.Replace(
                "It is made elsewhere: HandleUse.Borrowed",
                "Borrowed",
                arguments[1].Expression,
                static _ => Declaration.Member("HandleUse", "Borrowed"));
        }
    }

    /// <summary>The literal with one of its kinds changed: there may be several, with bars between.</summary>
    private static LiteralExpressionSyntax Literal(ExpressionSyntax current, string kind, string near)
    {
        IEnumerable<string> kinds = ((LiteralExpressionSyntax)current).Token.ValueText.Split('|')
            .Select(k => k == kind ? near : k)
            .Distinct();
        return SyntaxFactory.LiteralExpression(SyntaxKind.StringLiteralExpression, SyntaxFactory.Literal(string.Join("|", kinds)));
    }
}
