namespace AotLayers.Interop;

/// <summary>
/// Libraries that NativeAOT linked into the program (<c>DirectPInvoke</c> items): they have no file, and the linker found their exports.
/// The package's build writes the items into the program, because nothing else in it knows them.
/// </summary>
internal static class LinkedLibraries
{
    /// <summary>The runtime setting that holds the items with bars between: <c>sample</c>, or <c>sample!function</c>.</summary>
    public const string Setting = "AotLayers.Interop.DirectPInvoke";

    private static readonly string[] s_items =
        (AppContext.GetData(Setting) as string)?.Split('|', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) ?? [];

    /// <summary>Whether all functions of a library are linked in.</summary>
    /// <param name="library">Its name, as the declarations have it.</param>
    public static bool Has(string library) => Has(library, export: null);

    /// <summary>Whether a function of a library is linked in.</summary>
    /// <param name="library">The library's name, as the declarations have it.</param>
    /// <param name="export">The function; null asks for all of them.</param>
    public static bool Has(string library, string? export)
    {
        foreach (string item in s_items)
        {
            int mark = item.IndexOf('!', StringComparison.Ordinal);
            if (IsSame(mark < 0 ? item : item.AsSpan(0, mark), library)
                && (mark < 0 || (export is not null && item.AsSpan(mark + 1).SequenceEqual(export))))
            {
                return true;
            }
        }

        return false;
    }

    // The compiler takes an item for a library with the same name, with or without what the platform puts around it.
    private static bool IsSame(ReadOnlySpan<char> item, string library) =>
        item.SequenceEqual(library)
        || item.SequenceEqual(WithoutSuffix(library))
        || item.SequenceEqual(WithoutPrefix(WithoutSuffix(library)));

    private static ReadOnlySpan<char> WithoutSuffix(ReadOnlySpan<char> name)
    {
        foreach (string suffix in (ReadOnlySpan<string>)[".so", ".dll", ".dylib"])
        {
            if (name.EndsWith(suffix, StringComparison.OrdinalIgnoreCase))
            {
                return name[..^suffix.Length];
            }
        }

        return name;
    }

    private static ReadOnlySpan<char> WithoutPrefix(ReadOnlySpan<char> name) => name.StartsWith("lib") ? name[3..] : name;
}
