using System.Text.Json;

namespace AotLayers.Interop;

/// <summary>
/// Tells of each call which entry it is about: the text that it names, and of a call that names none the one that was named last on its
/// handle. So the reads of a file belong to the call that gave its name, or to the one that opened it, whatever the API is. Calls are
/// taken in the order in which they were entered. Not thread-safe.
/// </summary>
internal sealed class CallEntries
{
    private readonly Dictionary<string, Current> _current = new(StringComparer.Ordinal);
    private readonly List<string> _in = [];
    private readonly List<string> _out = [];

    /// <summary>The handles that go into the call that was asked about last.</summary>
    public IReadOnlyList<string> Handles => _in;

    /// <summary>The handles that come out of it.</summary>
    public IReadOnlyList<string> Results => _out;

    /// <summary>The entry of the next call, or null.</summary>
    public string? Next(RecordedCall call)
    {
        _in.Clear();
        _out.Clear();
        RecordedSymbols.Collect(call.In, _in);
        RecordedSymbols.Collect(call.Ret, _out);
        string? given = null;
        if (call.HasResults)
        {
            RecordedSymbols.Collect(call.Out, _out);
            given = FirstText(call.Out);
        }

        string? own = given ?? FirstText(call.In);
        if (own is null)
        {
            own = Inherit(call);
            if (own is null)
            {
                return null;
            }
        }
        else
        {
            foreach (string symbol in _in)
            {
                _current[symbol] = new Current(own, given is null ? null : call.Function);
            }
        }

        foreach (string symbol in _out)
        {
            _current[symbol] = new Current(own, null);
        }

        return own;
    }

    /// <summary>The first text that says something, in the order of the arguments.</summary>
    public static string? FirstText(JsonElement value)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.String:
                return value.GetString() is { Length: > 0 } text && !IsNumber(text) ? text : null;
            case JsonValueKind.Object when ValueForms.Text(value) is { } units:
                return units;
            case JsonValueKind.Object when ValueForms.Length(value) >= 0 || ValueForms.Symbol(value) is not null
                || ValueForms.PointerSymbol(value) is not null:
                return null;
            case JsonValueKind.Object:
                foreach (JsonProperty property in value.EnumerateObject())
                {
                    if (FirstText(property.Value) is { } found)
                    {
                        return found;
                    }
                }

                return null;
            case JsonValueKind.Array:
                foreach (JsonElement item in value.EnumerateArray())
                {
                    if (FirstText(item) is { } found)
                    {
                        return found;
                    }
                }

                return null;
            default:
                return null;
        }
    }

    // A call that gave names and gives none any more has come to its end; it is about none.
    private string? Inherit(RecordedCall call)
    {
        foreach (string symbol in _in)
        {
            if (_current.TryGetValue(symbol, out Current? current) && current.Text is not null)
            {
                if (current.GivenBy != call.Function)
                {
                    return current.Text;
                }

                _current[symbol] = new Current(null, null);
            }
        }

        return null;
    }

    // Integers beyond 2^53 are decimal texts.
    private static bool IsNumber(string text) =>
        text.Length >= 16 && !text.AsSpan(text[0] == '-' ? 1 : 0).ContainsAnyExceptInRange('0', '9');

    private sealed class Current(string? text, string? givenBy)
    {
        public string? Text { get; } = text;

        public string? GivenBy { get; } = givenBy;
    }
}
