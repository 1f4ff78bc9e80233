using System.Buffers;
using System.Text.Json;
using AotLayers.App;

namespace AotLayers.Cli.Output;

/// <summary>
/// One JSON object with a long array in it, written as it comes: an item a line, so that nothing has to be kept. What is known at the end
/// stands behind the array.
/// </summary>
internal sealed class JsonList : IDisposable
{
    private const int BufferSize = 64 * 1024;

    private readonly BufferedStream _output;
    private readonly ArrayBufferWriter<byte> _text = new();
    private readonly Utf8JsonWriter _json;
    private bool _first = true;

    /// <param name="output">Where to; closed.</param>
    /// <param name="head">Writes the members before the array.</param>
    /// <param name="array">Name of the array.</param>
    public JsonList(Stream output, Action<Utf8JsonWriter> head, string array)
    {
        _output = new BufferedStream(output, BufferSize);
        _json = new Utf8JsonWriter(_text, JsonText.Options);
        ReadOnlySpan<byte> members = Build(head);
        _output.Write(members[..^1]);
        _output.Write(members.Length > 2 ? ",\""u8 : "\""u8);
        _output.Write(System.Text.Encoding.UTF8.GetBytes(array));
        _output.Write("\":[\n"u8);
    }

    /// <summary>Writes an item of the array.</summary>
    /// <param name="writeMembers">Writes its members.</param>
    public void Add(Action<Utf8JsonWriter> writeMembers)
    {
        if (!_first)
        {
            _output.Write(",\n"u8);
        }

        _first = false;
        _output.Write(Build(writeMembers));
    }

    /// <summary>Ends the array and the object.</summary>
    /// <param name="tail">Writes the members behind the array.</param>
    public void Complete(Action<Utf8JsonWriter> tail)
    {
        _output.Write(_first ? "]"u8 : "\n]"u8);
        ReadOnlySpan<byte> members = Build(tail);
        _output.Write(members.Length > 2 ? ","u8 : ""u8);
        _output.Write(members[1..]);
        _output.Write("\n"u8);
    }

    /// <summary>Writes out what is there, also of a list that was not completed: then it is no JSON, and the error says why.</summary>
    public void Dispose()
    {
        _json.Dispose();
        _output.Dispose();
    }

    private ReadOnlySpan<byte> Build(Action<Utf8JsonWriter> writeMembers)
    {
        _text.ResetWrittenCount();
        _json.Reset();
        _json.WriteStartObject();
        writeMembers(_json);
        _json.WriteEndObject();
        _json.Flush();
        return _text.WrittenSpan;
    }
}
