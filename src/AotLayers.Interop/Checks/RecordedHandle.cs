namespace AotLayers.Interop;

/// <summary>The life of one handle in a recording.</summary>
public sealed class RecordedHandle
{
    internal RecordedHandle(string symbol, RecordedCall? madeBy, bool endIsKnown)
    {
        Symbol = symbol;
        MadeBy = madeBy;
        EndIsKnown = endIsKnown;
    }

    /// <summary>Its symbol: <c>context#1</c>.</summary>
    public string Symbol { get; }

    /// <summary>Its kind: <c>context</c>.</summary>
    public string Kind => HandleSymbols.KindOf(Symbol).ToString();

    /// <summary>The call that made it; null when no recorded call did.</summary>
    public RecordedCall? MadeBy { get; }

    /// <summary>The call that ended it; null when none did.</summary>
    public RecordedCall? EndedBy { get; internal set; }

    /// <summary>The last call that it went into; null when none.</summary>
    public RecordedCall? LastUse { get; internal set; }

    /// <summary>Number of calls that it went into, its end among them.</summary>
    public int Uses { get; internal set; }

    /// <summary>Whether it is known which functions end handles of its kind.</summary>
    public bool EndIsKnown { get; }

    /// <summary>It was made and never ended, although it is known what ends handles of its kind.</summary>
    public bool IsLeaked => MadeBy is not null && EndedBy is null && EndIsKnown;

    /// <summary>The handles of a recording in the order in which they appear.</summary>
    /// <param name="recording">The recording.</param>
    /// <param name="apis">The APIs of this build; where handles of other APIs begin and end, the recording's header says.</param>
    public static IReadOnlyList<RecordedHandle> Of(CallRecording recording, IEnumerable<NativeApiInfo> apis)
    {
        ArgumentNullException.ThrowIfNull(recording);
        ArgumentNullException.ThrowIfNull(apis);
        HandleLedger ledger = new(recording, apis);
        foreach (RecordedCall call in recording.Calls.OrderBy(static call => call.Seq))
        {
            ledger.Add(call);
        }

        return ledger.Handles;
    }
}
