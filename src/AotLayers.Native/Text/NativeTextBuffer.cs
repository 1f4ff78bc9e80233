using System.Runtime.InteropServices;
using AotLayers.Formats;

namespace AotLayers.Native;

/// <summary>
/// Text in memory that does not move, for callers to look at: NUL-terminated WTF-8. Grows as needed, never shrinks. Not thread-safe.
/// </summary>
internal sealed unsafe class NativeTextBuffer : IDisposable
{
    private const int SmallestCapacity = 256;

    private byte* _text;
    private nuint _capacity;

    /// <summary>The text, or a pointer to a NUL when nothing was set yet. Valid until the next change.</summary>
    public byte* Pointer
    {
        get
        {
            if (_text is null)
            {
                Set("");
            }

            return _text;
        }
    }

    /// <summary>Length of the text in bytes, without the NUL.</summary>
    public int Length { get; private set; }

    /// <summary>Replaces the text. A NUL inside it, which would cut it for readers in C, becomes U+FFFD.</summary>
    public void Set(string text)
    {
        if (text.Contains('\0', StringComparison.Ordinal))
        {
            text = text.Replace('\0', '\uFFFD');
        }

        int length = Wtf8.GetByteCount(text);
        Wtf8.GetBytes(text, Reserve(length));
        End(length);
    }

    /// <summary>Replaces the text by UTF-8 without a NUL.</summary>
    public void Set(ReadOnlySpan<byte> text)
    {
        text.CopyTo(Reserve(text.Length));
        End(text.Length);
    }

    private Span<byte> Reserve(int length)
    {
        if (_capacity < (nuint)length + 1)
        {
            nuint capacity = Math.Max((nuint)length + 1, Math.Max(_capacity * 2, SmallestCapacity));
            _text = (byte*)NativeMemory.Realloc(_text, capacity);
            _capacity = capacity;
        }

        return new Span<byte>(_text, length);
    }

    private void End(int length)
    {
        _text[length] = 0;
        Length = length;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Free();
        GC.SuppressFinalize(this);
    }

    /// <summary>Frees the text of a thread that ended.</summary>
    ~NativeTextBuffer() => Free();

    private void Free()
    {
        NativeMemory.Free(_text);
        _text = null;
        _capacity = 0;
        Length = 0;
    }
}
