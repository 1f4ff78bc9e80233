using AotLayers.Interop;

namespace AotLayers.Cli.Output;

/// <summary>JSON form of what <c>recording check</c> found.</summary>
/// <param name="File">The recording.</param>
/// <param name="Origin"><c>live</c> or <c>simulated</c>.</param>
/// <param name="Data">How much of the buffers was kept.</param>
/// <param name="Complete">Whether the recorder ended properly.</param>
/// <param name="Calls">Finished calls.</param>
/// <param name="InFlight">Calls that had not come back.</param>
/// <param name="Threads">Threads that made calls.</param>
/// <param name="Functions">Finished calls by function.</param>
/// <param name="Findings">What is wrong.</param>
internal sealed record RecordingCheckResult(
    string File,
    string Origin,
    string Data,
    bool Complete,
    int Calls,
    int InFlight,
    int Threads,
    IReadOnlyDictionary<string, int> Functions,
    IReadOnlyList<RecordingCheckResult.Finding> Findings)
{
    /// <summary>Makes the JSON form.</summary>
    public static RecordingCheckResult From(Recording recording, IReadOnlyList<RecordingFinding> findings) => new(
        recording.Source,
        recording.Origin.Kind,
        RecordingText.Name(recording.Data),
        recording.Complete,
        recording.Calls.Count,
        recording.InFlight.Count,
        recording.Calls.Select(call => call.Thread).Distinct().Count(),
        recording.Calls.GroupBy(call => call.Function, StringComparer.Ordinal).OrderBy(group => group.Key, StringComparer.Ordinal).ToDictionary(group => group.Key, group => group.Count(), StringComparer.Ordinal),
        [.. findings.Select(finding => new Finding(Name(finding.Kind), finding.Message, finding.Seq, finding.Line))]);

    private static string Name(RecordingFindingKind kind)
    {
        string name = kind.ToString();
        return char.ToLowerInvariant(name[0]) + name[1..];
    }

    /// <summary>One finding.</summary>
    /// <param name="Kind">One word for programs, for example <c>handleLeaked</c>.</param>
    /// <param name="Message">A sentence for people.</param>
    /// <param name="Seq">Number of the call, or null.</param>
    /// <param name="Line">Line of the file, or null.</param>
    internal sealed record Finding(string Kind, string Message, long? Seq, long? Line);
}
