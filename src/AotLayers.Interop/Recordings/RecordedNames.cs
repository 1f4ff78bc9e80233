using System.Text;
using System.Text.Json;

namespace AotLayers.Interop;

/// <summary>The APIs, functions and handles that a recording names, each once.</summary>
internal sealed class RecordedNames
{
    private const int ShortName = 128;

    private readonly Dictionary<string, string> _apis = new(StringComparer.Ordinal);
    private readonly Dictionary<string, RecordedFunction> _functions = new(StringComparer.Ordinal);
    private readonly Dictionary<string, RecordedSymbol> _handles = new(StringComparer.Ordinal);
    private readonly List<RecordedFunction> _inOrder = [];
    private readonly List<RecordedSymbol> _ofCall = [];

    /// <summary>The functions in the order in which they come first.</summary>
    public IReadOnlyList<RecordedFunction> Functions => _inOrder;

    /// <summary>Number of handles.</summary>
    public int HandleCount => _handles.Count;

    /// <summary>The function of a call.</summary>
    /// <param name="api">Name of the API, a text.</param>
    /// <param name="function">Name of the function, a text.</param>
    public RecordedFunction Function(BoundedJsonValue api, BoundedJsonValue function)
    {
        string apiName = Api(api);
        Span<char> room = stackalloc char[ShortName];
        ReadOnlySpan<char> name = Chars(function, room);
        bool known = _functions.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(name, out RecordedFunction? first);
        RecordedFunction? found = first;
        while (found is not null && found.Api != apiName)
        {
            found = found.Namesake;
        }

        if (found is null)
        {
            found = new RecordedFunction(apiName, known ? first!.Name : name.ToString(), _inOrder.Count, first);
            _functions[found.Name] = found;
            _inOrder.Add(found);
        }

        return found;
    }

    /// <summary>The function of a name, or null when no call of it was recorded.</summary>
    public RecordedFunction? FindFunction(string api, string name)
    {
        RecordedFunction? found = _functions.GetValueOrDefault(name);
        while (found is not null && found.Api != api)
        {
            found = found.Namesake;
        }

        return found;
    }

    /// <summary>The handle of a symbol, or null when it goes into no call.</summary>
    public RecordedSymbol? FindHandle(string symbol) => _handles.GetValueOrDefault(symbol);

    /// <summary>The handles that go into a call, without borrowed ones.</summary>
    /// <param name="arguments">The call's in-arguments.</param>
    public RecordedSymbol[] HandlesIn(BoundedJsonValue arguments)
    {
        _ofCall.Clear();
        Gather(arguments);
        return _ofCall.Count switch
        {
            0 => [],
            1 => _ofCall[0].Alone,
            _ => [.. _ofCall],
        };
    }

    private void Gather(BoundedJsonValue value)
    {
        foreach (BoundedJsonValue item in value.Elements)
        {
            Gather(item);
        }

        foreach (BoundedJsonValue.JsonMember member in value.Members)
        {
            if (member.Value.Kind == JsonValueKind.String && member.Is(ValueForms.Handle))
            {
                RecordedSymbol handle = Handle(member.Value);
                if (!handle.IsBorrowed && !_ofCall.Contains(handle))
                {
                    _ofCall.Add(handle);
                }

                return;
            }

            Gather(member.Value);
        }
    }

    private RecordedSymbol Handle(BoundedJsonValue symbol)
    {
        Span<char> room = stackalloc char[ShortName];
        ReadOnlySpan<char> name = Chars(symbol, room);
        if (!_handles.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(name, out RecordedSymbol? handle))
        {
            handle = new RecordedSymbol(name.ToString(), _handles.Count);
            _handles.Add(handle.Symbol, handle);
        }

        return handle;
    }

    private string Api(BoundedJsonValue api)
    {
        Span<char> room = stackalloc char[ShortName];
        ReadOnlySpan<char> name = Chars(api, room);
        if (!_apis.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(name, out string? same))
        {
            same = name.ToString();
            _apis.Add(same, same);
        }

        return same;
    }

    private static ReadOnlySpan<char> Chars(BoundedJsonValue text, Span<char> room) =>
        text.IsEscaped || text.Raw.Length > room.Length ? text.TextOrNull() : room[..Encoding.UTF8.GetChars(text.Raw, room)];
}
