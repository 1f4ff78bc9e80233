namespace AotLayers.Interop.Generators;

/// <summary>How what a pointer points to is written to and read from a recording: pointers themselves are never recorded.</summary>
internal static class ContentText
{
    /// <summary>The name, in the out-arguments, of a return value that is recorded by content.</summary>
    public const string ReturnName = "global::AotLayers.Interop.CallWriter.ReturnName";

    /// <summary>The statement that writes it.</summary>
    /// <param name="writer">The call writer.</param>
    /// <param name="name">Name in the recording, as C# source.</param>
    /// <param name="pointer">The pointer.</param>
    /// <param name="content">What it points to.</param>
    /// <param name="length">Number of units, as C# source; null for one unit.</param>
    public static string Write(string writer, string name, string pointer, ContentModel content, string? length) => content.Kind switch
    {
        ContentKind.Text => $"{writer}.LibraryText({name}, (nint){pointer}, {Encoding(content)});",
        ContentKind.Texts => $"{writer}.LibraryTexts({name}, (nint){pointer}, (long){length}, {Encoding(content)});",
        _ => $"{writer}.LibraryMemory({name}, (nint){pointer}, {Bytes(content, length)});",
    };

    /// <summary>The expression that reads it into memory that lives with its owner.</summary>
    public static string Read(string reader, string name, string type, ContentModel content, string owner) => content.Kind switch
    {
        ContentKind.Text => $"({type}){reader}.LibraryText({name}, {owner}, {Encoding(content)})",
        ContentKind.Texts => $"({type}){reader}.LibraryTexts({name}, {owner}, {Encoding(content)})",
        _ => $"({type}){reader}.LibraryMemory({name}, {owner})",
    };

    /// <summary>The encoding as C# source.</summary>
    public static string Encoding(ContentModel content) => Encoding(content.Encoding);

    /// <summary>The encoding as C# source.</summary>
    public static string Encoding(NativeTextEncoding encoding) => $"global::AotLayers.Interop.NativeTextEncoding.{encoding}";

    private static string Bytes(ContentModel content, string? length) =>
        length is null ? content.Unit
        : content.Unit == "1" ? $"(long){length}"
        : $"checked((long){length} * {content.Unit})";
}
