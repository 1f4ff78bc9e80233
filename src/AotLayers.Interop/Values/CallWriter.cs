using System.Buffers;
using System.Globalization;
using System.Security.Cryptography;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace AotLayers.Interop;

/// <summary>
/// Writes the arguments of one call as JSON. Generated code has one body per function that writes them, for the recorder and
/// for the replayer alike, so that the two cannot drift apart. Every method takes the JSON property name, or null inside an array.
/// </summary>
public partial class CallWriter : IDisposable
{
    // Integers beyond 2^53 lose digits in the JSON readers of other languages: they become decimal strings.
    internal const long MaxExactInteger = 1L << 53;

    // Fields deeper than this are not redacted one by one.
    private const int MaxRedactedDepth = 8;

    internal const string RawName = "$raw";
    internal const string GapsName = "$gaps";

    private static readonly JsonWriterOptions s_options = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        // The writer's callers are generated; the loader and the schema check what was written.
        SkipValidation = true,
    };

    private static readonly byte[] s_none = "{}"u8.ToArray();

    private readonly ICallWriterHost _host;
    private readonly ArrayBufferWriter<byte> _json;
    private readonly ArrayBufferWriter<byte> _data;
    private readonly Utf8JsonWriter _writer;
    private readonly List<LineSlot> _slots = [];
    private readonly bool _numbersLater;
    private bool _open;
    private CallRules? _rules;
    private string _function = "";
    private readonly string[] _path = new string[MaxRedactedDepth];
    private string? _placeholder;
    private int _redactedDepth;
    private int _redactedFrom;
    private int _redactedSlots;

    /// <summary>Makes a writer.</summary>
    /// <param name="host">For whom it writes.</param>
    /// <param name="numbersLater">Handles get their symbols when the line is written, so that their numbers ascend in the file however
    /// threads race.</param>
    internal CallWriter(ICallWriterHost host, bool numbersLater = false)
    {
        _host = host;
        _numbersLater = numbersLater;
        _json = new ArrayBufferWriter<byte>(256);
        _data = new ArrayBufferWriter<byte>(256);
        _writer = new Utf8JsonWriter(_json, s_options);
    }

    /// <summary>For a writer that writes something else than JSON: it has to write everything itself.</summary>
    private protected CallWriter()
    {
        _host = null!;
        _json = null!;
        _data = null!;
        _writer = null!;
    }

    /// <summary>Writes a 32-bit integer as a number.</summary>
    public virtual void Int32(string? name, int value)
    {
        Name(name);
        _writer.WriteNumberValue(value);
    }

    /// <summary>Writes a 32-bit integer as a number.</summary>
    public virtual void UInt32(string? name, uint value)
    {
        Name(name);
        _writer.WriteNumberValue(value);
    }

    /// <summary>Writes a 64-bit integer: a number up to 2^53 in magnitude, a decimal string beyond.</summary>
    public virtual void Int64(string? name, long value)
    {
        Name(name);
        if (value is >= -MaxExactInteger and <= MaxExactInteger)
        {
            _writer.WriteNumberValue(value);
            return;
        }

        Span<char> digits = stackalloc char[20];
        value.TryFormat(digits, out int length, default, CultureInfo.InvariantCulture);
        _writer.WriteStringValue(digits[..length]);
    }

    /// <summary>Writes a 64-bit integer: a number up to 2^53, a decimal string beyond.</summary>
    public virtual void UInt64(string? name, ulong value)
    {
        Name(name);
        if (value <= MaxExactInteger)
        {
            _writer.WriteNumberValue(value);
            return;
        }

        Span<char> digits = stackalloc char[20];
        value.TryFormat(digits, out int length, default, CultureInfo.InvariantCulture);
        _writer.WriteStringValue(digits[..length]);
    }

    /// <summary>Writes a pointer-sized integer like a 64-bit one.</summary>
    public void NInt(string? name, nint value) => Int64(name, value);

    /// <summary>Writes a pointer-sized integer like a 64-bit one.</summary>
    public void NUInt(string? name, nuint value) => UInt64(name, value);

    /// <summary>Writes true or false.</summary>
    public virtual void Bool(string? name, bool value)
    {
        Name(name);
        _writer.WriteBooleanValue(value);
    }

    /// <summary>
    /// Writes a floating point number; what JSON has no number for becomes <c>"NaN"</c>, <c>"Infinity"</c> or <c>"-Infinity"</c>, and a
    /// NaN with other bits <c>"NaN:7ff8dead00000001"</c>.
    /// </summary>
    public virtual void Double(string? name, double value)
    {
        Name(name);
        if (double.IsFinite(value))
        {
            _writer.WriteNumberValue(value);
        }
        else
        {
            _writer.WriteStringValue(RealText.Of(value));
        }
    }

    /// <summary>Writes a GUID as 36 characters.</summary>
    public virtual void Guid(string? name, Guid value)
    {
        Name(name);
        _writer.WriteStringValue(value);
    }

    /// <summary>
    /// Writes a string; null stays null. A string with lone surrogates becomes <c>{"$u16":"hex"}</c>, four digits per unit.
    /// </summary>
    public virtual void Text(string? name, string? value)
    {
        if (value is null)
        {
            Null(name);
        }
        else
        {
            Chars(name, value);
        }
    }

    /// <summary>Writes UTF-16 text as <see cref="Text"/> does.</summary>
    public virtual void Chars(string? name, ReadOnlySpan<char> value)
    {
        Name(name);
        if (Utf16Text.IsWellFormed(value))
        {
            _writer.WriteStringValue(value);
            return;
        }

        _writer.WriteStartObject();
        _writer.WriteString(ValueForms.Utf16, Utf16Text.ToHex(value));
        _writer.WriteEndObject();
    }

    /// <summary>
    /// Writes a buffer: its length in bytes and, as the data policy says, its SHA-256 and content. Each distinct content is stored once.
    /// </summary>
    public virtual void Bytes(string? name, ReadOnlySpan<byte> value)
    {
        Name(name);
        _writer.WriteStartObject();
        _writer.WriteNumber(ValueForms.Bytes, value.Length);
        if (value.Length > 0 && _host.Data != DataPolicy.Lengths)
        {
            Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
            SHA256.HashData(value, hash);
            ContentHash key = new(hash);
            Span<byte> hex = stackalloc byte[SHA256.HashSizeInBytes * 2];
            Convert.TryToHexStringLower(hash, hex, out _);
            _writer.WriteString("sha256"u8, hex);
            if (_host.Data == DataPolicy.All && !_host.IsStored(key))
            {
                // Whether the content goes into this line is decided when the line is written: another thread may store it first.
                _writer.Flush();
                _slots.Add(LineSlot.OfData(_json.WrittenCount, key, _data.WrittenCount, value.Length));
                _data.Write(value);
            }
        }

        _writer.WriteEndObject();
    }

    /// <summary>Writes a buffer of which only the length in bytes is known.</summary>
    internal void Length(string? name, int length)
    {
        Name(name);
        _writer.WriteStartObject();
        _writer.WriteNumber(ValueForms.Bytes, length);
        _writer.WriteEndObject();
    }

    /// <summary>Writes a small fixed-size array of bytes as lower-case hexadecimal digits.</summary>
    public virtual void Hex(string? name, ReadOnlySpan<byte> value)
    {
        Name(name);
        Span<byte> digits = value.Length <= 128 ? stackalloc byte[256] : new byte[value.Length * 2];
        Convert.TryToHexStringLower(value, digits, out int length);
        _writer.WriteStringValue(digits[..length]);
    }

    /// <summary>
    /// Writes all bytes of a struct whose fields lie over each other, inside its object: <c>"$raw":"hex"</c>. The fields beside it are
    /// for the reader.
    /// </summary>
    public void Raw(ReadOnlySpan<byte> value) => Hex(RawName, value);

    /// <summary>
    /// Writes the bytes of a struct that belong to none of its fields, inside its object: <c>"$gaps":"hex"</c>, zero where there is a
    /// field. Nothing when all are zero.
    /// </summary>
    /// <param name="value">The struct as the callee left it.</param>
    /// <param name="fields">A struct that holds only the fields.</param>
    public virtual void Gaps(ReadOnlySpan<byte> value, ReadOnlySpan<byte> fields)
    {
        if (value.SequenceEqual(fields))
        {
            return;
        }

        byte[] gaps = value.ToArray();
        for (int i = 0; i < gaps.Length; i++)
        {
            gaps[i] ^= fields[i];
        }

        Hex(GapsName, gaps);
    }

    /// <summary>Writes the room of an out-buffer, in elements: <c>{"$room":n}</c>.</summary>
    public virtual void Capacity(string? name, long elements)
    {
        Name(name);
        _writer.WriteStartObject();
        _writer.WriteNumber(ValueForms.Room, elements);
        _writer.WriteEndObject();
    }

    /// <summary>Opens a struct.</summary>
    public virtual void BeginObject(string? name)
    {
        Name(name);
        _writer.WriteStartObject();
    }

    /// <summary>Closes a struct.</summary>
    public virtual void EndObject()
    {
        EndRedaction(_writer.CurrentDepth);
        _writer.WriteEndObject();
    }

    /// <summary>Opens an array.</summary>
    public virtual void BeginArray(string? name)
    {
        Name(name);
        _writer.WriteStartArray();
    }

    /// <summary>Closes an array.</summary>
    public virtual void EndArray() => _writer.WriteEndArray();

    /// <summary>Writes text that is well-formed UTF-8.</summary>
    private protected virtual void Utf8(string? name, ReadOnlySpan<byte> text)
    {
        Name(name);
        _writer.WriteStringValue(text);
    }

    /// <summary>Writes null.</summary>
    public virtual void Null(string? name)
    {
        Name(name);
        _writer.WriteNullValue();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _writer?.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>True when no argument was written.</summary>
    internal bool IsEmpty => !_open;

    /// <summary>The finished object, without the data that its slots stand for.</summary>
    internal ReadOnlyMemory<byte> Finish()
    {
        if (!_open)
        {
            return s_none;
        }

        EndObject();
        _writer.Flush();
        return _json.WrittenMemory;
    }

    /// <summary>The places where something is put in when the line is written, in order.</summary>
    internal List<LineSlot> Slots => _slots;

    /// <summary>The content of a slot.</summary>
    internal ReadOnlySpan<byte> Content(in LineSlot slot) => _data.WrittenSpan.Slice(slot.DataOffset, slot.Length);

    /// <summary>Forgets everything, keeps the memory.</summary>
    internal virtual void Reset()
    {
        _json.ResetWrittenCount();
        _data.ResetWrittenCount();
        _slots.Clear();
        _endsOnSuccess.Clear();
        _writer.Reset();
        _open = false;
        _rules = null;
        _placeholder = null;
    }

    /// <summary>The rules that keep values out, and the function that they are asked for. Forgotten by <see cref="Reset"/>.</summary>
    internal void Apply(CallRules? rules, string function)
    {
        _rules = rules is { HasRedactions: true } ? rules : null;
        _function = function;
    }

    // The value that was just written at this depth is replaced by its placeholder.
    private void EndRedaction(int depth)
    {
        if (_placeholder is null || depth != _redactedDepth)
        {
            return;
        }

        _writer.Flush();
        int keep = _redactedFrom;
        _json.ResetWrittenCount();
        _json.GetSpan(keep);
        _json.Advance(keep);
        _slots.RemoveRange(_redactedSlots, _slots.Count - _redactedSlots);
        _json.Write(System.Text.Encoding.UTF8.GetBytes(_placeholder));
        _placeholder = null;
    }

    private void Name(string? name)
    {
        if (!_open)
        {
            _open = true;
            _writer.WriteStartObject();
        }

        if (_rules is not null && _writer.CurrentDepth is var depth and <= MaxRedactedDepth)
        {
            EndRedaction(depth);
            // An element of an array has no name; what is in it has the names of the fields.
            _path[depth - 1] = name ?? "";
            if (name is not null && _placeholder is null && _rules.Placeholder(_function, _path.AsSpan(0, depth)) is { } placeholder)
            {
                _writer.WritePropertyName(name);
                _writer.Flush();
                _placeholder = placeholder;
                _redactedDepth = depth;
                _redactedFrom = _json.WrittenCount;
                _redactedSlots = _slots.Count;
                return;
            }
        }

        if (name is not null)
        {
            _writer.WritePropertyName(name);
        }
    }
}
