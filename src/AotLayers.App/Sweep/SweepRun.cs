using AotLayers.Interop;

namespace AotLayers.App;

/// <summary>What became of a command in which one call failed.</summary>
public enum SweepOutcome
{
    /// <summary>It ended with another status than 0.</summary>
    Failed,

    /// <summary>It ended with status 0 nevertheless.</summary>
    Survived,

    /// <summary>A signal or an exception ended it.</summary>
    Crashed,

    /// <summary>It did not end in time, and was ended.</summary>
    Hung,

    /// <summary>It never came to the call.</summary>
    NotReached,
}

/// <summary>One run of a command with one call failing.</summary>
public sealed class SweepRun
{
    /// <summary>The fault, as <c>--fault</c> takes it; empty for the run without one.</summary>
    public required string Fault { get; init; }

    /// <summary>Number of the call in the recording; 0 for the run without a fault.</summary>
    public required long Seq { get; init; }

    /// <summary>What became of it.</summary>
    public SweepOutcome Outcome { get; internal set; }

    /// <summary>Exit status; 128 and the signal's number when a signal ended it.</summary>
    public int ExitStatus { get; internal set; }

    /// <summary>How long it took, in milliseconds.</summary>
    public long Milliseconds { get; internal set; }

    /// <summary>The handles that it made and did not end, by symbol.</summary>
    public IReadOnlyList<string> Leaks { get; internal set; } = [];

    /// <summary>The files that it left in its folders.</summary>
    public IReadOnlyList<string> Leftovers { get; internal set; } = [];

    /// <summary>The last line that it wrote to standard error; null when none.</summary>
    public string? Message { get; internal set; }

    /// <summary>The calls that it made, as far as it told; null when it told none.</summary>
    internal CallRecording? Calls { get; set; }

    /// <summary>A fault may fail a command, but not crash it, hang it, or make it leave handles or files behind.</summary>
    public bool IsBroken => Outcome is SweepOutcome.Crashed or SweepOutcome.Hung || Leaks.Count > 0 || Leftovers.Count > 0;
}
