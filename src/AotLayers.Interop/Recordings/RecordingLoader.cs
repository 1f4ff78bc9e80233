using System.Buffers;
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
    // Only once a number was lower than one before it.
    private HashSet<long>? _seqs;
    private readonly RecordingContents _contents = new();
    private readonly RecordedNames _names = new();
    private readonly BoundedJson _json = new(source);
    private readonly ArrayBufferWriter<byte> _rest = new();
    private long _lastSeq;
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

        _contents.Close();
        return new CallRecording(source, _origin, _data, _apis, _calls, _contents, _names)
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

    // The source is named anyway, and the value as a whole has no place in itself.
    private string Reason(BoundedJsonException e)
    {
        string reason = e.Message[(source.Length + 2)..];
        return reason.StartsWith("$: ", StringComparison.Ordinal) ? reason[3..] : reason;
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
        if (!_text.ReadValue(MaxHeaderValue, call: false, _json))
        {
            return false;
        }

        long line = _text.TokenLine;
        BoundedJsonValue value = _json.Root;
        try
        {
            switch (name)
            {
                case "format":
                    _formatSeen = IsText(value, RecordingHeader.FormatUtf8)
                        ? true
                        : throw Wrong(line, $"not a recording: format is not \"{RecordingHeader.Format}\"");
                    break;
                case "version":
                    CheckVersion(value, line);
                    break;
                case "data":
                    _data = IsText(value, "all"u8) ? DataPolicy.All
                        : IsText(value, "digest"u8) ? DataPolicy.Digest
                        : IsText(value, "lengths"u8) ? DataPolicy.Lengths
                        : throw Wrong(line, "data is none of all, digest, lengths");
                    break;
                case "origin":
                    _origin = RecordingHeader.ReadOrigin(value);
                    break;
                case "apis":
                    _apis = RecordingHeader.ReadApis(value);
                    break;
                case "end":
                    _end = (value.Member("calls")?.Int64() ?? 0, value.Member("complete")?.Bool() ?? false);
                    break;
                default:
                    break;
            }
        }
        catch (BoundedJsonException e)
        {
            throw Wrong(line, $"{name} is malformed: {Reason(e)}", e);
        }

        return true;
    }

    private void CheckVersion(BoundedJsonValue value, long line)
    {
        _versionSeen = value.TryNumber(out long version) && version >= 1;
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
            try
            {
                whole = _text.ReadValue(limits.CallBytes, call: true, _json);
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

            RecordedCall read = ReadCall(_json.Root, _text.TokenLine);
            (read.IsCallback ? _callbacks : _calls).Add(read);
        }
    }

    private RecordedCall ReadCall(BoundedJsonValue call, long line)
    {
        CheckText(call.Utf8, line);
        if (_json.Duplicate >= 0)
        {
            throw Wrong(line, $"not JSON: {_json.Shown(_json.Duplicate)} is there twice in one object");
        }

        CallFields fields = new(call);
        BoundedJsonValue @in = Required(fields.In, "in", JsonValueKind.Object, line);
        BoundedJsonValue @out = fields.Out;
        if (@out.Exists && @out.Kind != JsonValueKind.Object)
        {
            throw Wrong(line, "out is not an object");
        }

        // Names that are written with escapes may be the format's own as well.
        bool escaped = call.Utf8.Contains((byte)'\\');
        ReadOnlyMemory<byte> arguments = @in.Utf8Memory;
        if (escaped || call.Utf8.IndexOf("$bytes"u8) >= 0)
        {
            _contents.Added.Clear();
            string? wrong = _contents.Add(@in);
            arguments = WithoutContents(arguments);
            wrong ??= _contents.Add(@out);
            if (wrong is not null)
            {
                throw Wrong(line, wrong);
            }
        }

        if (_contents.TotalBytes > limits.DataBytes)
        {
            throw Wrong(line, $"the buffers hold more than the limit of {limits.DataBytes} bytes");
        }

        long seq = Number(fields.Seq, "seq", line);
        CheckSeq(seq, line);
        if (fields.Ret.Kind is not (JsonValueKind.String or JsonValueKind.Number or JsonValueKind.Null)
            && ValueForms.Symbol(fields.Ret) is null && ValueForms.PointerSymbol(fields.Ret) is null)
        {
            throw Wrong(line, "ret is neither a string, a number, a handle nor null");
        }

        uint lastError = 0;
        if (fields.LastError.Exists
            && (fields.LastError.Kind != JsonValueKind.String || !RecordedCall.TryParseCode(fields.LastError.Utf8, out lastError)))
        {
            throw Wrong(line, "lastError is not a code as 0x00000005");
        }

        // A callback's line has callback in place of fn.
        bool isCallback = fields.Callback.Exists;
        long of = isCallback ? Number(fields.Of, "of", line) : 0;
        RecordedFunction function = _names.Function(
            Required(fields.Api, "api", JsonValueKind.String, line),
            isCallback
                ? Required(fields.Callback, "callback", JsonValueKind.String, line)
                : Required(fields.Fn, "fn", JsonValueKind.String, line));
        function.Calls += isCallback ? 0 : 1;
        return new RecordedCall(call.Utf8Memory, line, _calls.Count + _callbacks.Count, function)
        {
            Of = of,
            During = isCallback && fields.During.Exists ? Number(fields.During, "during", line, 0) : of,
            Seq = seq,
            Thread = (int)Math.Min(Number(fields.Thread, "thread", line), int.MaxValue),
            Handles = escaped || @in.Utf8.IndexOf(ValueForms.Handle) >= 0 ? _names.HandlesIn(@in) : [],
            InJson = arguments,
            OutJson = @out.Exists ? @out.Utf8Memory : default,
            Failed = @out.Exists && fields.Failed.Kind == JsonValueKind.True,
            FillsNothing = (escaped || @in.Utf8.IndexOf(ValueForms.Room) >= 0) && FillsNothing(@in, @out),
            RetJson = fields.Ret.Utf8Memory,
            LastError = lastError,
            Microseconds = fields.Us.Exists ? Number(fields.Us, "us", line, 0) : null,
        };
    }

    // As the replayed program's are written, whose contents are in the recording already: equal arguments have equal texts.
    private ReadOnlyMemory<byte> WithoutContents(ReadOnlyMemory<byte> arguments)
    {
        if (_contents.Added.Count == 0)
        {
            return arguments;
        }

        ReadOnlySpan<byte> text = arguments.Span;
        _rest.ResetWrittenCount();
        int done = 0;
        foreach (BoundedJsonValue content in _contents.Added)
        {
            text.Overlaps(content.Utf8, out int quote);
            if (text[..quote].EndsWith(",\"data\":"u8))
            {
                _rest.Write(text[done..(quote - ",\"data\":"u8.Length)]);
                done = quote + content.Utf8.Length;
            }
        }

        _rest.Write(text[done..]);
        return _rest.WrittenSpan.ToArray();
    }

    private static bool FillsNothing(BoundedJsonValue @in, BoundedJsonValue @out)
    {
        foreach (BoundedJsonValue.JsonMember member in @out.Members)
        {
            if (ValueForms.Length(member.Value) == 0 && ValueForms.RoomOf(member.FindIn(@in)) > 0)
            {
                return true;
            }
        }

        return false;
    }

    private void CheckSeq(long seq, long line)
    {
        if (_seqs is null && seq <= _lastSeq)
        {
            _seqs = [.. _calls.Select(static c => c.Seq), .. _callbacks.Select(static c => c.Seq)];
        }

        if (_seqs is not null && !_seqs.Add(seq))
        {
            throw Wrong(line, $"seq {seq} is there twice");
        }

        _lastSeq = Math.Max(_lastSeq, seq);
    }

    // After this every string of the call can be decoded.
    private void CheckText(ReadOnlySpan<byte> text, long line)
    {
        if (text.Length <= limits.TextBytes && !text.Contains((byte)'\\') && System.Text.Unicode.Utf8.IsValid(text))
        {
            return;
        }

        bool data = false;
        for (int i = 0; i < _json.Count; i++)
        {
            BoundedJson.Token token = _json[i];
            if (token.Type is not (JsonTokenType.String or JsonTokenType.PropertyName))
            {
                data = false;
                continue;
            }

            if (!data && token.Length > limits.TextBytes)
            {
                throw Wrong(line, $"a string is longer than the limit of {limits.TextBytes} bytes");
            }

            if (token.Escaped)
            {
                try
                {
                    _ = _json.Decode(i);
                }
                catch (InvalidOperationException e)
                {
                    throw Wrong(line, "a string has a lone surrogate; such text is written as {\"$u16\":\"hex\"}", e);
                }
            }
            else if (!System.Text.Unicode.Utf8.IsValid(_json.Raw(i)))
            {
                throw Wrong(line, "a string is not UTF-8");
            }

            data = token.Type == JsonTokenType.PropertyName && _json.Is(i, "data"u8);
        }
    }

    private BoundedJsonValue Required(BoundedJsonValue value, string name, JsonValueKind kind, long line) =>
        value.Kind == kind ? value : throw Wrong(line, $"a call needs {name}, {(kind == JsonValueKind.Object ? "an object" : "a string")}");

    private long Number(BoundedJsonValue value, string name, long line, long least = 1) =>
        value.TryNumber(out long number) && number >= least ? number : throw Wrong(line, $"{name} is not a number from {least}");

    private static bool IsText(BoundedJsonValue json, ReadOnlySpan<byte> text) =>
        json.Kind == JsonValueKind.String && !json.IsEscaped && json.Raw.SequenceEqual(text);

    private RecordingFormatException Wrong(long line, string reason, Exception? inner = null) => new(source, line, reason, inner);

    /// <summary>The members of a call; what else there may be is not looked at.</summary>
    private readonly ref struct CallFields
    {
        public CallFields(BoundedJsonValue call)
        {
            foreach (BoundedJsonValue.JsonMember member in call.Members)
            {
                BoundedJsonValue value = member.Value;
                _ = member.Is("seq"u8) ? Seq = value
                    : member.Is("thread"u8) ? Thread = value
                    : member.Is("api"u8) ? Api = value
                    : member.Is("fn"u8) ? Fn = value
                    : member.Is("in"u8) ? In = value
                    : member.Is("out"u8) ? Out = value
                    : member.Is("ret"u8) ? Ret = value
                    : member.Is("lastError"u8) ? LastError = value
                    : member.Is("failed"u8) ? Failed = value
                    : member.Is("us"u8) ? Us = value
                    : member.Is("callback"u8) ? Callback = value
                    : member.Is("of"u8) ? Of = value
                    : member.Is("during"u8) ? During = value
                    : value;
            }
        }

        public BoundedJsonValue Seq { get; }

        public BoundedJsonValue Thread { get; }

        public BoundedJsonValue Api { get; }

        public BoundedJsonValue Fn { get; }

        public BoundedJsonValue Callback { get; }

        public BoundedJsonValue Of { get; }

        public BoundedJsonValue During { get; }

        public BoundedJsonValue In { get; }

        public BoundedJsonValue Out { get; }

        public BoundedJsonValue Failed { get; }

        public BoundedJsonValue Ret { get; }

        public BoundedJsonValue LastError { get; }

        public BoundedJsonValue Us { get; }
    }
}
