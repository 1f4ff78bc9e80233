using Microsoft.CodeAnalysis;

namespace AotLayers.Interop.Generators;

/// <summary>Short forms of what gathering asks symbols.</summary>
internal static class SymbolExtensions
{
    private static readonly SymbolDisplayFormat s_full = SymbolDisplayFormat.FullyQualifiedFormat.WithMiscellaneousOptions(
        SymbolDisplayMiscellaneousOptions.UseSpecialTypes
        | SymbolDisplayMiscellaneousOptions.EscapeKeywordIdentifiers
        | SymbolDisplayMiscellaneousOptions.IncludeNullableReferenceTypeModifier);

    /// <summary>The type as C# source that means the same everywhere.</summary>
    public static string ToSource(this ITypeSymbol type) => type.ToDisplayString(s_full);

    public static AttributeData? FindAttribute(this ISymbol symbol, string fullName) => Find(symbol.GetAttributes(), fullName);

    public static AttributeData? Find(IEnumerable<AttributeData> attributes, string fullName) =>
        attributes.FirstOrDefault(a => a.AttributeClass?.ToDisplayString() == fullName);

    /// <summary>Value of a named argument, or null when it is not given.</summary>
    public static object? Named(this AttributeData attribute, string name)
    {
        foreach (KeyValuePair<string, TypedConstant> argument in attribute.NamedArguments)
        {
            if (argument.Key == name)
            {
                return argument.Value.Kind == TypedConstantKind.Array ? null : argument.Value.Value;
            }
        }

        return null;
    }

    /// <summary>Value of a constructor argument, or null when the source has an error there.</summary>
    public static object? Positional(this AttributeData attribute, int index)
    {
        if (index >= attribute.ConstructorArguments.Length)
        {
            return null;
        }

        TypedConstant argument = attribute.ConstructorArguments[index];
        return argument.Kind == TypedConstantKind.Array ? null : argument.Value;
    }

    /// <summary>Values of a named argument that is an array of integers, or null when it is not given.</summary>
    public static long[]? NamedValues(this AttributeData attribute, string name)
    {
        foreach (KeyValuePair<string, TypedConstant> argument in attribute.NamedArguments)
        {
            if (argument.Key == name && argument.Value is { Kind: TypedConstantKind.Array, IsNull: false } values)
            {
                return [.. values.Values.Select(static v => (long)v.Value!)];
            }
        }

        return null;
    }

    public static bool IsNint(this ITypeSymbol type) => type.SpecialType == SpecialType.System_IntPtr;

    public static bool IsSpan(this ITypeSymbol type, out bool isReadOnly)
    {
        string name = type.OriginalDefinition.ToDisplayString();
        isReadOnly = name == "System.ReadOnlySpan<T>";
        return isReadOnly || name == "System.Span<T>";
    }

    /// <summary>Lower-cases the first letter, or the whole leading run of capitals of an abbreviation.</summary>
    public static string ToCamelCase(this string name)
    {
        int capitals = 0;
        while (capitals < name.Length && char.IsUpper(name[capitals]))
        {
            capitals++;
        }

        // "FileId" has one capital in front, "IOStatus" keeps the one that starts the next word.
        int lower = capitals > 1 && capitals < name.Length ? capitals - 1 : capitals;
        return name.Substring(0, lower).ToLowerInvariant() + name.Substring(lower);
    }
}
