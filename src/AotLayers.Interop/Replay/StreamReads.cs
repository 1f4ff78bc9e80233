using System.Text.Json;

namespace AotLayers.Interop;

/// <summary>Where the streams of a replay stand: which recorded chunk was served how far, by handle. Not thread-safe.</summary>
internal sealed class StreamReads
{
    private readonly Dictionary<string, StreamPosition> _positions = new(StringComparer.Ordinal);
    private readonly Dictionary<(string Api, string Function), (string Handle, string Buffer)> _shapes = [];

    /// <summary>The streams that are read half through a recorded chunk.</summary>
    public IEnumerable<StreamPosition> Unread => _positions.Values.Where(p => p.Left > 0);

    /// <summary>Remembers which arguments of a stream read are the handle and the buffer.</summary>
    public void Learn(NativeApiInfo api, string function, string handle, string buffer) => _shapes[(api.Name, function)] = (handle, buffer);

    /// <summary>Where the stream of a handle stands, or null when none of it was read since the last other call on the handle.</summary>
    public StreamPosition? Find(string symbol) => _positions.GetValueOrDefault(symbol);

    /// <summary>Sets where a stream stands.</summary>
    public void Set(StreamPosition position) => _positions[position.Symbol] = position;

    /// <summary>Another call on the handle was made: what follows is another stream.</summary>
    public void Forget(string symbol) => _positions.Remove(symbol);

    /// <summary>
    /// Tells whether a recorded call is a read that met the end of its stream. Of functions that the replayed program never called,
    /// the shape is taken from the call: room in, nothing out.
    /// </summary>
    public bool IsEnd(RecordedCall call, IReadOnlyList<string> handles, out string? symbol)
    {
        symbol = null;
        if (!call.HasResults)
        {
            return false;
        }

        if (_shapes.TryGetValue((call.Api, call.Function), out (string Handle, string Buffer) shape))
        {
            symbol = Symbol(call.In, shape.Handle);
            return call.Out.TryGetProperty(shape.Buffer, out JsonElement buffer)
                && ValueForms.Length(buffer) == 0
                && HasRoom(call.In, shape.Buffer);
        }

        symbol = handles.Count > 0 ? handles[0] : null;
        foreach (JsonProperty property in call.Out.EnumerateObject())
        {
            if (ValueForms.Length(property.Value) == 0 && HasRoom(call.In, property.Name))
            {
                return symbol is not null;
            }
        }

        return false;
    }

    /// <summary>The symbol of a handle argument, or null.</summary>
    public static string? Symbol(JsonElement arguments, string name) =>
        arguments.TryGetProperty(name, out JsonElement value) ? ValueForms.Symbol(value) : null;

    /// <summary>The recorded room of a buffer argument, or -1.</summary>
    public static long Room(JsonElement arguments, string name) =>
        arguments.TryGetProperty(name, out JsonElement value) ? ValueForms.RoomOf(value) : -1;

    private static bool HasRoom(JsonElement arguments, string name) => Room(arguments, name) > 0;
}

/// <summary>Where the stream of one handle stands.</summary>
/// <param name="Symbol">The handle.</param>
/// <param name="Call">The recorded read that was served last.</param>
/// <param name="Data">The bytes of that read.</param>
/// <param name="Offset">How many of them were served.</param>
/// <param name="Ended">The read met the end of the stream.</param>
/// <param name="Total">Bytes of the stream that were served so far.</param>
internal sealed record StreamPosition(string Symbol, RecordedCall Call, byte[] Data, int Offset, bool Ended, long Total)
{
    /// <summary>Bytes of the recorded read that were not yet served.</summary>
    public int Left => Data.Length - Offset;
}
