using System.Globalization;
using System.Text.Json;
using AotLayers.App;
using AotLayers.Interop;

namespace AotLayers.Cli.Output;

/// <summary>The differences of two runs, for people and for programs.</summary>
internal static class RecordingDiffOutput
{
    /// <summary>Writes a heading for each handle and entry, and a line for each difference of them.</summary>
    public static void Write(TextWriter writer, string first, string second, RecordingDiff diff)
    {
        string? place = null;
        foreach (RecordingDifference difference in diff.Differences)
        {
            string where = Place(difference);
            if (where != place)
            {
                writer.WriteLine(where);
                place = where;
            }

            writer.WriteLine(Line(difference));
        }

        if (diff.Count > diff.Differences.Count)
        {
            writer.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"and {diff.Count - diff.Differences.Count} more differences"));
        }

        writer.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{first} and {second}: {diff.Same} calls alike, {diff.Count} differences: "
                + $"{diff.CountOf(RecordingDifferenceKind.Changed)} changed, "
                + $"{diff.CountOf(RecordingDifferenceKind.Removed)} only in the first, "
                + $"{diff.CountOf(RecordingDifferenceKind.Added)} only in the second, "
                + $"{diff.CountOf(RecordingDifferenceKind.Moved)} moved"));
    }

    /// <summary>Writes the members of the result.</summary>
    public static void Write(Utf8JsonWriter json, string first, string second, RecordingDiff diff)
    {
        json.WriteString("a", first);
        json.WriteString("b", second);
        json.WriteNumber("same", diff.Same);
        json.WriteNumber("different", diff.Count);
        for (RecordingDifferenceKind kind = RecordingDifferenceKind.Removed; kind <= RecordingDifferenceKind.Moved; kind++)
        {
            json.WriteNumber(NameOf(kind), diff.CountOf(kind));
        }

        json.WriteStartArray("differences");
        foreach (RecordingDifference difference in diff.Differences)
        {
            json.WriteStartObject();
            json.WriteString("kind", NameOf(difference.Kind));
            json.WriteString("what", difference.What);
            json.WriteString("handle", difference.Handle);
            json.WriteString("entry", difference.Entry);
            json.WriteNumber("calls", difference.Calls);
            json.WriteString("path", difference.Path);
            json.WriteString("valueA", difference.FirstValue);
            json.WriteString("valueB", difference.SecondValue);
            json.WriteNumberOrNull("seqA", difference.First?.Seq);
            json.WriteNumberOrNull("lineA", difference.First?.Line);
            json.WriteNumberOrNull("seqB", difference.Second?.Seq);
            json.WriteNumberOrNull("lineB", difference.Second?.Line);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static string NameOf(RecordingDifferenceKind kind) => kind switch
    {
        RecordingDifferenceKind.Removed => "removed",
        RecordingDifferenceKind.Added => "added",
        RecordingDifferenceKind.Moved => "moved",
        _ => "changed",
    };

    private static string Place(RecordingDifference difference)
    {
        string handle = difference.Handle ?? "without a handle";
        return difference.Calls == 0 ? "exports" : difference.Entry is null ? handle : $"{handle}, {difference.Entry}";
    }

    private static string Line(RecordingDifference difference)
    {
        RecordedCall? call = difference.First ?? difference.Second;
        string at = (difference.First, difference.Second) switch
        {
            ({ } a, { } b) => string.Create(CultureInfo.InvariantCulture, $" (seq {a.Seq} and {b.Seq})"),
            _ when call is not null => string.Create(CultureInfo.InvariantCulture, $" (seq {call.Seq})"),
            _ => "",
        };
        string more = difference is { Calls: > 1, Path: null }
            ? string.Create(CultureInfo.InvariantCulture, $" and {difference.Calls - 1} more")
            : "";
        return difference.Kind switch
        {
            RecordingDifferenceKind.Removed => $"  - {difference.What}{more}{at}",
            RecordingDifferenceKind.Added => $"  + {difference.What}{more}{at}",
            RecordingDifferenceKind.Moved => $"  > {difference.What}{at} comes in another order",
            _ => $"  ~ {difference.What} {difference.Path}: {difference.FirstValue ?? "nothing"} -> "
                + $"{difference.SecondValue ?? "nothing"}{at}",
        };
    }
}
