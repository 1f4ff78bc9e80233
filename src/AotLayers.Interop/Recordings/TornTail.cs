using System.Text.Json;

namespace AotLayers.Interop;

/// <summary>
/// The end of a recording whose recorder was killed: openings of calls in flight, or a finished line that was only half written over them.
/// A damaged line with whole calls or a footer after it is not a torn tail but a malformed file.
/// </summary>
internal static class TornTail
{
    /// <summary>Tells whether the bytes from the first damaged call on are the tail of a cut file.</summary>
    public static bool Is(ReadOnlySpan<byte> tail)
    {
        foreach (Range range in tail.Split((byte)'\n'))
        {
            ReadOnlySpan<byte> line = tail[range].Trim(" \t\r,"u8);
            if (line.StartsWith("]"u8) || IsWholeCall(line))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>The calls whose beginnings are in the tail.</summary>
    public static IReadOnlyList<InFlightCall> InFlight(ReadOnlySpan<byte> tail)
    {
        List<InFlightCall> calls = [];
        int start = 0;
        while (start < tail.Length)
        {
            // The first call may be laid out in any way; the ones after it are the recorder's own lines.
            ReadOnlySpan<byte> rest = tail[start..].TrimStart(" \t\r\n,"u8);
            if ((start == 0 || rest.StartsWith("{\"seq\":"u8))
                && Parse(rest) is InFlightCall call
                && calls.TrueForAll(c => c.Seq != call.Seq))
            {
                calls.Add(call);
            }

            int next = tail[start..].IndexOf("\n{\"seq\":"u8);
            if (next < 0)
            {
                break;
            }

            start += next + 1;
        }

        return calls;
    }

    private static bool IsWholeCall(ReadOnlySpan<byte> line)
    {
        try
        {
            Utf8JsonReader reader = new(line);
            bool returned = false;
            while (reader.Read())
            {
                returned |= reader is { TokenType: JsonTokenType.PropertyName, CurrentDepth: 1 } && reader.ValueTextEquals("ret"u8);
            }

            return returned;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private static InFlightCall? Parse(ReadOnlySpan<byte> text)
    {
        long seq = 0;
        int thread = 0;
        string? api = null;
        string? function = null;
        try
        {
            Utf8JsonReader reader = new(text, isFinalBlock: false, default);
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
            {
                return null;
            }

            while (function is null && reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                string name = reader.GetString() ?? "";
                if (!reader.Read())
                {
                    break;
                }

                switch (name)
                {
                    case "seq" when reader.TokenType == JsonTokenType.Number && reader.TryGetInt64(out long number):
                        seq = number;
                        break;
                    case "thread" when reader.TokenType == JsonTokenType.Number && reader.TryGetInt32(out int number):
                        thread = number;
                        break;
                    case "api" when reader.TokenType == JsonTokenType.String:
                        api = reader.GetString();
                        break;
                    case "fn" when reader.TokenType == JsonTokenType.String:
                        function = reader.GetString();
                        break;
                    default:
                        return null;
                }
            }
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // What was read before the damage still names the call.
            return Make(seq, thread, api, function);
        }

        return Make(seq, thread, api, function);
    }

    private static InFlightCall? Make(long seq, int thread, string? api, string? function) =>
        seq > 0 && api is not null && function is not null ? new InFlightCall(seq, thread, api, function) : null;
}
