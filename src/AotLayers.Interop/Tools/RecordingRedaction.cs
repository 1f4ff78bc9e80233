using System.Text;
using System.Text.Json;

namespace AotLayers.Interop;

/// <summary>
/// Takes names out of a recording: every text of its calls but what is kept, part by part of paths. The same piece gets the same
/// placeholder everywhere, of the same length, and the placeholders sort as the pieces do, so that what is left replays. Names of
/// functions, arguments and handles, numbers and codes stay; contents of buffers stay unless they are blanked.
/// </summary>
public sealed class RecordingRedaction
{
    private const int LeastName = 4;
    private const int MaxName = 512;

    private readonly CallRecording _recording;
    private readonly RedactionOptions _options;
    private readonly Placeholders _placeholders = new();
    private readonly TextPieces _pieces;
    private readonly HashSet<string> _numbers = new(StringComparer.Ordinal);
    private readonly HashSet<string> _kept = new(StringComparer.Ordinal);

    private RecordingRedaction(CallRecording recording, RedactionOptions options)
    {
        _recording = recording;
        _options = options;
        _pieces = new TextPieces(options, _placeholders.Place)
        {
            Number = number => _numbers.Add(number),
            Kept = text => _kept.Add(text),
        };
    }

    /// <summary>What names, GUIDs and SIDs became. Whoever has this can undo the redaction.</summary>
    public IEnumerable<KeyValuePair<string, string>> Map =>
        _placeholders.Names.Concat(_placeholders.Guids).Concat(_placeholders.Sids.Where(static sid => sid.Key != sid.Value));

    /// <summary>Number of distinct names.</summary>
    public int Names => _placeholders.Names.Count;

    /// <summary>Number of distinct GUIDs.</summary>
    public int Guids => _placeholders.Guids.Count;

    /// <summary>Number of distinct SIDs.</summary>
    public int Sids => _placeholders.Sids.Count(static sid => sid.Key != sid.Value);

    /// <summary>Texts of 16 to 20 digits that stayed, since a recording has integers beyond 2^53 in the same form.</summary>
    public IReadOnlyCollection<string> Numbers => _numbers;

    /// <summary>Placeholders that are longer than what they stand for; a recorded length beside them may be wrong then.</summary>
    public int Longer => _placeholders.Longer;

    /// <summary>Number of distinct contents of buffers that stayed.</summary>
    public int Contents { get; private set; }

    /// <summary>Bytes of these.</summary>
    public long ContentBytes { get; private set; }

    /// <summary>How many of these hold a redacted name of at least four characters, in UTF-8 or UTF-16.</summary>
    public int ContentsWithNames { get; private set; }

    /// <summary>Writes a redacted recording.</summary>
    /// <param name="recording">The recording.</param>
    /// <param name="destination">Where to; stays open.</param>
    /// <param name="options">What stays.</param>
    public static RecordingRedaction Write(CallRecording recording, Stream destination, RedactionOptions options)
    {
        ArgumentNullException.ThrowIfNull(recording);
        ArgumentNullException.ThrowIfNull(destination);
        ArgumentNullException.ThrowIfNull(options);
        RecordingRedaction redaction = new(recording, options);
        redaction.Collect();
        redaction._placeholders.Assign();
        RecordingOrigin origin = recording.Origin;
        CallRecordingWriter.Write(
            recording,
            destination,
            replaceText: redaction._pieces.Replace,
            replaceContent: redaction.ReplaceContent,
            origin: origin.Program is { } program ? origin with { Program = redaction._pieces.Replace(program) } : origin);
        return redaction;
    }

    /// <summary>
    /// Proves a redaction: the result has the same calls with the same handles, sizes, codes and findings, and no text in it that is
    /// neither kept nor a placeholder.
    /// </summary>
    /// <param name="redacted">The result, loaded again.</param>
    /// <param name="apis">The APIs of this build.</param>
    /// <returns>What is wrong, as a sentence without a full stop; null when nothing is.</returns>
    public string? FindFault(CallRecording redacted, IEnumerable<NativeApiInfo> apis)
    {
        ArgumentNullException.ThrowIfNull(redacted);
        NativeApiInfo[] known = [.. apis];
        IReadOnlyList<RecordingFinding> before = RecordingCheck.Run(_recording, known);
        IReadOnlyList<RecordingFinding> after = RecordingCheck.Run(redacted, known);
        for (int i = 0; i < Math.Max(before.Count, after.Count); i++)
        {
            if (i >= before.Count || i >= after.Count || before[i].Kind != after[i].Kind || before[i].Seq != after[i].Seq)
            {
                return $"the findings of a check have changed: {(i < after.Count ? after[i] : before[i]).Message}";
            }
        }

        RedactedText text = new(_options, _placeholders, _kept);
        RecordedCall[] mine = [.. _recording.Calls.Concat(_recording.Callbacks)];
        RecordedCall[] theirs = [.. redacted.Calls.Concat(redacted.Callbacks)];
        if (mine.Length != theirs.Length)
        {
            return "the number of calls has changed";
        }

        for (int i = 0; i < mine.Length; i++)
        {
            if (Compare(mine[i].Json, theirs[i].Json, arguments: false, text) is { } wrong)
            {
                return $"{mine[i]}: {wrong}";
            }
        }

        return null;
    }

    private void Collect()
    {
        if (_recording.Origin.Program is { } program)
        {
            _pieces.Replace(program);
        }

        foreach (RecordedCall call in _recording.Calls.Concat(_recording.Callbacks))
        {
            Collect(call.In);
            Collect(call.Out);
        }
    }

    private void Collect(JsonElement value)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.String:
                _pieces.Replace(value.GetString()!);
                break;
            case JsonValueKind.Object when ValueForms.Text(value) is { } text:
                _pieces.Replace(text);
                break;
            case JsonValueKind.Object when IsForm(value):
                break;
            case JsonValueKind.Object:
                foreach (JsonProperty property in value.EnumerateObject())
                {
                    Collect(property.Value);
                }

                break;
            case JsonValueKind.Array:
                foreach (JsonElement item in value.EnumerateArray())
                {
                    Collect(item);
                }

                break;
            default:
                break;
        }
    }

    // Symbols and digests are no texts of the program.
    private static bool IsForm(JsonElement value) =>
        ValueForms.Length(value) >= 0 || ValueForms.Symbol(value) is not null || ValueForms.PointerSymbol(value) is not null;

    private byte[] ReplaceContent(byte[] content)
    {
        if (_options.BlankContents)
        {
            return new byte[content.Length];
        }

        Contents++;
        ContentBytes += content.Length;
        ContentsWithNames += HasName(content) ? 1 : 0;
        return content;
    }

    private bool HasName(byte[] content)
    {
        for (int width = 1; width <= 2; width++)
        {
            for (int start = 0; start < width; start++)
            {
                if (HasName(content, start, width))
                {
                    return true;
                }
            }
        }

        return false;
    }

    // Runs of what can stand in the name of a file, in one byte or two.
    private bool HasName(byte[] content, int start, int width)
    {
        StringBuilder run = new();
        for (int i = start; i + width <= content.Length + width; i += width)
        {
            char c = i + width > content.Length ? '\0' : width == 1 ? (char)content[i] : (char)(content[i] | (content[i + 1] << 8));
            if (c >= ' ' && c is not ('\\' or '/' or ':' or '*' or '?' or '"' or '<' or '>' or '|'))
            {
                if (run.Length < MaxName)
                {
                    run.Append(c);
                }

                continue;
            }

            if (run.Length >= LeastName && _placeholders.Names.ContainsKey(run.ToString()))
            {
                return true;
            }

            run.Clear();
        }

        return false;
    }

    private string? Compare(JsonElement mine, JsonElement theirs, bool arguments, RedactedText text)
    {
        if (arguments && ValueForms.Text(mine) is { } original)
        {
            return ValueForms.Text(theirs) is not { } other || other != _pieces.Replace(original) ? "a text did not become its placeholder"
                : text.FindLeft(other);
        }

        if (mine.ValueKind != theirs.ValueKind)
        {
            return "a value has another form";
        }

        switch (mine.ValueKind)
        {
            case JsonValueKind.Object when ValueForms.Length(mine) >= 0:
                return ValueForms.Length(mine) == ValueForms.Length(theirs) ? null : "a buffer has another length";
            case JsonValueKind.Object when IsForm(mine):
                return mine.GetRawText() == theirs.GetRawText() ? null : "a handle has changed";
            case JsonValueKind.Object:
                using (JsonElement.ObjectEnumerator members = theirs.EnumerateObject())
                {
                    foreach (JsonProperty property in mine.EnumerateObject())
                    {
                        if (!members.MoveNext() || members.Current.Name != property.Name)
                        {
                            return $"{property.Name} is not there";
                        }

                        if (Compare(property.Value, members.Current.Value, arguments || property.Name is "in" or "out", text) is { } wrong)
                        {
                            return wrong;
                        }
                    }

                    return members.MoveNext() ? "there is a value more" : null;
                }

            case JsonValueKind.Array:
                for (int i = 0; i < mine.GetArrayLength(); i++)
                {
                    if (i >= theirs.GetArrayLength())
                    {
                        return "an array is shorter";
                    }

                    if (Compare(mine[i], theirs[i], arguments, text) is { } wrong)
                    {
                        return wrong;
                    }
                }

                return mine.GetArrayLength() == theirs.GetArrayLength() ? null : "an array is longer";
            default:
                return mine.GetRawText() == theirs.GetRawText() ? null : "a value that is no text has changed";
        }
    }

    /// <summary>Looks for what a redaction should have taken out.</summary>
    private sealed class RedactedText
    {
        private readonly HashSet<string> _known = new(StringComparer.OrdinalIgnoreCase);
        private readonly HashSet<string> _kept;
        private readonly TextPieces _pieces;
        private string? _left;

        public RedactedText(RedactionOptions options, Placeholders placeholders, HashSet<string> kept)
        {
            _kept = kept;
            _known.UnionWith(placeholders.Names.Values);
            _known.UnionWith(placeholders.Guids.Values);
            _known.UnionWith(placeholders.Sids.Values);
            _pieces = new TextPieces(options, Look);
        }

        public string? FindLeft(string text)
        {
            _left = null;
            if (!_kept.Contains(text))
            {
                _pieces.Replace(text);
            }

            return _left is null ? null : $"'{_left}' is neither kept nor a placeholder";
        }

        private string Look(TextPieceKind kind, string piece)
        {
            _left ??= _known.Contains(piece) || _kept.Contains(piece) ? null : piece;
            return piece;
        }
    }
}
