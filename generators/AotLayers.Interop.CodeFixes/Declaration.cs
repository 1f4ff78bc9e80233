using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace AotLayers.Interop.CodeFixes;

/// <summary>The parameter, method or field that a diagnostic stands at, with what its fixes ask about it.</summary>
internal sealed class Declaration
{
    private const string Namespace = "AotLayers.Interop.";

    private Declaration(SyntaxNode node, ISymbol symbol, ITypeSymbol type, SemanticModel model)
    {
        Node = node;
        Symbol = symbol;
        Type = type;
        Model = model;
    }

    /// <summary>What takes the attribute: the parameter, the method (for its return value) or the field declaration.</summary>
    public SyntaxNode Node { get; }

    /// <summary>The parameter, method or field.</summary>
    public ISymbol Symbol { get; }

    /// <summary>Type of the parameter, return value or field.</summary>
    public ITypeSymbol Type { get; }

    /// <summary>The model of its file.</summary>
    public SemanticModel Model { get; }

    /// <summary>A name for the value, as handles of a kind of its own would be called.</summary>
    public string Name => Symbol is IMethodSymbol ? "handle" : char.ToLowerInvariant(Symbol.Name[0]) + Symbol.Name.Substring(1);

    /// <summary>The declaration at a place of a file, or null when there is none that takes an attribute.</summary>
    public static Declaration? Find(SyntaxNode root, SemanticModel model, Location location, CancellationToken token)
    {
        SyntaxNode at = root.FindNode(location.SourceSpan);
        SyntaxNode? node = at.FirstAncestorOrSelf<SyntaxNode>(
            static n => n is ParameterSyntax or VariableDeclaratorSyntax or MethodDeclarationSyntax);
        return node is null ? null : model.GetDeclaredSymbol(node, token) switch
        {
            IParameterSymbol parameter => new Declaration(node, parameter, parameter.Type, model),
            IMethodSymbol method => new Declaration(node, method, method.ReturnType, model),
            IFieldSymbol field when node.FirstAncestorOrSelf<FieldDeclarationSyntax>() is { } declaration =>
                new Declaration(declaration, field, field.Type, model),
            _ => null,
        };
    }

    /// <summary>Kinds of handles that the class around it, or for a field the file, already names; in the order of the source.</summary>
    public IEnumerable<string> KnownKinds(CancellationToken token)
    {
        SyntaxNode around = Symbol is IFieldSymbol ? Node.SyntaxTree.GetRoot(token) : Node.FirstAncestorOrSelf<TypeDeclarationSyntax>()!;
        return around.DescendantNodes()
            .OfType<AttributeSyntax>()
            .Where(a => Is(a, "Handle", token) && a.ArgumentList?.Arguments.Count > 0)
            .Select(a => Model.GetConstantValue(a.ArgumentList!.Arguments[0].Expression, token).Value as string)
            .OfType<string>()
            .Where(static kind => kind.Length > 0 && kind.IndexOf('|') < 0)
            .Distinct();
    }

    /// <summary>Its attribute of the toolkit with this name, or null.</summary>
    public AttributeSyntax? Attribute(string name, CancellationToken token)
    {
        SyntaxList<AttributeListSyntax> lists = Node switch
        {
            ParameterSyntax parameter => parameter.AttributeLists,
            FieldDeclarationSyntax field => field.AttributeLists,
            MethodDeclarationSyntax method => method.AttributeLists,
            _ => default,
        };
        return lists.SelectMany(static l => l.Attributes).FirstOrDefault(a => Is(a, name, token));
    }

    private bool Is(AttributeSyntax attribute, string name, CancellationToken token) =>
        Model.GetTypeInfo(attribute, token).Type?.ToDisplayString() == Namespace + name + "Attribute";

    /// <summary>An expression that means a member of an enumeration of the toolkit wherever it stands.</summary>
    public static ExpressionSyntax Member(string type, string member) =>
        SyntaxFactory.ParseExpression($"global::{Namespace}{type}.{member}");

    /// <summary>An attribute of the toolkit, by a name that means the same wherever it stands.</summary>
    public static AttributeSyntax NewAttribute(string name, params ExpressionSyntax[] arguments)
    {
        AttributeSyntax attribute = SyntaxFactory.Attribute(SyntaxFactory.ParseName($"global::{Namespace}{name}Attribute"));
        return arguments.Length == 0 ? attribute : attribute.WithArgumentList(
            SyntaxFactory.AttributeArgumentList(SyntaxFactory.SeparatedList(arguments.Select(SyntaxFactory.AttributeArgument))));
    }
}
