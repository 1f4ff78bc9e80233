using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Editing;
using Microsoft.CodeAnalysis.Formatting;
using Microsoft.CodeAnalysis.Simplification;

namespace AotLayers.Interop.CodeFixes;

/// <summary>One way to say what a declaration leaves open.</summary>
internal sealed class DeclarationFix
{
    private readonly SyntaxNode _target;
    private readonly Action<SyntaxEditor> _edit;

    private DeclarationFix(string title, string key, SyntaxNode target, Action<SyntaxEditor> edit)
    {
        Title = title;
        Key = key;
        _target = target;
        _edit = edit;
    }

    /// <summary>What an editor offers.</summary>
    public string Title { get; }

    /// <summary>Tells the fixes of one diagnostic apart; the same for all declarations that are to be fixed together.</summary>
    public string Key { get; }

    /// <summary>Puts an attribute on the declaration; on a method, on its return value.</summary>
    public static DeclarationFix Add(Declaration declaration, string title, string key, AttributeSyntax attribute)
    {
        AttributeSyntax added = attribute.WithAdditionalAnnotations(Simplifier.Annotation, Formatter.Annotation);
        return new(title, key, declaration.Node, editor => editor.ReplaceNode(
            declaration.Node,
            (current, generator) => current is MethodDeclarationSyntax
                ? generator.AddReturnAttributes(current, added)
                : generator.AddAttributes(current, added)));
    }

    /// <summary>Replaces an expression of an attribute that is there.</summary>
    public static DeclarationFix Replace(string title, string key, ExpressionSyntax old, Func<ExpressionSyntax, ExpressionSyntax> make) =>
        new(title, key, old, editor => editor.ReplaceNode(
            old,
            (current, _) => make((ExpressionSyntax)current).WithTriviaFrom(current).WithAdditionalAnnotations(Simplifier.Annotation)));

    /// <summary>Makes the change, unless the same was made for another diagnostic at the same place.</summary>
    public void Apply(SyntaxEditor editor, HashSet<SyntaxNode> done)
    {
        if (_target is ExpressionSyntax || done.Add(_target))
        {
            _edit(editor);
        }
    }
}
