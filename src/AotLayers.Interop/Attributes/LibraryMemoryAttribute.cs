namespace AotLayers.Interop;

/// <summary>
/// The pointer leads to memory that stays the library's (<c>sqlite3_column_blob</c>, <c>archive_read_data_block</c>). Recordings hold the
/// bytes, never the address; a replay gives a pointer to memory of its own that lives as long as the owner does. On a return value, an
/// <c>out</c> parameter, or a callback's parameter; the type is <c>nint</c>, <c>nuint</c> or an unmanaged pointer.
/// </summary>
/// <remarks>
/// Lengths are in bytes, and in elements where the type is a pointer to something larger than a byte. A pointer to a struct without a
/// length leads to one struct. With <see cref="System.Runtime.InteropServices.OutAttribute"/> on a callback's pointer to a pointer it is
/// memory that the program hands to the library.
/// </remarks>
[AttributeUsage(AttributeTargets.Parameter | AttributeTargets.ReturnValue)]
public sealed class LibraryMemoryAttribute : Attribute
{
    /// <summary>Name of the integer parameter that carries the length, in or out.</summary>
    public string? Length { get; set; }

    /// <summary>The return value is the length.</summary>
    public bool LengthByReturnValue { get; set; }

    /// <summary>
    /// Name of another function of the class that tells the length (<c>sqlite3_column_bytes</c>). Its parameters are all parameters of
    /// this function too, by name and type; the recorder asks it once after the call, and the question is not recorded.
    /// </summary>
    public string? LengthFunction { get; set; }

    /// <summary>
    /// Name of the parameter with the handle that the memory lives with. Without it a replay keeps the memory as long as it lives itself.
    /// </summary>
    public string? Owner { get; set; }
}
