using System.Collections.Concurrent;
using System.ComponentModel;
using System.Runtime.InteropServices;

namespace AotLayers.Interop;

/// <summary>Used by generated entry points: texts that they return and that their callers do not free.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class NativeExportText
{
    private static readonly ConcurrentDictionary<(NativeTextEncoding Encoding, string Text), nint> s_kept = new();

    /// <summary>
    /// A native copy of a text, the same for equal texts. It is kept as long as the process lives, as its receivers may keep it.
    /// </summary>
    /// <returns>Pointer to NUL-terminated text, or 0 for null.</returns>
    public static nint Keep(string? text, NativeTextEncoding encoding) => text is null
        ? 0
        : s_kept.GetOrAdd((encoding, text), static key =>
            key.Encoding == NativeTextEncoding.Utf16 ? Marshal.StringToCoTaskMemUni(key.Text) : Marshal.StringToCoTaskMemUTF8(key.Text));
}
