using System.Text.Json;

namespace AotLayers.Interop;

/// <summary>
/// Reads the recorded out-arguments of one call, in the forms that <see cref="CallWriter"/> writes. Every method takes the JSON property name,
/// or null for the element itself (inside arrays).
/// </summary>
public readonly struct CallReader
{
    private readonly JsonElement _element;

    internal CallReader(JsonElement element) => _element = element;

    /// <summary>True when the value is null.</summary>
    public bool IsNull(string? name) => throw new NotSupportedException(name + _element);

    /// <summary>Reads what <see cref="CallWriter.Int32"/> wrote.</summary>
    public int Int32(string? name) => throw new NotSupportedException(name + _element);

    /// <summary>Reads what <see cref="CallWriter.UInt32"/> wrote.</summary>
    public uint UInt32(string? name) => throw new NotSupportedException(name + _element);

    /// <summary>Reads what <see cref="CallWriter.Int64"/> wrote.</summary>
    public long Int64(string? name) => throw new NotSupportedException(name + _element);

    /// <summary>Reads what <see cref="CallWriter.UInt64"/> wrote.</summary>
    public ulong UInt64(string? name) => throw new NotSupportedException(name + _element);

    /// <summary>Reads what <see cref="CallWriter.NInt"/> wrote.</summary>
    public nint NInt(string? name) => throw new NotSupportedException(name + _element);

    /// <summary>Reads what <see cref="CallWriter.NUInt"/> wrote.</summary>
    public nuint NUInt(string? name) => throw new NotSupportedException(name + _element);

    /// <summary>Reads what <see cref="CallWriter.Bool"/> wrote.</summary>
    public bool Bool(string? name) => throw new NotSupportedException(name + _element);

    /// <summary>Reads what <see cref="CallWriter.Double"/> wrote.</summary>
    public double Double(string? name) => throw new NotSupportedException(name + _element);

    /// <summary>Reads what <see cref="CallWriter.Guid"/> wrote.</summary>
    public Guid Guid(string? name) => throw new NotSupportedException(name + _element);

    /// <summary>Reads what <see cref="CallWriter.Text"/> wrote.</summary>
    public string? Text(string? name) => throw new NotSupportedException(name + _element);

    /// <summary>Reads text into a buffer of characters; the rest of the buffer stays as it is.</summary>
    /// <returns>Number of characters.</returns>
    /// <exception cref="ReplayException">The buffer is smaller than the recorded text.</exception>
    public int CopyChars(string? name, Span<char> buffer) => throw new NotSupportedException(name + _element + buffer.ToString());

    /// <summary>Reads what <see cref="CallWriter.Bytes"/> wrote into a buffer; the rest of the buffer stays as it is.</summary>
    /// <returns>Number of bytes.</returns>
    /// <exception cref="ReplayException">The buffer is smaller than the recorded data, or the recording holds no data.</exception>
    public int CopyBytes(string? name, Span<byte> buffer) => throw new NotSupportedException(name + _element + buffer.Length);

    /// <summary>Reads what <see cref="CallWriter.Hex"/> wrote; all of the buffer is filled.</summary>
    public void Hex(string? name, Span<byte> buffer) => throw new NotSupportedException(name + _element + buffer.Length);

    /// <summary>Reads what <see cref="CallWriter.Produced"/> wrote: a new handle value of this replay, 0 for null.</summary>
    public nint Produced(string? name, string kind) => throw new NotSupportedException(name + kind + _element);

    /// <summary>Reads what <see cref="CallWriter.Kept"/> wrote: the value that the handle already has in this replay, or a new one; 0 for null.</summary>
    public nint Kept(string? name, string kind) => throw new NotSupportedException(name + kind + _element);

    /// <summary>Opens a struct.</summary>
    public CallReader Object(string? name) => throw new NotSupportedException(name + _element);

    /// <summary>Opens an array.</summary>
    public CallReader Array(string? name) => throw new NotSupportedException(name + _element);

    /// <summary>Number of elements of an array.</summary>
    public int Count => throw new NotSupportedException(_element.ToString());

    /// <summary>An element of an array.</summary>
    public CallReader this[int index] => throw new NotSupportedException(_element.ToString() + index);
}
