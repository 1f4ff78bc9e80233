using System.Buffers.Text;
using System.Globalization;
using System.Text.Json;

namespace AotLayers.Interop;

/// <summary>One finished call of a recording. Its values stay text until they are asked for.</summary>
public sealed class RecordedCall
{
    private readonly ReadOnlyMemory<byte> _text;
    private JsonDocument? _document;

    /// <summary>Makes a call.</summary>
    /// <param name="text">The call's JSON, which was found to be well-formed.</param>
    /// <param name="line">Line of the file.</param>
    /// <param name="index">Position in the file.</param>
    /// <param name="entry">The function.</param>
    internal RecordedCall(ReadOnlyMemory<byte> text, long line, int index, RecordedFunction entry)
    {
        _text = text;
        Entry = entry;
        Line = line;
        Index = index;
    }

    /// <summary>Number of the call in the order in which calls were entered.</summary>
    public required long Seq { get; init; }

    /// <summary>Ordinal of the calling thread, from 1.</summary>
    public required int Thread { get; init; }

    /// <summary>Name of the API.</summary>
    public string Api => Entry.Api;

    /// <summary>Name of the function.</summary>
    public string Function => Entry.Name;

    /// <summary>The in-arguments, an object.</summary>
    public JsonElement In => Json.GetProperty("in"u8);

    /// <summary>The out-arguments, an object; undefined when the call gave nothing back.</summary>
    public JsonElement Out => HasResults ? Json.GetProperty("out"u8) : default;

    /// <summary>What the call returned: a string with a code and its name, a number, <c>{"$handle":"kind#1"}</c>, or null.</summary>
    public JsonElement Ret => Json.GetProperty("ret"u8);

    /// <summary>The last error that the call left, also of a call that succeeded (0 when the function sets none).</summary>
    public uint LastError { get; init; }

    /// <summary>Duration in microseconds, when the recording was made with timing.</summary>
    public long? Microseconds { get; init; }

    /// <summary>
    /// Of a callback: the number of the call that passed the function, in which it came or that registered it; 0 for a call.
    /// </summary>
    public long Of { get; init; }

    /// <summary>
    /// Of a callback: the number of the call in which it came, on the same thread; 0 when it came from outside of any call.
    /// </summary>
    public long During { get; init; }

    /// <summary>
    /// The library called the program: <see cref="In"/> is what it passed, <see cref="Out"/> and <see cref="Ret"/> are what the program
    /// answered.
    /// </summary>
    public bool IsCallback => Of != 0;

    /// <summary>Whether the function's success rule held.</summary>
    public bool Succeeded => HasResults && !Failed;

    /// <summary>
    /// Whether the call gave something back: it succeeded, or its return value is one of those on which out-values count all the same.
    /// </summary>
    public bool HasResults => OutJson.Length > 0;

    /// <summary>The function, with what the recording knows of it.</summary>
    internal RecordedFunction Entry { get; }

    /// <summary>The handles that go into the call, without borrowed ones.</summary>
    internal RecordedSymbol[] Handles { get; init; } = [];

    /// <summary>Text of the whole call.</summary>
    internal ReadOnlyMemory<byte> Text => _text;

    /// <summary>Text of <see cref="In"/>.</summary>
    internal ReadOnlyMemory<byte> InJson { get; init; }

    /// <summary>Text of <see cref="Out"/>; empty when the call gave nothing back.</summary>
    internal ReadOnlyMemory<byte> OutJson { get; init; }

    /// <summary>Text of <see cref="Ret"/>.</summary>
    internal ReadOnlyMemory<byte> RetJson { get; init; }

    /// <summary>The call failed by its function's rule and gave something back nevertheless.</summary>
    internal bool Failed { get; init; }

    /// <summary>A buffer came back empty though there was room: as a read at the end of a stream does.</summary>
    internal bool FillsNothing { get; init; }

    /// <summary>Its place in the order in which calls were entered, from 0; set by the recording's <see cref="CallIndex"/>.</summary>
    internal int Rank { get; set; }

    /// <summary>The recording that the call is of.</summary>
    internal CallRecording Recording { get; set; } = null!;

    /// <summary>An in-argument by its name; one that is not there does not exist.</summary>
    public RecordedValue Argument(string name) => Value(In, name);

    /// <summary>An out-argument by its name; one that is not there, as after a failure, does not exist.</summary>
    public RecordedValue Result(string name) => Value(Out, name);

    /// <summary>What the call returned.</summary>
    public RecordedValue Returned => new(Recording, Ret);

    private RecordedValue Value(JsonElement arguments, string name) =>
        new(
            Recording,
            arguments.ValueKind == JsonValueKind.Object && arguments.TryGetProperty(name, out JsonElement value) ? value : default);

    /// <summary>The whole call.</summary>
    public JsonElement Json =>
        (_document ??= JsonDocument.Parse(_text, new JsonDocumentOptions { MaxDepth = int.MaxValue })).RootElement;

    /// <summary>Line of the file where the call begins, from 1.</summary>
    public long Line { get; }

    /// <summary>Position in the file, from 0. Calls are written in the order in which they came back.</summary>
    public int Index { get; }

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"seq {Seq} {Api}!{Function}");

    /// <summary>Reads a code from the JSON of its text, without making a string of it.</summary>
    internal static bool TryParseCode(ReadOnlySpan<byte> json, out uint code)
    {
        code = 0;
        return json.Length >= 12 && json.StartsWith("\"0x"u8) && json[11] is (byte)'"' or (byte)' '
            && Utf8Parser.TryParse(json.Slice(3, 8), out code, out int digits, 'x') && digits == 8;
    }

    /// <summary>Reads a code in the form <c>0x80070012 NAME</c>.</summary>
    internal static bool TryParseCode(string text, out uint code)
    {
        code = 0;
        return text.Length >= 10 && text.StartsWith("0x", StringComparison.Ordinal)
            && (text.Length == 10 || text[10] == ' ')
            && uint.TryParse(text.AsSpan(2, 8), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out code);
    }
}
