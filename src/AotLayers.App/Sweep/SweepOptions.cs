using AotLayers.Interop;

namespace AotLayers.App;

/// <summary>What is swept, and how.</summary>
public sealed class SweepOptions
{
    /// <summary>The program and its arguments; <c>{dir}</c> in one stands for a new folder for each run.</summary>
    public required IReadOnlyList<string> Command { get; init; }

    /// <summary>The calls to fail one by one; null for those that the command makes without a fault.</summary>
    public CallRecording? Recording { get; init; }

    /// <summary>Which of them.</summary>
    public RecordedCallFilter Filter { get; init; } = new();

    /// <summary>The code that they fail with, as <c>--fault</c> takes it.</summary>
    public string Code { get; init; } = "0x80004005";

    /// <summary>How many runs at once.</summary>
    public int Jobs { get; init; } = 1;

    /// <summary>How long a run may take.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Folders beside those of the runs that are looked at for what was left; there can be one job only.</summary>
    public IReadOnlyList<string> Watched { get; init; } = [];
}
