namespace AotLayers.Interop;

/// <summary>
/// The value is an opaque handle. Recordings name it by kind and ordinal (<c>context#1</c>), never by value, and follow its life.
/// </summary>
/// <param name="kind">The kind, for example <c>context</c>. A kind is one space of values: where two APIs of a recording pass the same handles, both name the same kind.</param>
/// <param name="use">What the call does with the handle.</param>
[AttributeUsage(AttributeTargets.Parameter | AttributeTargets.ReturnValue)]
public sealed class HandleAttribute(string kind, HandleUse use) : Attribute
{
    /// <summary>The kind of handle.</summary>
    public string Kind { get; } = kind;

    /// <summary>What the call does with the handle.</summary>
    public HandleUse Use { get; } = use;

    /// <summary>Name of an integer parameter of the same method: the handle is consumed when that parameter is not zero.</summary>
    public string? ConsumedWhen { get; set; }
}
