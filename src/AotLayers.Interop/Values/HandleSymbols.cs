using System.Globalization;

namespace AotLayers.Interop;

/// <summary>
/// Gives handles their symbols while recording: <c>kind#n</c>, n by first appearance. A value that comes back after its handle's end is a
/// new handle. A value that no recorded call made is <c>kind#?n</c>: each its own, so that two of them are never taken for the same. Not
/// thread-safe.
/// </summary>
internal sealed class HandleSymbols
{
    private readonly Dictionary<(string Kind, nint Value), string> _live = [];
    private readonly Dictionary<(string Kind, nint Value), string> _ended = [];
    private readonly Dictionary<string, int> _counts = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _borrowed = new(StringComparer.Ordinal);

    /// <summary>
    /// Symbol of a value that is used: of the live handle, else of the ended one that a use after end means, else a borrowed one's.
    /// </summary>
    /// <param name="kinds">The kind, or several with a bar between them: the first that has the value live counts.</param>
    /// <param name="value">The value.</param>
    public string Use(string kinds, nint value) =>
        Find(_live, kinds, value)?.Symbol ?? Find(_ended, kinds, value)?.Symbol ?? Lend(kinds, value);

    /// <summary>A new symbol.</summary>
    public string Produce(string kind, nint value)
    {
        string symbol = Numbered(_counts, First(kind), "");
        _live[(First(kind), value)] = symbol;
        _ended.Remove((First(kind), value));
        return symbol;
    }

    /// <summary>The live handle's symbol, or a new one.</summary>
    public string Keep(string kinds, nint value) => Find(_live, kinds, value)?.Symbol ?? Produce(kinds, value);

    /// <summary>Symbol of a value that the callee lends: of the live handle, or one of its own.</summary>
    public string Borrow(string kinds, nint value) => Find(_live, kinds, value)?.Symbol ?? Lend(kinds, value);

    /// <summary>Ends a handle. Its value may be given to another handle as soon as the native call runs.</summary>
    public string Consume(string kinds, nint value)
    {
        string symbol = Use(kinds, value);
        End(kinds, value, symbol);
        return symbol;
    }

    /// <summary>Ends a handle after the call, unless its value already stands for another one.</summary>
    public void End(string kinds, nint value, string symbol)
    {
        if (Find(_live, kinds, value) is var (kind, live) && live == symbol)
        {
            _live.Remove((kind, value));
            _ended[(kind, value)] = symbol;
        }
    }

    /// <summary>Tells whether a text has the form of a symbol.</summary>
    public static bool IsSymbol(ReadOnlySpan<char> text)
    {
        int mark = text.LastIndexOf('#');
        if (mark <= 0 || text[..mark].ContainsAny('\\', '/', ' '))
        {
            return false;
        }

        ReadOnlySpan<char> number = text[(mark + 1)..];
        number = number.StartsWith("?") ? number[1..] : number;
        return number.Length > 0 && !number.ContainsAnyExceptInRange('0', '9');
    }

    /// <summary>The kind of a symbol.</summary>
    public static ReadOnlySpan<char> KindOf(string symbol) => symbol.AsSpan(0, Math.Max(0, symbol.LastIndexOf('#')));

    /// <summary>Tells whether a symbol stands for a value that no call made.</summary>
    public static bool IsBorrowed(string symbol) => symbol.Contains("#?", StringComparison.Ordinal);

    /// <summary>Tells whether one of the kinds, with bars between them, is the given one.</summary>
    public static bool HasKind(string kinds, ReadOnlySpan<char> kind)
    {
        foreach (Range part in kinds.AsSpan().Split('|'))
        {
            if (kinds.AsSpan(part).SequenceEqual(kind))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>The kind that names what none of several kinds knows.</summary>
    public static string First(string kinds) => kinds.IndexOf('|', StringComparison.Ordinal) is > 0 and int bar ? kinds[..bar] : kinds;

    private static (string Kind, string Symbol)? Find(Dictionary<(string Kind, nint Value), string> table, string kinds, nint value)
    {
        if (table.TryGetValue((kinds, value), out string? symbol))
        {
            return (kinds, symbol);
        }

        if (kinds.Contains('|', StringComparison.Ordinal))
        {
            foreach (string kind in kinds.Split('|'))
            {
                if (table.TryGetValue((kind, value), out symbol))
                {
                    return (kind, symbol);
                }
            }
        }

        return null;
    }

    // A borrowed value is live until a call ends it; then the next appearance is another one.
    private string Lend(string kinds, nint value)
    {
        string kind = First(kinds);
        string symbol = Numbered(_borrowed, kind, "?");
        _live[(kind, value)] = symbol;
        _ended.Remove((kind, value));
        return symbol;
    }

    private static string Numbered(Dictionary<string, int> counts, string kind, string mark)
    {
        int count = counts.GetValueOrDefault(kind) + 1;
        counts[kind] = count;
        return string.Create(CultureInfo.InvariantCulture, $"{kind}#{mark}{count}");
    }
}
