using System.Collections.Immutable;
using System.Composition;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;

namespace AotLayers.Interop.CodeFixes;

/// <summary>AOTL027: a pointer of which nobody says which way its value goes.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp)]
[Shared]
public sealed class PointerDirectionCodeFix : DeclarationCodeFixProvider
{
    private static readonly (string Member, string Meaning)[] s_directions =
    [
        ("In", "The callee reads it"),
        ("Out", "The callee writes it"),
        ("InOut", "The callee reads and writes it"),
    ];

    /// <inheritdoc />
    public override ImmutableArray<string> FixableDiagnosticIds { get; } = ["AOTL027"];

    private protected override IEnumerable<DeclarationFix> Fixes(
        Declaration declaration,
        Diagnostic diagnostic,
        CancellationToken token) =>
        s_directions.Select(d => DeclarationFix.Add(
            declaration,
            $"{d.Meaning}: [Direction(Direction.{d.Member})]",
            d.Member,
            Declaration.NewAttribute("Direction", Declaration.Member("Direction", d.Member))));
}
