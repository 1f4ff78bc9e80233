using System.Globalization;
using System.Text;

namespace AotLayers.Interop;

/// <summary>
/// The handles of one replay: invented values that stand for the recording's symbols. No value is used twice, so that every use after a
/// handle's end is seen. Not thread-safe.
/// </summary>
internal sealed class ReplayHandles
{
    // Far from null, from INVALID_HANDLE_VALUE and from small numbers; fits into 32 bits; looks like nothing that is mapped.
    private const int FirstValue = 0x5A000010;
    private const int Step = 0x10;

    private readonly Dictionary<(string Kind, nint Value), ReplayHandle> _byValue = [];
    private readonly Dictionary<string, ReplayHandle> _bySymbol = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _borrowed = new(StringComparer.Ordinal);
    private int _next = FirstValue;

    /// <summary>All handles in the order in which they were made.</summary>
    public List<ReplayHandle> All { get; } = [];

    /// <summary>The handle of a value, or null when this replay does not know it as one of the kinds.</summary>
    public ReplayHandle? Find(string kinds, nint value)
    {
        if (_byValue.TryGetValue((kinds, value), out ReplayHandle? handle))
        {
            return handle;
        }

        if (kinds.Contains('|', StringComparison.Ordinal))
        {
            foreach (string kind in kinds.Split('|'))
            {
                if (_byValue.TryGetValue((kind, value), out handle))
                {
                    return handle;
                }
            }
        }

        return null;
    }

    /// <summary>The handle of a symbol, or null.</summary>
    public ReplayHandle? Find(string symbol) => _bySymbol.GetValueOrDefault(symbol);

    /// <summary>Makes a handle.</summary>
    /// <param name="symbol">Its name in the recording.</param>
    /// <param name="call">Number of the program's call that makes it.</param>
    /// <param name="function">The function that was called.</param>
    /// <param name="maker">The recorded call: its texts (a path, a layer) say what the handle is of.</param>
    public ReplayHandle Produce(string symbol, long call, string function, RecordedCall maker)
    {
        ReplayHandle handle = Produce(symbol, call, function, maker, _next);
        _next += Step;
        return handle;
    }

    /// <summary>Makes a handle of a value that means something to the program: the address of its memory.</summary>
    public ReplayHandle Produce(string symbol, long call, string function, RecordedCall maker, nint value)
    {
        ReplayHandle handle = new(symbol, value, maker);
        handle.Add(call, function, "made by");
        Add(handle);
        return handle;
    }

    /// <summary>
    /// A value that the program passes and that no call of this replay made: numbered by first appearance, as the recorder did.
    /// </summary>
    public ReplayHandle Lend(string kinds, nint value)
    {
        string kind = HandleSymbols.First(kinds);
        int count = _borrowed.GetValueOrDefault(kind) + 1;
        ReplayHandle handle = new(string.Create(CultureInfo.InvariantCulture, $"{kind}#?{count}"), value, maker: null);
        Add(handle);
        return handle;
    }

    private void Add(ReplayHandle handle)
    {
        string kind = HandleSymbols.KindOf(handle.Symbol).ToString();
        _byValue[(kind, handle.Value)] = handle;
        _bySymbol[handle.Symbol] = handle;
        All.Add(handle);
        if (handle.IsBorrowed
            && int.TryParse(handle.Symbol.AsSpan(kind.Length + 2), NumberStyles.None, CultureInfo.InvariantCulture, out int number))
        {
            _borrowed[kind] = Math.Max(number, _borrowed.GetValueOrDefault(kind));
        }
    }
}

/// <summary>One handle of a replay, and what happened to it.</summary>
internal sealed class ReplayHandle(string symbol, nint value, RecordedCall? maker)
{
    private const int Remembered = 6;

    private readonly Queue<LifeStep> _recent = new();
    private LifeStep? _first;
    private long _forgotten;

    public string Symbol { get; } = symbol;

    public nint Value { get; } = value;

    /// <summary>It is nobody's to end.</summary>
    public bool IsBorrowed { get; } = HandleSymbols.IsBorrowed(symbol);

    public bool Ended { get; private set; }

    public void Add(long call, string function, string what)
    {
        LifeStep step = new(call, function, what);
        if (_first is null)
        {
            _first = step;
            return;
        }

        _recent.Enqueue(step);
        if (_recent.Count > Remembered)
        {
            _recent.Dequeue();
            _forgotten++;
        }
    }

    public void End(long call, string function)
    {
        Add(call, function, "ended by");
        Ended = true;
    }

    /// <summary>The first step and the last ones, oldest first.</summary>
    public List<string> Life()
    {
        List<string> life = [];
        if (_first is LifeStep first)
        {
            life.Add(Text(first) + Subject());
        }

        if (_forgotten > 0)
        {
            life.Add(string.Create(CultureInfo.InvariantCulture, $"{Symbol} ... {_forgotten} more calls"));
        }

        life.AddRange(_recent.Select(Text));
        return life;
    }

    /// <summary>What the call that made the handle was given: <c>, layerId=C:\layers\app</c>.</summary>
    private string Subject()
    {
        if (maker is null)
        {
            return "";
        }

        BoundedJson arguments = new(Symbol);
        arguments.Reread(maker.InJson);
        StringBuilder text = new();
        foreach (BoundedJsonValue.JsonMember member in arguments.Root.Members)
        {
            if (member.Value.TextOrNull() is string value)
            {
                text.Append(CultureInfo.InvariantCulture, $", {member.Name}={value}");
            }
        }

        return text.ToString();
    }

    private string Text(LifeStep step) =>
        string.Create(CultureInfo.InvariantCulture, $"{Symbol} {step.What} {step.Function} (call {step.Call})");

    private readonly record struct LifeStep(long Call, string Function, string What);
}
