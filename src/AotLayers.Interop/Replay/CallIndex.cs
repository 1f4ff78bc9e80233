namespace AotLayers.Interop;

/// <summary>
/// The order in which a recording's calls were entered, over all and per handle. Shared by its replays, which change nothing.
/// </summary>
internal sealed class CallIndex
{
    private readonly int[][] _onHandle;

    public CallIndex(CallRecording recording)
    {
        RecordedCall[] calls = [.. recording.Calls];
        if (!IsSorted(calls))
        {
            Array.Sort(calls, static (a, b) => a.Seq.CompareTo(b.Seq));
        }

        Calls = calls;
        Names = recording.Names;
        int[] counts = new int[Names.HandleCount];
        int handleless = 0;
        for (int rank = 0; rank < calls.Length; rank++)
        {
            calls[rank].Rank = rank;
            handleless += calls[rank].Handles.Length == 0 ? 1 : 0;
            foreach (RecordedSymbol handle in calls[rank].Handles)
            {
                counts[handle.Ordinal]++;
            }
        }

        _onHandle = Array.ConvertAll(counts, static count => new int[count]);
        WithoutHandles = new int[handleless];
        Array.Clear(counts);
        handleless = 0;
        foreach (RecordedCall call in calls)
        {
            if (call.Handles.Length == 0)
            {
                WithoutHandles[handleless++] = call.Rank;
            }

            foreach (RecordedSymbol handle in call.Handles)
            {
                _onHandle[handle.Ordinal][counts[handle.Ordinal]++] = call.Rank;
            }
        }
    }

    /// <summary>The calls in the order in which they were entered.</summary>
    public RecordedCall[] Calls { get; }

    /// <summary>The functions and handles.</summary>
    public RecordedNames Names { get; }

    /// <summary>Ranks of the calls that no handle goes into.</summary>
    public int[] WithoutHandles { get; }

    /// <summary>Ranks of the calls that a handle goes into.</summary>
    public int[] On(RecordedSymbol handle) => _onHandle[handle.Ordinal];

    private static bool IsSorted(RecordedCall[] calls)
    {
        for (int i = 1; i < calls.Length; i++)
        {
            if (calls[i].Seq < calls[i - 1].Seq)
            {
                return false;
            }
        }

        return true;
    }
}
