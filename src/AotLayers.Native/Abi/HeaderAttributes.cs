namespace AotLayers.Native;

/// <summary>Name in the header of a type, a constant or a field, where the rule (PascalCase to snake_case) does not give it.</summary>
/// <param name="name">The C name.</param>
[AttributeUsage(AttributeTargets.Struct | AttributeTargets.Delegate | AttributeTargets.Field)]
public sealed class CNameAttribute(string name) : Attribute
{
    /// <summary>The C name.</summary>
    public string Name { get; } = name;
}

/// <summary>C type of a parameter or a field, where its C# type does not say enough: <c>const</c>, a callback's name.</summary>
/// <param name="type">The C type.</param>
[AttributeUsage(AttributeTargets.Parameter | AttributeTargets.Field)]
public sealed class CTypeAttribute(string type) : Attribute
{
    /// <summary>The C type.</summary>
    public string Type { get; } = type;
}

/// <summary>A struct that callers only hold pointers to: declared, never defined.</summary>
[AttributeUsage(AttributeTargets.Struct)]
public sealed class COpaqueAttribute : Attribute;

/// <summary>A class whose constants the header defines as macros.</summary>
/// <param name="title">What the constants are, as a heading.</param>
/// <param name="hexadecimal">Whether the values are written in base 16.</param>
[AttributeUsage(AttributeTargets.Class)]
public sealed class CConstantsAttribute(string title, bool hexadecimal = false) : Attribute
{
    /// <summary>What the constants are.</summary>
    public string Title { get; } = title;

    /// <summary>Whether the values are written in base 16.</summary>
    public bool Hexadecimal { get; } = hexadecimal;
}

/// <summary>An inline array of bytes that holds NUL-terminated text.</summary>
/// <param name="capacity">Bytes, the NUL included.</param>
[AttributeUsage(AttributeTargets.Struct)]
public sealed class CTextAttribute(int capacity) : Attribute
{
    /// <summary>Bytes, the NUL included.</summary>
    public int Capacity { get; } = capacity;
}

/// <summary>A class whose public methods are exported, in the order in which they are declared.</summary>
/// <param name="order">Place among the classes: that of their files is not the same on every system.</param>
/// <param name="title">What the functions are about, as a heading.</param>
[AttributeUsage(AttributeTargets.Class)]
public sealed class CSectionAttribute(int order, string title) : Attribute
{
    /// <summary>Place among the classes.</summary>
    public int Order { get; } = order;

    /// <summary>What the functions are about.</summary>
    public string Title { get; } = title;
}
