using System.Text.Json;
using AotLayers.App;
using AotLayers.Interop;

namespace AotLayers.Cli.Output;

/// <summary>JSON form of what <c>recording check</c> found.</summary>
internal static class RecordingCheckJson
{
    /// <summary>Prints it to standard output.</summary>
    /// <param name="recording">The recording.</param>
    /// <param name="findings">What is wrong with it.</param>
    /// <param name="others">The APIs of it that are none of this program: they were judged by what the file says of them.</param>
    public static void Print(CallRecording recording, IReadOnlyList<RecordingFinding> findings, string[] others)
    {
        using Stream output = Console.OpenStandardOutput();
        JsonText.WriteLine(output, json =>
        {
            json.WriteString("file", recording.Source);
            json.WriteString("origin", recording.Origin.Kind);
            json.WriteString("data", RecordingText.Name(recording.Data));
            json.WriteBoolean("complete", recording.Complete);
            json.WriteNumber("calls", recording.Calls.Count);
            json.WriteNumber("inFlight", recording.InFlight.Count);
            json.WriteNumber("threads", recording.Calls.Select(call => call.Thread).Distinct().Count());
            json.WriteStrings("judgedByTheFile", others);
            WriteFunctions(json, recording);
            WriteFindings(json, findings);
        });
    }

    private static void WriteFunctions(Utf8JsonWriter json, CallRecording recording)
    {
        json.WriteStartObject("functions");
        foreach (IGrouping<string, RecordedCall> function in recording.Calls.GroupBy(call => call.Function, StringComparer.Ordinal)
            .OrderBy(group => group.Key, StringComparer.Ordinal))
        {
            json.WriteNumber(function.Key, function.Count());
        }

        json.WriteEndObject();
    }

    private static void WriteFindings(Utf8JsonWriter json, IReadOnlyList<RecordingFinding> findings)
    {
        json.WriteStartArray("findings");
        foreach (RecordingFinding finding in findings)
        {
            string kind = finding.Kind.ToString();
            json.WriteStartObject();
            json.WriteString("kind", char.ToLowerInvariant(kind[0]) + kind[1..]);
            json.WriteString("message", finding.Message);
            json.WriteNumberOrNull("seq", finding.Seq);
            json.WriteNumberOrNull("line", finding.Line);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }
}
