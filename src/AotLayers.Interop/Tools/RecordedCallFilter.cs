namespace AotLayers.Interop;

/// <summary>Which calls of a recording: those that fit everything that is said. Within one property, any of its values fits.</summary>
public sealed class RecordedCallFilter
{
    /// <summary>The first number (<see cref="RecordedCall.Seq"/>).</summary>
    public long FirstSeq { get; init; }

    /// <summary>The last number.</summary>
    public long LastSeq { get; init; } = long.MaxValue;

    /// <summary>Functions, by name or as <c>api!name</c>; <c>*</c> and <c>?</c> stand for any characters and for one.</summary>
    public IReadOnlyList<string> Functions { get; init; } = [];

    /// <summary>Handles that go in or come out, by symbol: <c>context#1</c>.</summary>
    public IReadOnlyList<string> Handles { get; init; } = [];

    /// <summary>Ordinals of threads.</summary>
    public IReadOnlyList<int> Threads { get; init; } = [];

    /// <summary>
    /// Entries: the text that a call names, or that was named last on its handle. In any case of letters, whichever way slashes lean, with
    /// or without one before; <c>*</c> and <c>?</c> stand for any characters and for one.
    /// </summary>
    public IReadOnlyList<string> Entries { get; init; } = [];

    /// <summary>Only calls that did not succeed by their function's rule.</summary>
    public bool FailedOnly { get; init; }

    /// <summary>Whether nothing is said: every call fits.</summary>
    public bool IsEmpty => FirstSeq <= 1 && LastSeq == long.MaxValue && Functions.Count == 0 && Handles.Count == 0 && Threads.Count == 0
        && Entries.Count == 0 && !FailedOnly;

    /// <summary>The calls and callbacks that fit, by number.</summary>
    public IReadOnlyList<RecordedCall> Select(CallRecording recording)
    {
        ArgumentNullException.ThrowIfNull(recording);
        string[] entries = [.. Entries.Select(Normalize)];
        CallEntries current = new();
        List<RecordedCall> chosen = [];
        foreach (RecordedCall call in recording.Calls.Concat(recording.Callbacks).OrderBy(static call => call.Seq))
        {
            string? entry = current.Next(call);
            if (call.Seq >= FirstSeq && call.Seq <= LastSeq
                && (Threads.Count == 0 || Threads.Contains(call.Thread))
                && (!FailedOnly || !(call.IsCallback || call.Succeeded))
                && (Functions.Count == 0 || HasFunction(call))
                && (Handles.Count == 0 || Handles.Any(h => current.Handles.Contains(h) || current.Results.Contains(h)))
                && (entries.Length == 0 || (entry is not null && HasEntry(entries, entry))))
            {
                chosen.Add(call);
            }
        }

        return chosen;
    }

    private static string Normalize(string entry) => entry.Replace('/', '\\').TrimStart('\\');

    private static bool HasEntry(string[] entries, string entry)
    {
        string normal = Normalize(entry);
        return entries.Any(pattern => Wildcard.Matches(pattern, normal));
    }

    private bool HasFunction(RecordedCall call)
    {
        foreach (string name in Functions)
        {
            int bang = name.IndexOf('!', StringComparison.Ordinal);
            if (Wildcard.Matches(name.AsSpan(bang + 1), call.Function) && (bang < 0 || Wildcard.Matches(name.AsSpan(0, bang), call.Api)))
            {
                return true;
            }
        }

        return false;
    }
}
