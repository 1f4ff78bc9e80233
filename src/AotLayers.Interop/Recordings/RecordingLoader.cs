using System.Text.Json;

namespace AotLayers.Interop;

/// <summary>
/// Loads a recording call by call, with every size bounded. Any layout of the JSON is accepted; what the recorder writes is one call per
/// line.
/// </summary>
internal sealed class RecordingLoader(Stream stream, string source, RecordingLimits limits)
{
    private const int MaxHeaderValue = 1 << 20;

    private readonly RecordingText _text = new(stream, source, limits);
    private readonly List<RecordedCall> _calls = [];
    private readonly List<RecordedCall> _callbacks = [];
    private readonly HashSet<long> _seqs = [];
    private readonly RecordingContents _contents = new();
    private readonly Dictionary<string, string> _names = new(StringComparer.Ordinal);
    private IReadOnlyList<InFlightCall> _inFlight = [];
    private Dictionary<string, RecordedApi>? _apis;
    private RecordingOrigin? _origin;
    private (long Calls, bool Complete)? _end;
    private DataPolicy _data;
    private bool _formatSeen;
    private bool _versionSeen;
    private bool _callsSeen;
    private bool _cut;

    public CallRecording Load()
    {
        try
        {
            _cut = !ReadRoot();
        }
        catch (JsonException e)
        {
            throw Wrong(e.LineNumber is long before ? before + 1 : _text.Line, $"not JSON: {Reason(e)}", e);
        }

        if (_cut && !(_formatSeen && _versionSeen && _callsSeen))
        {
            throw Wrong(_text.Line, "the file ends inside its header; there are no calls in it");
        }

        if (!_formatSeen || !_versionSeen || !_callsSeen || _origin is null || _apis is null)
        {
            throw Wrong(0, $"not a recording: it needs format (\"{RecordingHeader.Format}\"), version, origin, apis and calls");
        }

        foreach (RecordedCall call in _calls)
        {
            if (!_apis.ContainsKey(call.Api))
            {
                throw Wrong(call.Line, $"the call is of API {call.Api}, which the header does not have");
            }
        }

        if (_end is { } end && end.Calls != _calls.Count + _callbacks.Count)
        {
            throw Wrong(_text.Line, $"the footer counts {end.Calls} calls, the file has {_calls.Count + _callbacks.Count}");
        }

        return new CallRecording(source, _origin, _data, _apis, _calls, _contents)
        {
            Complete = !_cut && _end is { Complete: true },
            InFlight = _inFlight,
            Callbacks = _callbacks,
        };
    }

    private static string Reason(JsonException e)
    {
        // The parser's message ends with a position inside the value, which would be read as one of the file.
        int position = e.Message.IndexOf(" LineNumber:", StringComparison.Ordinal);
        return position < 0 ? e.Message : e.Message[..position];
    }

    // False when the file ends early.
    private bool ReadRoot()
    {
        if (!_text.ReadToken())
        {
            return false;
        }

        if (_text.Token != JsonTokenType.StartObject)
        {
            throw Wrong(_text.TokenLine, "a recording is one JSON object");
        }

        while (_text.ReadToken())
        {
            if (_text.Token == JsonTokenType.EndObject)
            {
                // Only white space may follow; the reader refuses anything else.
                _text.ReadToken();
                return true;
            }

            string name = _text.Name;
            if (!(name == "calls" ? ReadCalls() : ReadHeaderValue(name)))
            {
                return false;
            }
        }

        return false;
    }

    private bool ReadHeaderValue(string name)
    {
        if (!_text.ReadValue(MaxHeaderValue, call: false, out ReadOnlyMemory<byte> value))
        {
            return false;
        }

        long line = _text.TokenLine;
        try
        {
            switch (name)
            {
                case "format":
                    _formatSeen = IsString(value, RecordingHeader.Format)
                        ? true
                        : throw Wrong(line, $"not a recording: format is not \"{RecordingHeader.Format}\"");
                    break;
                case "version":
                    CheckVersion(value, line);
                    break;
                case "data":
                    _data = IsString(value, "all") ? DataPolicy.All
                        : IsString(value, "digest") ? DataPolicy.Digest
                        : IsString(value, "lengths") ? DataPolicy.Lengths
                        : throw Wrong(line, "data is none of all, digest, lengths");
                    break;
                case "origin":
                    _origin = RecordingHeader.ReadOrigin(Parse(value));
                    break;
                case "apis":
                    _apis = RecordingHeader.ReadApis(Parse(value));
                    break;
                case "end":
                    JsonElement end = Parse(value);
                    _end = (end.NumberOrNull("calls") ?? 0, end.FlagOrNull("complete") ?? false);
                    break;
                default:
                    break;
            }
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or KeyNotFoundException)
        {
            throw Wrong(line, $"{name} is malformed: {(e is JsonException j ? Reason(j) : e.Message)}", e);
        }

        return true;
    }

    private static JsonElement Parse(ReadOnlyMemory<byte> value)
    {
        using var document = JsonDocument.Parse(value);
        return document.RootElement.Clone();
    }

    private void CheckVersion(ReadOnlyMemory<byte> value, long line)
    {
        _versionSeen = int.TryParse(value.Span, out int version) && version >= 1;
        if (!_versionSeen)
        {
            throw Wrong(line, "version is not a number from 1");
        }

        if (version > RecordingHeader.Version)
        {
            throw Wrong(
                line,
                $"the recording has format version {version}, written by a newer tool; this one reads version {RecordingHeader.Version}");
        }

        if (version < RecordingHeader.Version)
        {
            throw Wrong(line, $"the recording has format version {version}, which is no longer read: record again (this tool reads "
                + $"version {RecordingHeader.Version})");
        }
    }

    private bool ReadCalls()
    {
        if (_callsSeen)
        {
            throw Wrong(_text.TokenLine, "calls is there twice");
        }

        if (!_text.ReadToken())
        {
            return false;
        }

        if (_text.Token != JsonTokenType.StartArray)
        {
            throw Wrong(_text.TokenLine, "calls is not an array");
        }

        _callsSeen = true;
        while (true)
        {
            bool whole;
            ReadOnlyMemory<byte> value;
            try
            {
                whole = _text.ReadValue(limits.CallBytes, call: true, out value);
            }
            catch (JsonException)
            {
                ReadOnlyMemory<byte> damaged = _text.Rest();
                if (!TornTail.Is(damaged.Span))
                {
                    throw;
                }

                _inFlight = TornTail.InFlight(damaged.Span);
                return false;
            }

            if (!whole)
            {
                _inFlight = TornTail.InFlight(_text.Rest().Span);
                return false;
            }

            if (_text.Token == JsonTokenType.EndArray)
            {
                return true;
            }

            if (_calls.Count + _callbacks.Count >= limits.Calls)
            {
                throw Wrong(_text.TokenLine, $"more calls than the limit of {limits.Calls}");
            }

            RecordedCall read = ReadCall(value, _text.TokenLine);
            (read.IsCallback ? _callbacks : _calls).Add(read);
        }
    }

    private RecordedCall ReadCall(ReadOnlyMemory<byte> text, long line)
    {
        CheckText(text.Span, line);
        JsonElement json;
        try
        {
            // The text lives in the loader's buffer: the document gets its own copy.
            json = JsonDocument.Parse(
                text.ToArray(),
                new JsonDocumentOptions { MaxDepth = limits.Depth, AllowDuplicateProperties = false }).RootElement;
        }
        catch (JsonException e)
        {
            throw Wrong(line, $"not JSON: {Reason(e)}", e);
        }

        JsonElement @in = Required(json, "in"u8, "in", JsonValueKind.Object, line);
        bool succeeded = json.TryGetProperty("out"u8, out JsonElement @out);
        if (succeeded && @out.ValueKind != JsonValueKind.Object)
        {
            throw Wrong(line, "out is not an object");
        }

        bool mayHaveBytes = text.Span.IndexOf("$bytes"u8) >= 0 || text.Span.Contains((byte)'\\');
        if (mayHaveBytes && (_contents.Add(@in) ?? (succeeded ? _contents.Add(@out) : null)) is string wrong)
        {
            throw Wrong(line, wrong);
        }

        if (_contents.TotalBytes > limits.DataBytes)
        {
            throw Wrong(line, $"the buffers hold more than the limit of {limits.DataBytes} bytes");
        }

        long seq = Number(json, "seq"u8, "seq", line);
        if (!_seqs.Add(seq))
        {
            throw Wrong(line, $"seq {seq} is there twice");
        }

        if (!json.TryGetProperty("ret"u8, out JsonElement ret) || ret.ValueKind is not (JsonValueKind.String or JsonValueKind.Number
            or JsonValueKind.Null) && ValueForms.Symbol(ret) is null && ValueForms.PointerSymbol(ret) is null)
        {
            throw Wrong(line, "ret is neither a string, a number, a handle nor null");
        }

        uint lastError = 0;
        if (json.TryGetProperty("lastError"u8, out JsonElement error)
            && (error.ValueKind != JsonValueKind.String || !RecordedCall.TryParseCode(error.GetString(), out lastError)))
        {
            throw Wrong(line, "lastError is not a code as 0x00000005");
        }

        // A callback's line has callback in place of fn.
        bool isCallback = json.TryGetProperty("callback"u8, out _);
        long of = isCallback ? Number(json, "of"u8, "of", line) : 0;
        return new RecordedCall(json, line, _calls.Count + _callbacks.Count)
        {
            Of = of,
            During = isCallback && json.TryGetProperty("during"u8, out _) ? Number(json, "during"u8, "during", line, 0) : of,
            Seq = seq,
            Thread = (int)Math.Min(Number(json, "thread"u8, "thread", line), int.MaxValue),
            Api = Intern(Required(json, "api"u8, "api", JsonValueKind.String, line)),
            Function = Intern(isCallback
                ? Required(json, "callback"u8, "callback", JsonValueKind.String, line)
                : Required(json, "fn"u8, "fn", JsonValueKind.String, line)),
            In = @in,
            Out = @out,
            Failed = succeeded && json.TryGetProperty("failed"u8, out JsonElement failed) && failed.ValueKind == JsonValueKind.True,
            Ret = ret,
            LastError = lastError,
            Microseconds = json.TryGetProperty("us"u8, out _) ? Number(json, "us"u8, "us", line, 0) : null,
        };
    }

    // After this every string of the call can be decoded.
    private void CheckText(ReadOnlySpan<byte> text, long line)
    {
        if (text.Length <= limits.TextBytes && !text.Contains((byte)'\\') && System.Text.Unicode.Utf8.IsValid(text))
        {
            return;
        }

        Utf8JsonReader reader = new(text, new JsonReaderOptions { MaxDepth = limits.Depth });
        bool data = false;
        while (reader.Read())
        {
            if (reader.TokenType is not (JsonTokenType.String or JsonTokenType.PropertyName))
            {
                data = false;
                continue;
            }

            if (!data && reader.ValueSpan.Length > limits.TextBytes)
            {
                throw Wrong(line, $"a string is longer than the limit of {limits.TextBytes} bytes");
            }

            if (reader.ValueIsEscaped)
            {
                try
                {
                    _ = reader.GetString();
                }
                catch (InvalidOperationException e)
                {
                    throw Wrong(line, "a string has a lone surrogate; such text is written as {\"$u16\":\"hex\"}", e);
                }
            }
            else if (!System.Text.Unicode.Utf8.IsValid(reader.ValueSpan))
            {
                throw Wrong(line, "a string is not UTF-8");
            }

            data = reader.TokenType == JsonTokenType.PropertyName && reader.ValueTextEquals("data"u8);
        }
    }

    private JsonElement Required(JsonElement call, ReadOnlySpan<byte> utf8, string name, JsonValueKind kind, long line) =>
        call.TryGetProperty(utf8, out JsonElement value) && value.ValueKind == kind
            ? value
            : throw Wrong(line, $"a call needs {name}, {(kind == JsonValueKind.Object ? "an object" : "a string")}");

    private long Number(JsonElement call, ReadOnlySpan<byte> utf8, string name, long line, long least = 1) =>
        call.TryGetProperty(utf8, out JsonElement value)
            && value.ValueKind == JsonValueKind.Number
            && value.TryGetInt64(out long number)
            && number >= least
            ? number
            : throw Wrong(line, $"{name} is not a number from {least}");

    private string Intern(JsonElement name)
    {
        string text = name.GetString()!;
        if (!_names.TryGetValue(text, out string? same))
        {
            _names.Add(text, text);
            same = text;
        }

        return same;
    }

    private static bool IsString(ReadOnlyMemory<byte> json, string text)
    {
        Utf8JsonReader reader = new(json.Span);
        return reader.Read() && reader.TokenType == JsonTokenType.String && reader.ValueTextEquals(text);
    }

    private RecordingFormatException Wrong(long line, string reason, Exception? inner = null) => new(source, line, reason, inner);
}
