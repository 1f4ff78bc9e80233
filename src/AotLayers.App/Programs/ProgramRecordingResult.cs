namespace AotLayers.App;

/// <summary>What came of recording a program.</summary>
public sealed class ProgramRecordingResult
{
    /// <summary>What the program ended with. On Linux 128 and the signal's number when a signal ended it.</summary>
    public required int ExitStatus { get; init; }

    /// <summary>Why the recorder could not be put into the program, which ran all the same; null when it was.</summary>
    public string? Failure { get; init; }

    /// <summary>The processes that were recorded, in the order in which they first asked for a function; at least one.</summary>
    public required IReadOnlyList<RecordedProcess> Processes { get; init; }

    /// <summary>Other processes that asked for functions, and were not recorded.</summary>
    public int OtherProcesses { get; init; }
}

/// <summary>The recording of one process.</summary>
public sealed class RecordedProcess
{
    /// <summary>The file.</summary>
    public required string Path { get; init; }

    /// <summary>The process, or 0 when none asked for a function.</summary>
    public int ProcessId { get; init; }

    /// <summary>Its calls.</summary>
    public long Calls { get; init; }

    /// <summary>Calls that had not come back when it ended.</summary>
    public int InFlight { get; init; }

    /// <summary>The recording has all that the process did, and says so.</summary>
    public bool Complete { get; init; }

    /// <summary>By function, calls that were passed on and could not be written down.</summary>
    public required IReadOnlyDictionary<string, long> Unrecorded { get; init; }

    /// <summary>Why the recording stopped before the process did; null when it did not.</summary>
    public Exception? Failure { get; init; }
}
