using System.Text.Json;
using AotLayers.App;
using AotLayers.Interop;

namespace AotLayers.Cli.Output;

/// <summary>The numbers of a recording for programs.</summary>
internal static class RecordingSummaryJson
{
    /// <summary>Writes the members.</summary>
    public static void Write(Utf8JsonWriter json, RecordingSummary summary)
    {
        json.WriteStartObject("summary");
        WriteTotals(json, summary.Total);
        json.WriteNumber("callbacks", summary.Callbacks);
        json.WriteNumber("threads", summary.Threads);
        json.WriteNumber("contents", summary.Contents);
        json.WriteNumber("contentBytes", summary.ContentBytes);
        WriteAll(json, "functions", "fn", summary.Functions);
        WriteAll(json, "entries", "entry", summary.Entries);
        json.WriteStartArray("failures");
        foreach (FailureTotals failure in summary.Failures)
        {
            json.WriteStartObject();
            json.WriteString("fn", failure.Function);
            json.WriteString("ret", failure.Returned);
            json.WriteNumber("calls", failure.Calls);
            json.WriteNumber("seq", failure.FirstSeq);
            json.WriteNumber("line", failure.Line);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteStartArray("handles");
        foreach (RecordedHandle handle in summary.Handles)
        {
            json.WriteStartObject();
            json.WriteString("handle", handle.Symbol);
            json.WriteNumberOrNull("madeBy", handle.MadeBy?.Seq);
            json.WriteNumberOrNull("endedBy", handle.EndedBy?.Seq);
            json.WriteNumber("uses", handle.Uses);
            json.WriteBoolean("leaked", handle.IsLeaked);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WriteAll(Utf8JsonWriter json, string name, string key, IReadOnlyList<CallTotals> all)
    {
        json.WriteStartArray(name);
        foreach (CallTotals totals in all)
        {
            json.WriteStartObject();
            json.WriteString(key, totals.Name);
            WriteTotals(json, totals);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WriteTotals(Utf8JsonWriter json, CallTotals totals)
    {
        json.WriteNumber("calls", totals.Calls);
        json.WriteNumber("failed", totals.Failed);
        json.WriteNumber("bytesIn", totals.BytesIn);
        json.WriteNumber("bytesOut", totals.BytesOut);
        json.WriteNumberOrNull("us", totals.Microseconds);
    }
}
