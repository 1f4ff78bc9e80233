using System.Collections.Immutable;
using System.Composition;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace AotLayers.Interop.CodeFixes;

/// <summary>
/// AOTL026 and AOTL034: a bare pointer, or a SafeHandle of no kind. It becomes a handle of a kind that the class knows or of a new one,
/// a token, a number, text of the library, or zero.
/// </summary>
[ExportCodeFixProvider(LanguageNames.CSharp)]
[Shared]
public sealed class PointerMeaningCodeFix : DeclarationCodeFixProvider
{
    private const string NakedSafeHandle = "AOTL034";

    /// <inheritdoc />
    public override ImmutableArray<string> FixableDiagnosticIds { get; } = ["AOTL026", NakedSafeHandle];

    private protected override IEnumerable<DeclarationFix> Fixes(
        Declaration declaration,
        Diagnostic diagnostic,
        CancellationToken token)
    {
        string? use = Use(declaration.Symbol);
        if (use is not null)
        {
            // A kind named like the parameter before the others: mostly one means it.
            foreach (string kind in declaration.KnownKinds(token)
                .Append(declaration.Name)
                .Distinct()
                .OrderBy(kind => kind != declaration.Name))
            {
                yield return Simple(
                    declaration,
                    $"[Handle(\"{kind}\", HandleUse.{use})]",
                    "Handle",
                    "Handle:" + kind,
                    SyntaxFactory.LiteralExpression(SyntaxKind.StringLiteralExpression, SyntaxFactory.Literal(kind)),
                    Declaration.Member("HandleUse", use));
            }
        }

        if (diagnostic.Id == NakedSafeHandle)
        {
            yield break;
        }

        yield return Simple(declaration, "[Opaque]", "Opaque", "Opaque");
        if (declaration.Type.SpecialType == SpecialType.System_IntPtr)
        {
            yield return Simple(declaration, "[Number]", "Number", "Number");
        }

        if (declaration.Symbol is IParameterSymbol { RefKind: RefKind.None })
        {
            yield return Simple(declaration, "[Reserved]", "Reserved", "Reserved");
        }
        else if (declaration.Symbol is IParameterSymbol { RefKind: RefKind.Out } or IMethodSymbol or IFieldSymbol)
        {
            yield return Simple(declaration, "[LibraryText]", "LibraryText", "LibraryText");
        }
    }

    private static DeclarationFix Simple(
        Declaration declaration,
        string shown,
        string attribute,
        string key,
        params ExpressionSyntax[] arguments) =>
        DeclarationFix.Add(
            declaration,
            "Say what it is: " + (declaration.Symbol is IMethodSymbol ? shown.Replace("[", "[return: ") : shown),
            key,
            Declaration.NewAttribute(attribute, arguments));

    /// <summary>What the call does with the handle, as far as the way tells in which it is passed; null where it cannot be one.</summary>
    private static string? Use(ISymbol symbol) => symbol switch
    {
        IParameterSymbol { RefKind: RefKind.None } => "Used",
        IParameterSymbol { RefKind: RefKind.Out } => "Produced",
        IParameterSymbol { RefKind: RefKind.Ref } => "InOut",
        IMethodSymbol => "Produced",
        IFieldSymbol => "Used",
        _ => null,
    };
}
