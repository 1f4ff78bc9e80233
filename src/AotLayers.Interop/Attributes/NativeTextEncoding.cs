namespace AotLayers.Interop;

/// <summary>The encoding of NUL-terminated text in memory.</summary>
public enum NativeTextEncoding
{
    /// <summary>UTF-8, or ASCII (<c>char*</c>).</summary>
    Utf8,

    /// <summary>UTF-16 in the machine's byte order (<c>wchar_t*</c> on Windows, <c>char16_t*</c>).</summary>
    Utf16,
}
