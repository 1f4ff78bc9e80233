using System.Runtime.InteropServices;
using System.Runtime.InteropServices.Marshalling;

namespace AotLayers.Interop;

/// <summary>
/// Marshals a returned UTF-8 string that stays the library's: <c>[return: MarshalUsing(typeof(LibraryUtf8Text))]</c>. The SDK's own
/// string marshaller frees what it has read, which a library's own text does not survive.
/// </summary>
[CustomMarshaller(typeof(string), MarshalMode.ManagedToUnmanagedOut, typeof(LibraryUtf8Text))]
public static unsafe class LibraryUtf8Text
{
    /// <summary>Copies the text; null stays null.</summary>
    /// <param name="text">NUL-terminated UTF-8, or null.</param>
    public static string? ConvertToManaged(byte* text) => Marshal.PtrToStringUTF8((nint)text);
}
