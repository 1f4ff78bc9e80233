using System.Runtime.InteropServices;
using System.Text.Json;

namespace AotLayers.Interop;

/// <summary>What happened in a recording, in numbers: by function, by entry, by handle, and what failed.</summary>
public sealed class RecordingSummary
{
    private readonly Dictionary<string, CallTotals> _functions = new(StringComparer.Ordinal);
    private readonly Dictionary<string, CallTotals> _entries = new(StringComparer.Ordinal);
    private readonly Dictionary<string, FailureTotals> _failures = new(StringComparer.Ordinal);
    private readonly HashSet<int> _threads = [];
    private readonly HashSet<string> _contents = new(StringComparer.Ordinal);

    private RecordingSummary()
    {
    }

    /// <summary>All calls together.</summary>
    public CallTotals Total { get; } = new("");

    /// <summary>Number of callbacks, which the other numbers leave out.</summary>
    public int Callbacks { get; private set; }

    /// <summary>Number of threads.</summary>
    public int Threads => _threads.Count;

    /// <summary>By function (<c>api!function</c>), most calls first.</summary>
    public IReadOnlyList<CallTotals> Functions { get; private set; } = [];

    /// <summary>By entry, most bytes first.</summary>
    public IReadOnlyList<CallTotals> Entries { get; private set; } = [];

    /// <summary>By function and returned value, most first.</summary>
    public IReadOnlyList<FailureTotals> Failures { get; private set; } = [];

    /// <summary>The handles of the whole recording, in the order in which they appear.</summary>
    public IReadOnlyList<RecordedHandle> Handles { get; private set; } = [];

    /// <summary>Number of distinct contents of buffers.</summary>
    public int Contents => _contents.Count;

    /// <summary>Bytes of these contents, each once.</summary>
    public long ContentBytes { get; private set; }

    /// <summary>Counts.</summary>
    /// <param name="recording">The recording.</param>
    /// <param name="apis">The APIs of this build, for the life of handles.</param>
    /// <param name="calls">The calls and callbacks to count, by number; all of them when null. Handles are always those of the whole
    /// recording.</param>
    public static RecordingSummary Of(CallRecording recording, IEnumerable<NativeApiInfo> apis, IEnumerable<RecordedCall>? calls = null)
    {
        ArgumentNullException.ThrowIfNull(recording);
        HashSet<RecordedCall>? chosen = calls is null ? null : [.. calls];
        RecordingSummary summary = new() { Handles = RecordedHandle.Of(recording, apis) };
        CallEntries entries = new();
        foreach (RecordedCall call in recording.Calls.Concat(recording.Callbacks).OrderBy(static call => call.Seq))
        {
            string? entry = entries.Next(call);
            if (chosen?.Contains(call) != false)
            {
                summary.Add(call, entry);
            }
        }

        summary.Functions = [.. summary._functions.Values.OrderByDescending(static f => f.Calls)
            .ThenBy(static f => f.Name, StringComparer.Ordinal)];
        summary.Entries = [.. summary._entries.Values.OrderByDescending(static e => e.BytesIn + e.BytesOut)
            .ThenBy(static e => e.FirstSeq)];
        summary.Failures = [.. summary._failures.Values.OrderByDescending(static f => f.Calls).ThenBy(static f => f.FirstSeq)];
        return summary;
    }

    private void Add(RecordedCall call, string? entry)
    {
        _threads.Add(call.Thread);
        if (call.IsCallback)
        {
            Callbacks++;
            return;
        }

        long into = Bytes(call.In);
        long from = call.HasResults ? Bytes(call.Out) : 0;
        string name = call.Api + "!" + call.Function;
        Total.Add(call, into, from);
        Totals(_functions, name).Add(call, into, from);
        if (entry is not null)
        {
            Totals(_entries, entry).Add(call, into, from);
        }

        if (!call.Succeeded)
        {
            string ret = Show(call);
            ref FailureTotals? failure = ref CollectionsMarshal.GetValueRefOrAddDefault(_failures, name + " " + ret, out _);
            failure ??= new FailureTotals(name, ret, call.Seq, call.Line);
            failure.Calls++;
        }
    }

    private static CallTotals Totals(Dictionary<string, CallTotals> all, string name)
    {
        ref CallTotals? totals = ref CollectionsMarshal.GetValueRefOrAddDefault(all, name, out _);
        return totals ??= new CallTotals(name);
    }

    private static string Show(RecordedCall call)
    {
        string ret = call.Ret.ValueKind == JsonValueKind.String ? call.Ret.GetString()! : call.Ret.GetRawText();
        return call.LastError == 0 ? ret : $"{ret}, last error {call.Json.GetProperty("lastError"u8).GetString()}";
    }

    private long Bytes(JsonElement value)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object when ValueForms.Length(value) is >= 0 and long length:
                if (value.TryGetProperty("sha256"u8, out JsonElement hash) && _contents.Add(hash.GetString()!))
                {
                    ContentBytes += length;
                }

                return length;
            case JsonValueKind.Object:
                long sum = 0;
                foreach (JsonProperty property in value.EnumerateObject())
                {
                    sum += Bytes(property.Value);
                }

                return sum;
            case JsonValueKind.Array:
                sum = 0;
                foreach (JsonElement item in value.EnumerateArray())
                {
                    sum += Bytes(item);
                }

                return sum;
            default:
                return 0;
        }
    }
}

/// <summary>Sums over some calls.</summary>
public sealed class CallTotals
{
    internal CallTotals(string name) => Name = name;

    /// <summary>What the calls have in common: a function, or an entry.</summary>
    public string Name { get; }

    /// <summary>Number of calls.</summary>
    public int Calls { get; private set; }

    /// <summary>Number of those that did not succeed by their function's rule.</summary>
    public int Failed { get; private set; }

    /// <summary>Bytes of the buffers that went in.</summary>
    public long BytesIn { get; private set; }

    /// <summary>Bytes of the buffers that came out.</summary>
    public long BytesOut { get; private set; }

    /// <summary>Duration in microseconds; null when the recording was made without timing.</summary>
    public long? Microseconds { get; private set; }

    /// <summary>Number of the first call.</summary>
    public long FirstSeq { get; private set; }

    internal void Add(RecordedCall call, long into, long from)
    {
        FirstSeq = Calls == 0 ? call.Seq : FirstSeq;
        Calls++;
        Failed += call.Succeeded ? 0 : 1;
        BytesIn += into;
        BytesOut += from;
        Microseconds = call.Microseconds is { } duration ? duration + (Microseconds ?? 0) : Microseconds;
    }
}

/// <summary>Calls of one function that returned the same failure.</summary>
public sealed class FailureTotals
{
    internal FailureTotals(string function, string returned, long firstSeq, long line)
    {
        Function = function;
        Returned = returned;
        FirstSeq = firstSeq;
        Line = line;
    }

    /// <summary>The function, <c>api!name</c>.</summary>
    public string Function { get; }

    /// <summary>What it returned: <c>0x80070012 ERROR_NO_MORE_FILES</c>, and its last error where it leaves one.</summary>
    public string Returned { get; }

    /// <summary>How often.</summary>
    public int Calls { get; internal set; }

    /// <summary>Number of the first such call.</summary>
    public long FirstSeq { get; }

    /// <summary>Its line in the file.</summary>
    public long Line { get; }
}
