namespace AotLayers.Interop;

/// <summary>How two runs differ in one place.</summary>
public enum RecordingDifferenceKind
{
    /// <summary>Only the first run has it.</summary>
    Removed,

    /// <summary>Only the second run has it.</summary>
    Added,

    /// <summary>Both have it, with another value.</summary>
    Changed,

    /// <summary>Both have it, in another order.</summary>
    Moved,
}

/// <summary>One difference of two runs.</summary>
public sealed class RecordingDifference
{
    /// <summary>How they differ.</summary>
    public required RecordingDifferenceKind Kind { get; init; }

    /// <summary>The handle that the calls work on, by its symbol in the run that has it; null when they work on none.</summary>
    public string? Handle { get; init; }

    /// <summary>The entry that the calls are about; null when about none.</summary>
    public string? Entry { get; init; }

    /// <summary>The function, or what else differs: <c>export NAME</c>.</summary>
    public required string What { get; init; }

    /// <summary>The call of the first run; null when it has none.</summary>
    public RecordedCall? First { get; init; }

    /// <summary>The call of the second run; null when it has none.</summary>
    public RecordedCall? Second { get; init; }

    /// <summary>How many calls it is about: an entry that only one run has is one difference, with all its calls.</summary>
    public int Calls { get; init; } = 1;

    /// <summary>Path of the value that differs, such as <c>out.info.size</c>; null when whole calls do.</summary>
    public string? Path { get; init; }

    /// <summary>The first run's value as JSON, shortened; null when it has none.</summary>
    public string? FirstValue { get; init; }

    /// <summary>The second run's value as JSON, shortened; null when it has none.</summary>
    public string? SecondValue { get; init; }
}
