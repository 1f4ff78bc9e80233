using System.Runtime.InteropServices.Marshalling;

namespace AotLayers.Interop;

/// <summary>
/// Marshals a returned UTF-16 string that stays the library's: <c>[return: MarshalUsing(typeof(LibraryUtf16Text))]</c>. The SDK's own
/// string marshaller frees what it has read, which a library's own text does not survive.
/// </summary>
[CustomMarshaller(typeof(string), MarshalMode.ManagedToUnmanagedOut, typeof(LibraryUtf16Text))]
public static unsafe class LibraryUtf16Text
{
    /// <summary>Copies the text; null stays null.</summary>
    /// <param name="text">NUL-terminated UTF-16, or null.</param>
    public static string? ConvertToManaged(ushort* text) => text is null ? null : new string((char*)text);
}
