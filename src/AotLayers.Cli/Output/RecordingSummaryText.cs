using System.Globalization;
using AotLayers.Interop;

namespace AotLayers.Cli.Output;

/// <summary>The numbers of a recording for people.</summary>
internal static class RecordingSummaryText
{
    private const int MaxEntries = 20;

    /// <summary>Writes them.</summary>
    public static void Write(TextWriter writer, RecordingSummary summary)
    {
        CallTotals total = summary.Total;
        writer.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{total.Calls} calls ({total.Failed} failed), {summary.Callbacks} callbacks, {summary.Threads} threads; "
                + $"{total.BytesIn} bytes in, {total.BytesOut} bytes out, {summary.Contents} contents of {summary.ContentBytes} bytes")
            + Duration(total));
        WriteTable(writer, "function", summary.Functions, summary.Functions.Count);
        WriteTable(writer, "entry", summary.Entries, Math.Min(summary.Entries.Count, MaxEntries));
        if (summary.Failures.Count > 0)
        {
            writer.WriteLine("");
            writer.WriteLine("   calls  failure");
            foreach (FailureTotals failure in summary.Failures)
            {
                writer.WriteLine(string.Create(
                    CultureInfo.InvariantCulture,
                    $"{failure.Calls,8}  {failure.Function} = {failure.Returned}, first at seq {failure.FirstSeq}, line {failure.Line}"));
            }
        }

        WriteHandles(writer, summary.Handles);
    }

    private static void WriteTable(TextWriter writer, string what, IReadOnlyList<CallTotals> all, int count)
    {
        if (count == 0)
        {
            return;
        }

        writer.WriteLine("");
        writer.WriteLine("   calls   failed      bytes in     bytes out  " + what);
        for (int i = 0; i < count; i++)
        {
            CallTotals totals = all[i];
            writer.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{totals.Calls,8} {totals.Failed,8} {totals.BytesIn,13} {totals.BytesOut,13}  {totals.Name}") + Duration(totals));
        }

        if (count < all.Count)
        {
            writer.WriteLine(string.Create(CultureInfo.InvariantCulture, $"     and {all.Count - count} more; --json has all"));
        }
    }

    private static void WriteHandles(TextWriter writer, IReadOnlyList<RecordedHandle> handles)
    {
        if (handles.Count == 0)
        {
            return;
        }

        writer.WriteLine("");
        writer.WriteLine("    made    ended   leaked  handles");
        foreach (IGrouping<string, RecordedHandle> kind in handles.GroupBy(static handle => handle.Kind, StringComparer.Ordinal))
        {
            writer.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{kind.Count(),8} {kind.Count(static h => h.EndedBy is not null),8} {kind.Count(static h => h.IsLeaked),8}  {kind.Key}"));
        }

        foreach (RecordedHandle handle in handles)
        {
            if (handle.EndedBy is null)
            {
                writer.WriteLine($"{handle.Symbol}, made by {handle.MadeBy}, "
                    + (handle.IsLeaked ? "was never ended" : "has no end that the recording knows of"));
            }
        }
    }

    private static string Duration(CallTotals totals) =>
        totals.Microseconds is { } us ? string.Create(CultureInfo.InvariantCulture, $" [{us} us]") : "";
}
