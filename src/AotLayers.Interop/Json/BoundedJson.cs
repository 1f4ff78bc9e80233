using System.Globalization;
using System.Text;
using System.Text.Json;

namespace AotLayers.Interop;

/// <summary>
/// A JSON text, read once with <see cref="Utf8JsonReader"/> under limits into a table of its tokens: the one way in which this project
/// reads JSON. Values are decoded when they are asked for, and know their place, so that a complaint about a file says where.
/// </summary>
public sealed class BoundedJson
{
    // Beyond this many names in one object, equal ones are looked for by hash.
    private const int FewNames = 32;

    // A text that was checked when it was loaded is as deep as it is.
    private const int AnyDepth = int.MaxValue;

    private ReadOnlyMemory<byte> _text;
    private Token[] _tokens = [];
    private int _open = -1;
    private Dictionary<int, HashSet<string>>? _manyNames;
    private (int Array, int Item, int Token) _lastItem = (-1, 0, 0);

    /// <summary>Makes a table to be filled again and again. Not thread-safe.</summary>
    internal BoundedJson(string source) => Source = source;

    /// <summary>Where the text is from, as errors name it: a path.</summary>
    public string Source { get; }

    /// <summary>The outermost value.</summary>
    public BoundedJsonValue Root => new(this, 0);

    /// <summary>Number of tokens.</summary>
    internal int Count { get; private set; }

    /// <summary>A name that its object has twice; -1 when there is none. Looked for by <see cref="TryRead"/>.</summary>
    internal int Duplicate { get; private set; } = -1;

    /// <summary>Reads a text.</summary>
    /// <param name="utf8">The text; it must not change while the values are used. A byte order mark is skipped.</param>
    /// <param name="source">Where it is from, for errors.</param>
    /// <param name="limits">Bounds; null for the default ones.</param>
    /// <exception cref="BoundedJsonException">The text is not JSON, or exceeds a bound.</exception>
    public static BoundedJson Parse(ReadOnlyMemory<byte> utf8, string source, BoundedJsonLimits? limits = null)
    {
        limits ??= new BoundedJsonLimits();
        if (utf8.Length > limits.Bytes)
        {
            throw new BoundedJsonException(string.Create(
                CultureInfo.InvariantCulture,
                $"{source}: {utf8.Length} bytes; at most {limits.Bytes}"));
        }

        var json = new BoundedJson(source);
        json.Read(utf8.Span.StartsWith(Encoding.UTF8.Preamble) ? utf8[3..] : utf8, limits);
        return json;
    }

    internal Token this[int index] => _tokens[index];

    /// <summary>Reads a text that was found to be JSON before, in place of what was read last.</summary>
    internal void Reread(ReadOnlyMemory<byte> utf8)
    {
        Clear(utf8);
        var reader = new Utf8JsonReader(utf8.Span, new JsonReaderOptions { MaxDepth = AnyDepth });
        while (reader.Read())
        {
            Add(ref reader);
        }
    }

    /// <summary>Reads the value whose first token a reader has read, in place of what was read last.</summary>
    /// <param name="reader">The reader; it stands at the value's last token afterwards.</param>
    /// <param name="text">What the reader reads, from its beginning.</param>
    /// <param name="most">Most tokens.</param>
    /// <returns>False when the text ends before the value does.</returns>
    /// <exception cref="JsonException">The text is not JSON, or has more tokens.</exception>
    internal bool TryRead(ref Utf8JsonReader reader, ReadOnlyMemory<byte> text, int most)
    {
        Clear(text);
        do
        {
            if (Count == most)
            {
                throw new JsonException(string.Create(CultureInfo.InvariantCulture, $"more than {most} values"));
            }

            if (reader.TokenType == JsonTokenType.PropertyName)
            {
                FindDuplicate(ref reader);
            }

            Add(ref reader);
            if (_open < 0)
            {
                return true;
            }
        }
        while (reader.Read());
        return false;
    }

    /// <summary>A token without quotes.</summary>
    internal ReadOnlySpan<byte> Raw(int index) => _text.Span.Slice(_tokens[index].Start, _tokens[index].Length);

    /// <summary>A token without quotes, to be kept.</summary>
    internal ReadOnlyMemory<byte> RawMemory(int index) => _text.Slice(_tokens[index].Start, _tokens[index].Length);

    /// <summary>The token as it stands in the text, with the quotes of a string.</summary>
    internal ReadOnlySpan<byte> Quoted(int index) => QuotedMemory(index).Span;

    /// <inheritdoc cref="Quoted"/>
    internal ReadOnlyMemory<byte> QuotedMemory(int index)
    {
        Token token = _tokens[index];
        int quote = token.Type is JsonTokenType.String or JsonTokenType.PropertyName ? 1 : 0;
        return _text.Slice(token.Start - quote, token.Length + (2 * quote));
    }

    /// <summary>The text of a string or a name.</summary>
    /// <exception cref="InvalidOperationException">It is not valid text.</exception>
    internal string Decode(int index)
    {
        ReadOnlySpan<byte> raw = Raw(index);
        if (!_tokens[index].Escaped && Ascii.IsValid(raw))
        {
            return Encoding.ASCII.GetString(raw);
        }

        // The reader's own unescaping; its quotes are beside the token.
        var reader = new Utf8JsonReader(Quoted(index));
        reader.Read();
        return reader.GetString()!;
    }

    /// <summary>Whether a name or text is the given one.</summary>
    internal bool Is(int index, ReadOnlySpan<byte> utf8) =>
        _tokens[index].Escaped ? Encoding.UTF8.GetBytes(Shown(index)).AsSpan().SequenceEqual(utf8) : Raw(index).SequenceEqual(utf8);

    /// <inheritdoc cref="Is(int, ReadOnlySpan{byte})"/>
    internal bool Is(int index, string text)
    {
        if (_tokens[index].Escaped)
        {
            return Shown(index) == text;
        }

        // Names are short ASCII, but for what users give to their own fields.
        ReadOnlySpan<byte> raw = Raw(index);
        return Ascii.Equals(raw, text) || (!Ascii.IsValid(text) && Encoding.UTF8.GetString(raw) == text);
    }

    /// <summary>A text for an error: as it stands there where it cannot be decoded.</summary>
    internal string Shown(int index)
    {
        try
        {
            return Decode(index);
        }
        catch (InvalidOperationException)
        {
            return Encoding.UTF8.GetString(Raw(index));
        }
    }

    /// <summary>The token of an element of an array. Asked for one after the other, each costs one step.</summary>
    internal int ElementAt(int array, int item)
    {
        (int at, int token) = _lastItem.Array == array && _lastItem.Item <= item ? (_lastItem.Item, _lastItem.Token) : (0, array + 1);
        for (; at < item; at++)
        {
            token = _tokens[token].Next;
        }

        _lastItem = (array, item, token);
        return token;
    }

    /// <summary>The place of a value, as <c>$.entries[3].path</c>.</summary>
    internal string PathOf(int target)
    {
        var path = new StringBuilder("$");
        for (int at = 0; at != target;)
        {
            bool inObject = _tokens[at].Type == JsonTokenType.StartObject;
            int child = at + 1;
            for (int position = 0; ; position++)
            {
                int value = inObject ? child + 1 : child;
                if (target < _tokens[value].Next)
                {
                    path.Append(inObject
                        ? "." + Encoding.UTF8.GetString(Raw(child))
                        : string.Create(CultureInfo.InvariantCulture, $"[{position}]"));
                    at = value;
                    break;
                }

                child = _tokens[value].Next;
            }
        }

        return path.ToString();
    }

    private void Read(ReadOnlyMemory<byte> utf8, BoundedJsonLimits limits)
    {
        Clear(utf8);
        var reader = new Utf8JsonReader(utf8.Span, new JsonReaderOptions
        {
            MaxDepth = limits.Depth,
            CommentHandling = limits.ForPeople ? JsonCommentHandling.Skip : JsonCommentHandling.Disallow,
            AllowTrailingCommas = limits.ForPeople,
        });
        try
        {
            while (reader.Read())
            {
                if (Count == limits.Tokens && reader.TokenType is not (JsonTokenType.EndObject or JsonTokenType.EndArray))
                {
                    throw new BoundedJsonException(string.Create(
                        CultureInfo.InvariantCulture,
                        $"{Source}: more than {limits.Tokens} values"));
                }

                Add(ref reader);
            }
        }
        catch (JsonException e)
        {
            throw new BoundedJsonException($"{Source}: {e.Message}", e) { Position = reader.BytesConsumed };
        }
    }

    private void Clear(ReadOnlyMemory<byte> text)
    {
        _text = text;
        Count = 0;
        Duplicate = -1;
        _open = -1;
        _manyNames?.Clear();
        _lastItem = (-1, 0, 0);
    }

    private void Add(ref Utf8JsonReader reader)
    {
        JsonTokenType type = reader.TokenType;
        if (type is JsonTokenType.EndObject or JsonTokenType.EndArray)
        {
            // While a value is open, it holds the place of the one around it.
            int start = _open;
            _open = _tokens[start].Next;
            _tokens[start].Length = (int)reader.BytesConsumed - _tokens[start].Start;
            _tokens[start].Next = Count;
            return;
        }

        if (Count == _tokens.Length)
        {
            Array.Resize(ref _tokens, Math.Max(32, Count * 2));
        }

        // Names and texts without their quotes.
        bool quoted = type is JsonTokenType.String or JsonTokenType.PropertyName;
        ref Token token = ref _tokens[Count];
        token.Start = (int)reader.TokenStartIndex + (quoted ? 1 : 0);
        token.Length = reader.ValueSpan.Length;
        token.Type = type;
        token.Escaped = quoted && reader.ValueIsEscaped;
        if (type is JsonTokenType.StartObject or JsonTokenType.StartArray)
        {
            token.Next = _open;
            _open = Count;
        }
        else
        {
            token.Next = Count + 1;
        }

        Count++;
    }

    // Called before the name is added.
    private void FindDuplicate(ref Utf8JsonReader reader)
    {
        if (Duplicate >= 0)
        {
            return;
        }

        if (_manyNames is not null && _manyNames.TryGetValue(_open, out HashSet<string>? names))
        {
            Duplicate = names.Add(Text(ref reader)) ? -1 : Count;
            return;
        }

        int count = 0;
        for (int name = _open + 1; name < Count; name = _tokens[name + 1].Next, count++)
        {
            if (!reader.ValueIsEscaped && !_tokens[name].Escaped
                ? Raw(name).SequenceEqual(reader.ValueSpan)
                : Shown(name) == Text(ref reader))
            {
                Duplicate = Count;
                return;
            }
        }

        if (count == FewNames)
        {
            names = new HashSet<string>(StringComparer.Ordinal) { Text(ref reader) };
            for (int name = _open + 1; name < Count; name = _tokens[name + 1].Next)
            {
                names.Add(Shown(name));
            }

            (_manyNames ??= []).Add(_open, names);
        }
    }

    private static string Text(ref Utf8JsonReader reader)
    {
        try
        {
            return reader.GetString()!;
        }
        catch (InvalidOperationException)
        {
            return Encoding.UTF8.GetString(reader.ValueSpan);
        }
    }

    /// <summary>A value or a member name: where it is in the text, and the token after it and all that is in it.</summary>
    internal struct Token
    {
        public int Start;
        public int Length;
        public int Next;
        public JsonTokenType Type;
        public bool Escaped;
    }
}
