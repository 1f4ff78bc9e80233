using AotLayers.Interop;

namespace AotLayers.App;

/// <summary>Which program's calls are answered, and from what.</summary>
public sealed class ProgramReplayOptions
{
    /// <summary>The recording that answers.</summary>
    public required string Recording { get; init; }

    /// <summary>The program: a path, or a name that the PATH finds.</summary>
    public required string Program { get; init; }

    /// <summary>Its arguments.</summary>
    public IReadOnlyList<string> Arguments { get; init; } = [];

    /// <summary>Which order of calls is accepted.</summary>
    public ReplayOrder Order { get; init; } = ReplayOrder.Strict;

    /// <summary>The library that is put inside the program; null for the one beside this program.</summary>
    public string? Recorder { get; init; }
}

/// <summary>What came of answering a program's calls.</summary>
public sealed class ProgramReplayResult
{
    /// <summary>What the program ended with.</summary>
    public required int ExitStatus { get; init; }

    /// <summary>Calls that it made.</summary>
    public required long Calls { get; init; }

    /// <summary>Where the program left the recording first, as the library inside of it saw it; null when it did not.</summary>
    public string? Departure { get; init; }

    /// <summary>The functions that it called less often than the recorded program, a line each.</summary>
    public required IReadOnlyList<string> NeverMade { get; init; }

    /// <summary>Why its calls were not watched to its end; null when they were.</summary>
    public Exception? Failure { get; init; }
}
