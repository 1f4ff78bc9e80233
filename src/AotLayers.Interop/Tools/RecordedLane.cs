namespace AotLayers.Interop;

/// <summary>The calls of one run that work on one handle, cut where another entry begins.</summary>
internal sealed class RecordedLane(string key, string looseKey, string? handle)
{
    /// <summary>Tells the handle by how it came about, so that two runs can be compared: what made it, with which text, the how-many-th
    /// time.</summary>
    public string Key { get; } = key;

    /// <summary>The same without the text.</summary>
    public string LooseKey { get; } = looseKey;

    /// <summary>The handle's symbol; null for the calls without one.</summary>
    public string? Handle { get; } = handle;

    /// <summary>The sections, in order.</summary>
    public List<Section> Sections { get; } = [];

    /// <summary>Cuts a recording into lanes, in the order in which their handles come up.</summary>
    public static List<RecordedLane> Of(CallRecording recording)
    {
        Dictionary<string, RecordedLane> byHandle = new(StringComparer.Ordinal);
        Dictionary<string, int> times = new(StringComparer.Ordinal);
        List<RecordedLane> lanes = [];
        CallEntries entries = new();
        foreach (RecordedCall call in recording.Calls.Concat(recording.Callbacks).OrderBy(static call => call.Seq))
        {
            string? entry = entries.Next(call);
            string name = $"{call.Api}!{call.Function}";

            // Callbacks are compared by function, and calls without a handle by the text that they name.
            string? handle = null;
            foreach (string symbol in entries.Handles)
            {
                if (!call.IsCallback && !HandleSymbols.IsBorrowed(symbol))
                {
                    handle = symbol;
                    break;
                }
            }

            string laneKey = call.IsCallback ? "callback " + name : handle ?? "";
            if (!byHandle.TryGetValue(laneKey, out RecordedLane? lane))
            {
                lane = new RecordedLane(laneKey, laneKey, handle);
                byHandle.Add(laneKey, lane);
                lanes.Add(lane);
            }

            lane.Add(call, entry, handle is null && !call.IsCallback ? name : "");
            foreach (string symbol in entries.Results)
            {
                if (!HandleSymbols.IsBorrowed(symbol) && !byHandle.ContainsKey(symbol))
                {
                    RecordedLane made = new(
                        Numbered(times, $"{name} {entry}"),
                        Numbered(times, $"{name} of {HandleSymbols.KindOf(symbol)}"),
                        symbol);
                    byHandle.Add(symbol, made);
                    lanes.Add(made);
                }
            }
        }

        return lanes;
    }

    private static string Numbered(Dictionary<string, int> times, string key)
    {
        int time = times.GetValueOrDefault(key) + 1;
        times[key] = time;
        return string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{key} #{time}");
    }

    private void Add(RecordedCall call, string? entry, string function)
    {
        if (Sections.Count == 0 || Sections[^1] is not { } last || last.Entry != entry || last.Function != function)
        {
            last = new Section(entry, function);
            Sections.Add(last);
        }

        if (last.Items.Count == 0 || !last.Items[^1].TryAdd(call))
        {
            last.Items.Add(new RunOfCalls(call));
        }
    }

    /// <summary>Consecutive calls of a lane about one entry.</summary>
    internal sealed class Section(string? entry, string function)
    {
        /// <summary>The entry, or null.</summary>
        public string? Entry { get; } = entry;

        /// <summary>The function of calls without a handle; empty for others.</summary>
        public string Function { get; } = function;

        /// <summary>The calls, reads of a stream together.</summary>
        public List<RunOfCalls> Items { get; } = [];

        /// <summary>Number of calls.</summary>
        public int Calls => Items.Sum(static item => item.Calls.Count);

        /// <summary>What sections of two runs have in common.</summary>
        public string Key => $"{Function} {Entry}";
    }
}
