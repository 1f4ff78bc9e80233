using AotLayers.Interop;

namespace AotLayers.App;

/// <summary>Which program is recorded, and how.</summary>
public sealed class ProgramRecordingOptions
{
    /// <summary>The program: a path, or a name that the PATH finds.</summary>
    public required string Program { get; init; }

    /// <summary>Its arguments.</summary>
    public IReadOnlyList<string> Arguments { get; init; } = [];

    /// <summary>The recording that is written. It is replaced at once, and loadable at every moment.</summary>
    public required string Output { get; init; }

    /// <summary>How much of the buffers is kept.</summary>
    public DataPolicy Data { get; init; } = DataPolicy.All;

    /// <summary>Whether each call's duration is kept.</summary>
    public bool Timing { get; init; }

    /// <summary>Names of the APIs that are recorded; none for all.</summary>
    public IReadOnlyList<string> Apis { get; init; } = [];

    /// <summary>
    /// Records the processes that the program starts as well, each into a file of its own: <c>run.json</c>, <c>run.2.json</c>, ...
    /// </summary>
    public bool Follow { get; init; }

    /// <summary>The library that is put inside the program; null for the one beside this program.</summary>
    public string? Recorder { get; init; }

    /// <summary>Bytes of calls that may wait for the disk, a power of two; 0 for the usual.</summary>
    public long Room { get; init; }
}
