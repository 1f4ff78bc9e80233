namespace AotLayers.Interop;

/// <summary>
/// The pointer leads to NUL-terminated text that stays the library's (<c>sqlite3_errmsg</c>, <c>zError</c>). Recordings hold the text,
/// never the address; a replay gives a pointer to memory of its own that lives as long as the owner does. On a return value, an
/// <c>out</c> parameter, a field, or a callback's parameter; the type is <c>nint</c>, <c>nuint</c> or an unmanaged pointer.
/// </summary>
/// <remarks>
/// Together with <see cref="HandleAttribute"/> (<see cref="HandleUse.Produced"/>) it is text that the program hands back to be freed: its
/// memory lives until then.
/// </remarks>
[AttributeUsage(AttributeTargets.Parameter | AttributeTargets.ReturnValue | AttributeTargets.Field)]
public sealed class LibraryTextAttribute : Attribute
{
    /// <summary>
    /// Name of the parameter with the handle that the text lives with. Without it a replay keeps the text as long as it lives itself.
    /// </summary>
    public string? Owner { get; set; }

    /// <summary>Encoding of the text.</summary>
    public NativeTextEncoding Encoding { get; set; }

    /// <summary>
    /// Name of the parameter that says how many texts there are: the pointer then leads to an array of pointers to texts (<c>char**</c>).
    /// A missing text is null.
    /// </summary>
    public string? Count { get; set; }
}
