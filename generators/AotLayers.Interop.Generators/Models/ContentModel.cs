namespace AotLayers.Interop.Generators;

/// <summary>
/// Mirrors AotLayers.Interop.LibraryTextAttribute and LibraryMemoryAttribute: what a pointer that came from the other side points to.
/// </summary>
/// <param name="Kind">What is there.</param>
/// <param name="Owner">The handle parameter that the memory lives with.</param>
/// <param name="Length">The parameter that carries the length, or of texts their number.</param>
/// <param name="LengthByReturnValue">The return value is the length.</param>
/// <param name="LengthFunction">The function of the same API that tells the length.</param>
/// <param name="Encoding">Encoding of text.</param>
internal sealed record ContentModel(
    ContentKind Kind,
    string? Owner,
    string? Length,
    bool LengthByReturnValue,
    string? LengthFunction,
    NativeTextEncoding Encoding)
{
    /// <summary>Bytes of one element of the length: 1, or the size of what a typed pointer points to.</summary>
    public string Unit { get; init; } = "1";
}

/// <summary>What a pointer points to.</summary>
internal enum ContentKind
{
    /// <summary>Text up to its NUL.</summary>
    Text,

    /// <summary>An array of pointers to texts.</summary>
    Texts,

    /// <summary>Bytes of a stated length.</summary>
    Block,
}

/// <summary>Mirrors AotLayers.Interop.NativeTextEncoding, by value.</summary>
internal enum NativeTextEncoding
{
    Utf8,
    Utf16,
}
