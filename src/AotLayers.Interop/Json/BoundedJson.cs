using System.Globalization;
using System.Text;
using System.Text.Json;

namespace AotLayers.Interop;

/// <summary>
/// A whole JSON text, read with <see cref="Utf8JsonReader"/> under limits, of which every value knows its place: so that a complaint
/// about a file that people write says where. Values are decoded when they are asked for.
/// </summary>
public sealed class BoundedJson
{
    private readonly ReadOnlyMemory<byte> _text;
    private readonly List<Token> _tokens = [];

    private BoundedJson(ReadOnlyMemory<byte> text, string source) => (_text, Source) = (text, source);

    /// <summary>Where the text is from, as errors name it: a path.</summary>
    public string Source { get; }

    /// <summary>The outermost value.</summary>
    public BoundedJsonValue Root => new(this, 0);

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

        var json = new BoundedJson(utf8.Span.StartsWith(Encoding.UTF8.Preamble) ? utf8[3..] : utf8, source);
        try
        {
            json.Read(limits);
            return json;
        }
        catch (JsonException e)
        {
            throw new BoundedJsonException($"{source}: {e.Message}", e);
        }
    }

    internal Token this[int index] => _tokens[index];

    internal ReadOnlySpan<byte> Raw(int index) => _text.Span.Slice(_tokens[index].Start, _tokens[index].Length);

    /// <summary>The token as it stands in the text, with the quotes of a string.</summary>
    internal ReadOnlySpan<byte> Quoted(int index)
    {
        Token token = _tokens[index];
        int quote = token.Type is JsonTokenType.String or JsonTokenType.PropertyName ? 1 : 0;
        return _text.Span.Slice(token.Start - quote, token.Length + (2 * quote));
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

    private void Read(BoundedJsonLimits limits)
    {
        var reader = new Utf8JsonReader(_text.Span, new JsonReaderOptions
        {
            MaxDepth = limits.Depth,
            CommentHandling = limits.ForPeople ? JsonCommentHandling.Skip : JsonCommentHandling.Disallow,
            AllowTrailingCommas = limits.ForPeople,
        });
        var open = new Stack<int>();
        while (reader.Read())
        {
            if (reader.TokenType is JsonTokenType.EndObject or JsonTokenType.EndArray)
            {
                int start = open.Pop();
                _tokens[start] = _tokens[start] with { Length = (int)reader.BytesConsumed - _tokens[start].Start, Next = _tokens.Count };
                continue;
            }

            if (_tokens.Count == limits.Tokens)
            {
                throw new BoundedJsonException(string.Create(CultureInfo.InvariantCulture, $"{Source}: more than {limits.Tokens} values"));
            }

            // Names and texts without their quotes.
            int quote = reader.TokenType is JsonTokenType.String or JsonTokenType.PropertyName ? 1 : 0;
            if (reader.TokenType is JsonTokenType.StartObject or JsonTokenType.StartArray)
            {
                open.Push(_tokens.Count);
            }

            _tokens.Add(new Token(
                (int)reader.TokenStartIndex + quote,
                reader.ValueSpan.Length,
                _tokens.Count + 1,
                reader.TokenType,
                reader.ValueIsEscaped));
        }
    }

    /// <summary>A value or a member name: where it is in the text, and the token after it and all that is in it.</summary>
    internal readonly record struct Token(int Start, int Length, int Next, JsonTokenType Type, bool Escaped);
}
