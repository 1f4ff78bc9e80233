using System.Globalization;

namespace AotLayers.Interop;

/// <summary>
/// Gives handles their symbols while recording: <c>kind#n</c>, n by first appearance. A value that comes back after its handle's end is a new handle.
/// Not thread-safe.
/// </summary>
internal sealed class HandleSymbols
{
    private readonly Dictionary<(string Kind, nint Value), string> _live = [];
    private readonly Dictionary<(string Kind, nint Value), string> _ended = [];
    private readonly Dictionary<string, int> _counts = new(StringComparer.Ordinal);

    /// <summary>Symbol of a value that is used: of the live handle, else of the ended one that a use after end means, else <c>kind#unknown</c>.</summary>
    public string Use(string kind, nint value) =>
        _live.TryGetValue((kind, value), out string? symbol) || _ended.TryGetValue((kind, value), out symbol) ? symbol : Unknown(kind);

    /// <summary>A new symbol.</summary>
    public string Produce(string kind, nint value)
    {
        int count = _counts.GetValueOrDefault(kind) + 1;
        _counts[kind] = count;
        string symbol = string.Create(CultureInfo.InvariantCulture, $"{kind}#{count}");
        _live[(kind, value)] = symbol;
        _ended.Remove((kind, value));
        return symbol;
    }

    /// <summary>The live handle's symbol, or a new one.</summary>
    public string Keep(string kind, nint value) => _live.TryGetValue((kind, value), out string? symbol) ? symbol : Produce(kind, value);

    /// <summary>Ends a handle. Its value may be given to another handle as soon as the native call runs.</summary>
    public string Consume(string kind, nint value)
    {
        string symbol = Use(kind, value);
        if (_live.Remove((kind, value)))
        {
            _ended[(kind, value)] = symbol;
        }

        return symbol;
    }

    /// <summary>Tells whether a text has the form of a symbol.</summary>
    public static bool IsSymbol(ReadOnlySpan<char> text)
    {
        int mark = text.LastIndexOf('#');
        return mark > 0 && !text[..mark].ContainsAny('\\', '/', ' ')
            && (text[(mark + 1)..] is "unknown" || (mark + 1 < text.Length && !text[(mark + 1)..].ContainsAnyExceptInRange('0', '9')));
    }

    /// <summary>The symbol of a value that no recorded call produced.</summary>
    public static string Unknown(string kind) => kind + "#unknown";
}
