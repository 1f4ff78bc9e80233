namespace AotLayers.Interop;

/// <summary>What is wrong with a recording that could be loaded.</summary>
public enum RecordingFindingKind
{
    /// <summary>The recorder did not end properly.</summary>
    Incomplete,

    /// <summary>A call had not come back when the recording ended.</summary>
    InFlight,

    /// <summary>The declarations of an API have changed since: the recording cannot be replayed.</summary>
    ApiChanged,

    /// <summary>A buffer's content is not in the recording, although its policy is to keep all.</summary>
    DataMissing,

    /// <summary>A call used a handle that no recorded call made.</summary>
    HandleUnknown,

    /// <summary>A call used a handle after its end, or ended it twice.</summary>
    HandleUsedAfterEnd,

    /// <summary>A handle was never ended.</summary>
    HandleLeaked,

    /// <summary>A handle was never ended as far as the recording tells: it does not say which function would have ended it.</summary>
    HandleLifeUnknown,

    /// <summary>The file does not follow the schema of recordings.</summary>
    Schema,
}
