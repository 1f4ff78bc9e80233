using System.Globalization;

namespace AotLayers.Interop;

/// <summary>
/// Compares two runs, aligned by handle and entry: a call more in one of them is one difference, whatever follows, and handles are matched
/// by how they came about. How much a stream read asks for is no difference; what all reads together give is one. For a comparison in the
/// order of calls, as a replay makes it, see <see cref="RecordingComparison"/>.
/// </summary>
public sealed class RecordingDiff
{
    private const int MaxKept = 1000;
    private const int MaxPerCall = 10;
    private const int MaxTable = 4_000_000;

    private readonly Dictionary<string, string> _handles = new(StringComparer.Ordinal);
    private readonly List<RecordingDifference> _differences = [];
    private readonly long[] _counts = new long[4];

    private RecordingDiff()
    {
    }

    /// <summary>The differences: at most 1000 of them.</summary>
    public IReadOnlyList<RecordingDifference> Differences => _differences;

    /// <summary>Number of all differences.</summary>
    public long Count => _counts[0] + _counts[1] + _counts[2] + _counts[3];

    /// <summary>Number of calls that both runs have alike, counted in the first one.</summary>
    public long Same { get; private set; }

    /// <summary>Number of differences of a kind.</summary>
    public long CountOf(RecordingDifferenceKind kind) => _counts[(int)kind];

    /// <summary>Compares.</summary>
    /// <param name="first">The first run.</param>
    /// <param name="second">The second run.</param>
    public static RecordingDiff Compare(CallRecording first, CallRecording second)
    {
        ArgumentNullException.ThrowIfNull(first);
        ArgumentNullException.ThrowIfNull(second);
        RecordingDiff diff = new();
        diff.CompareHeaders(first, second);
        List<RecordedLane> a = RecordedLane.Of(first);
        List<RecordedLane> b = RecordedLane.Of(second);
        RecordedLane?[] matches = Match(a, b);
        for (int i = 0; i < a.Count; i++)
        {
            if (a[i].Handle is { } mine && matches[i]?.Handle is { } other)
            {
                diff._handles[other] = mine;
            }
        }

        for (int i = 0; i < a.Count; i++)
        {
            diff.CompareLanes(a[i], matches[i]);
        }

        HashSet<RecordedLane?> matched = [.. matches];
        foreach (RecordedLane lane in b)
        {
            if (!matched.Contains(lane))
            {
                foreach (RecordedLane.Section section in lane.Sections)
                {
                    diff.Add(RecordingDifferenceKind.Added, lane, section);
                }
            }
        }

        return diff;
    }

    // Handles that came about alike, and of the rest those that the same functions made in the same order.
    private static RecordedLane?[] Match(List<RecordedLane> a, List<RecordedLane> b)
    {
        var matches = new RecordedLane?[a.Count];
        HashSet<RecordedLane> taken = [];
        foreach (bool loose in (ReadOnlySpan<bool>)[false, true])
        {
            Dictionary<string, RecordedLane> byKey = new(StringComparer.Ordinal);
            foreach (RecordedLane lane in b)
            {
                if (!taken.Contains(lane))
                {
                    byKey.TryAdd(loose ? lane.LooseKey : lane.Key, lane);
                }
            }

            for (int i = 0; i < a.Count; i++)
            {
                if (matches[i] is null && byKey.Remove(loose ? a[i].LooseKey : a[i].Key, out RecordedLane? lane))
                {
                    matches[i] = lane;
                    taken.Add(lane);
                }
            }
        }

        return matches;
    }

    private void CompareHeaders(CallRecording first, CallRecording second)
    {
        foreach ((string name, RecordedApi api) in first.Apis)
        {
            if (second.GetApi(name) is not { } other)
            {
                continue;
            }

            foreach (string export in api.Absent.Union(other.Absent, StringComparer.Ordinal))
            {
                bool here = !api.Absent.Contains(export);
                if (here != !other.Absent.Contains(export))
                {
                    Add(new RecordingDifference
                    {
                        Kind = here ? RecordingDifferenceKind.Removed : RecordingDifferenceKind.Added,
                        What = $"export {name}!{export}",
                        Calls = 0,
                    });
                }
            }
        }
    }

    private void CompareLanes(RecordedLane a, RecordedLane? b)
    {
        if (b is null)
        {
            foreach (RecordedLane.Section section in a.Sections)
            {
                Add(RecordingDifferenceKind.Removed, a, section);
            }

            return;
        }

        Dictionary<string, Queue<int>> byKey = new(StringComparer.Ordinal);
        for (int i = 0; i < b.Sections.Count; i++)
        {
            if (!byKey.TryGetValue(b.Sections[i].Key, out Queue<int>? queue))
            {
                queue = new Queue<int>();
                byKey.Add(b.Sections[i].Key, queue);
            }

            queue.Enqueue(i);
        }

        int[] matches = new int[a.Sections.Count];
        bool[] taken = new bool[b.Sections.Count];
        for (int i = 0; i < matches.Length; i++)
        {
            matches[i] = byKey.TryGetValue(a.Sections[i].Key, out Queue<int>? queue) && queue.TryDequeue(out int at) ? at : -1;
            if (matches[i] >= 0)
            {
                taken[matches[i]] = true;
            }
        }

        PairRenamed(a, b, matches, taken);
        CompareSections(a, b, matches, taken);
    }

    // Between the same neighbours, sections that begin with the same function are one whose text has changed.
    private static void PairRenamed(RecordedLane a, RecordedLane b, int[] matches, bool[] taken)
    {
        int next = 0;
        for (int i = 0; i < matches.Length; i++)
        {
            if (matches[i] < 0 && next < taken.Length && !taken[next]
                && a.Sections[i].Items[0].First.Function == b.Sections[next].Items[0].First.Function)
            {
                matches[i] = next;
                taken[next] = true;
            }

            next = matches[i] >= 0 ? matches[i] + 1 : next;
        }
    }

    private void CompareSections(RecordedLane a, RecordedLane b, int[] matches, bool[] taken)
    {
        int last = -1;
        bool moved = false;
        for (int i = 0; i < matches.Length; i++)
        {
            RecordedLane.Section section = a.Sections[i];
            if (matches[i] < 0)
            {
                Add(RecordingDifferenceKind.Removed, a, section);
                continue;
            }

            RecordedLane.Section other = b.Sections[matches[i]];
            if (matches[i] < last && !moved)
            {
                // One entry too early puts all behind it out of order: that is told once.
                moved = true;
                Add(new RecordingDifference
                {
                    Kind = RecordingDifferenceKind.Moved,
                    Handle = a.Handle,
                    Entry = section.Entry,
                    What = Name(section.Items[0].First),
                    First = section.Items[0].First,
                    Second = other.Items[0].First,
                });
            }

            last = Math.Max(last, matches[i]);
            CompareItems(a, section, other);
        }

        for (int i = 0; i < taken.Length; i++)
        {
            if (!taken[i])
            {
                Add(RecordingDifferenceKind.Added, b, b.Sections[i]);
            }
        }
    }

    private void CompareItems(RecordedLane lane, RecordedLane.Section a, RecordedLane.Section b)
    {
        int start = 0;
        int endA = a.Items.Count;
        int endB = b.Items.Count;
        for (; start < endA && start < endB && AreAlike(a.Items[start], b.Items[start]); start++)
        {
            Compare(lane, a, a.Items[start], b.Items[start]);
        }

        for (; endA > start && endB > start && AreAlike(a.Items[endA - 1], b.Items[endB - 1]); endA--, endB--)
        {
            Compare(lane, a, a.Items[endA - 1], b.Items[endB - 1]);
        }

        Align(lane, a, b, start, endA, endB);
    }

    // The longest common subsequence of functions; side by side where that would take too long.
    private void Align(RecordedLane lane, RecordedLane.Section a, RecordedLane.Section b, int start, int endA, int endB)
    {
        int rows = endA - start;
        int columns = endB - start;
        if (rows == 0 || columns == 0 || (long)rows * columns > MaxTable)
        {
            Only(RecordingDifferenceKind.Removed, lane, a, start, endA);
            Only(RecordingDifferenceKind.Added, lane, b, start, endB);
            return;
        }

        int[] lengths = new int[(rows + 1) * (columns + 1)];
        for (int i = rows - 1; i >= 0; i--)
        {
            for (int j = columns - 1; j >= 0; j--)
            {
                lengths[(i * (columns + 1)) + j] = AreAlike(a.Items[start + i], b.Items[start + j])
                    ? lengths[((i + 1) * (columns + 1)) + j + 1] + 1
                    : Math.Max(lengths[((i + 1) * (columns + 1)) + j], lengths[(i * (columns + 1)) + j + 1]);
            }
        }

        int x = 0;
        int y = 0;
        while (x < rows && y < columns)
        {
            if (AreAlike(a.Items[start + x], b.Items[start + y]))
            {
                Compare(lane, a, a.Items[start + x++], b.Items[start + y++]);
            }
            else if (lengths[((x + 1) * (columns + 1)) + y] >= lengths[(x * (columns + 1)) + y + 1])
            {
                Only(RecordingDifferenceKind.Removed, lane, a, start + x, start + ++x);
            }
            else
            {
                Only(RecordingDifferenceKind.Added, lane, b, start + y, start + ++y);
            }
        }

        Only(RecordingDifferenceKind.Removed, lane, a, start + x, endA);
        Only(RecordingDifferenceKind.Added, lane, b, start + y, endB);
    }

    private static bool AreAlike(RunOfCalls a, RunOfCalls b) => a.First.Function == b.First.Function && a.First.Api == b.First.Api;

    private static string Name(RecordedCall call) => $"{call.Api}!{call.Function}";

    private void Compare(RecordedLane lane, RecordedLane.Section section, RunOfCalls a, RunOfCalls b)
    {
        long before = Count;
        if (a.IsStream && b.IsStream)
        {
            CompareStreams(lane, section, a, b);
        }
        else
        {
            ValueDifferences values = new(_handles, MaxPerCall);
            values.Compare(a.First.In, b.First.In, "in");
            values.Compare(a.First.Out, b.First.Out, "out");
            values.Compare(a.First.Ret, b.First.Ret, "ret");
            values.CompareMember(a.First.Json, b.First.Json, "lastError");
            foreach (ValueDifference value in values.Found)
            {
                Changed(lane, section, a, b, value.Path, value.Expected, value.Actual);
            }
        }

        Same += Count == before ? a.Calls.Count : 0;
    }

    private void CompareStreams(RecordedLane lane, RecordedLane.Section section, RunOfCalls a, RunOfCalls b)
    {
        if (a.Bytes != b.Bytes)
        {
            Changed(
                lane,
                section,
                a,
                b,
                "bytes of all reads",
                a.Bytes.ToString(CultureInfo.InvariantCulture),
                b.Bytes.ToString(CultureInfo.InvariantCulture));
            return;
        }

        // The same cuts are compared by their digests, without the contents.
        ValueDifferences values = new(_handles, 1);
        for (int i = 0; i < a.Calls.Count && a.Calls.Count == b.Calls.Count; i++)
        {
            values.Compare(a.Calls[i].Out, b.Calls[i].Out, "out");
        }

        if ((values.Found.Count > 0 || a.Calls.Count != b.Calls.Count)
            && a.Digest() is { } mine && b.Digest() is { } other && mine != other)
        {
            Changed(lane, section, a, b, "sha256 of all reads", mine, other);
        }
        else if (values.Found.Count > 0 && a.Digest() is null)
        {
            ValueDifference value = values.Found[0];
            Changed(lane, section, a, b, value.Path, value.Expected, value.Actual);
        }
    }

    private void Changed(
        RecordedLane lane,
        RecordedLane.Section section,
        RunOfCalls a,
        RunOfCalls b,
        string path,
        string? first,
        string? second) =>
        Add(new RecordingDifference
        {
            Kind = RecordingDifferenceKind.Changed,
            Handle = lane.Handle,
            Entry = section.Entry,
            What = Name(a.First),
            First = a.First,
            Second = b.First,
            Calls = a.Calls.Count,
            Path = path,
            FirstValue = first,
            SecondValue = second,
        });

    private void Only(RecordingDifferenceKind kind, RecordedLane lane, RecordedLane.Section section, int start, int end)
    {
        for (int i = start; i < end; i++)
        {
            Add(kind, lane, section.Entry, section.Items[i].First, section.Items[i].Calls.Count);
        }
    }

    private void Add(RecordingDifferenceKind kind, RecordedLane lane, RecordedLane.Section section) =>
        Add(kind, lane, section.Entry, section.Items[0].First, section.Calls);

    private void Add(RecordingDifferenceKind kind, RecordedLane lane, string? entry, RecordedCall call, int calls) =>
        Add(new RecordingDifference
        {
            Kind = kind,
            Handle = lane.Handle,
            Entry = entry,
            What = Name(call),
            First = kind == RecordingDifferenceKind.Removed ? call : null,
            Second = kind == RecordingDifferenceKind.Added ? call : null,
            Calls = calls,
        });

    private void Add(RecordingDifference difference)
    {
        _counts[(int)difference.Kind]++;
        if (_differences.Count < MaxKept)
        {
            _differences.Add(difference);
        }
    }
}
