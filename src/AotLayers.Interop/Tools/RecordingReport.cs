using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace AotLayers.Interop;

/// <summary>
/// A recording as one page for a browser: a timeline by thread, functions and calls by cost, entries by size, failures, the lives of
/// handles, findings, calls. The page needs nothing from anywhere, is readable without its script, and forbids everything else by its own
/// content security policy. Of large recordings it has a part, and says which.
/// </summary>
public sealed class RecordingReport
{
    private const int MaxFunctions = 100;
    private const int MaxCostly = 50;
    private const int MaxEntries = 100;
    private const int MaxFailures = 100;
    private const int MaxHandles = 200;
    private const int MaxFindings = 100;
    private const int MaxCalls = 2000;
    private const int MaxLine = 600;

    private readonly CallRecording _recording;
    private readonly RecordingSummary _summary;
    private readonly IReadOnlyList<RecordingFinding> _findings;
    private readonly RecordedCall[] _calls;
    private readonly TextWriter _page;
    private readonly bool _timed;

    private RecordingReport(CallRecording recording, NativeApiInfo[] apis, TextWriter page)
    {
        _recording = recording;
        _summary = RecordingSummary.Of(recording, apis);
        _findings = RecordingCheck.Run(recording, apis);
        _calls = [.. recording.Calls.Concat(recording.Callbacks).OrderBy(static call => call.Seq)];
        _page = page;
        _timed = _summary.Total.Microseconds is not null;
    }

    /// <summary>Writes the page, as UTF-8.</summary>
    /// <param name="recording">The recording.</param>
    /// <param name="apis">The APIs of this build, for findings and the life of handles.</param>
    /// <param name="destination">Where to; stays open.</param>
    public static void Write(CallRecording recording, IEnumerable<NativeApiInfo> apis, Stream destination)
    {
        ArgumentNullException.ThrowIfNull(recording);
        ArgumentNullException.ThrowIfNull(destination);
        using StreamWriter page = new(destination, new UTF8Encoding(false), leaveOpen: true) { NewLine = "\n" };
        new RecordingReport(recording, [.. apis], page).Write();
    }

    private static string Name(string path) => path[(path.AsSpan().LastIndexOfAny('/', '\\') + 1)..];

    private static string Hash(string content) => Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(content)));

    private static string Count(long value) => value.ToString("N0", CultureInfo.InvariantCulture);

    private static string Share(long value, long most) =>
        (value == 0 || most == 0 ? 0 : Math.Max(0.5, 100.0 * value / most)).ToString("0.##", CultureInfo.InvariantCulture);

    // Widths as attributes of SVG: styles in the page's text would need a weaker policy.
    private static string Bar(long value, long most) =>
        $"<svg class=\"bar\" viewBox=\"0 0 100 8\" preserveAspectRatio=\"none\" aria-hidden=\"true\"><rect width=\"{Share(value, most)}\" "
            + "height=\"8\"/></svg>";

    private long Cost(CallTotals totals) => _timed ? totals.Microseconds ?? 0 : totals.BytesIn + totals.BytesOut;

    private void Write()
    {
        string title = HtmlText.Escape(Name(_recording.Source));
        _page.WriteLine("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">");
        _page.WriteLine("<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; base-uri 'none'; form-action 'none'; "
            + $"style-src 'sha256-{Hash(ReportAssets.Style)}'; script-src 'sha256-{Hash(ReportAssets.Script)}'\">");
        _page.WriteLine("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">");
        _page.WriteLine($"<meta name=\"color-scheme\" content=\"light dark\">\n<title>{title}</title>");
        _page.WriteLine($"<style>{ReportAssets.Style}</style>\n</head>\n<body>");
        WriteHead(title);
        WriteFindings();
        new ReportTimeline(_calls, _summary, _page).Write();
        WriteFunctions();
        WriteCostly();
        WriteEntries();
        WriteFailures();
        WriteHandles();
        WriteCalls();
        _page.WriteLine($"<script>{ReportAssets.Script}</script>\n</body>\n</html>");
    }

    private void WriteHead(string title)
    {
        RecordingOrigin origin = _recording.Origin;
        string program = origin.Program is null ? "" : $", of {HtmlText.Escape(origin.Program)}";
        _page.WriteLine($"<header><h1>{title}</h1><p>{HtmlText.Escape(origin.Kind)}, {HtmlText.Escape(origin.Os)}, "
            + $"{HtmlText.Escape(origin.Arch)}, by {HtmlText.Escape(origin.Tool)}{program}"
            + $"{(_recording.Complete ? "" : ". <strong class=\"bad\">Incomplete: it was cut.</strong>")}</p>");
        foreach ((string name, RecordedApi api) in _recording.Apis)
        {
            string exports = api.Missing ? "library missing"
                : api.Absent.Count == 0 ? "all exports present"
                : "absent: " + string.Join(", ", api.Absent);
            _page.WriteLine($"<p class=\"api\">{HtmlText.Escape(name)}: {HtmlText.Escape(api.Library)}, {HtmlText.Escape(exports)}</p>");
        }

        CallTotals total = _summary.Total;
        int leaked = _summary.Handles.Count(static handle => handle.IsLeaked);
        _page.Write("</header>\n<ul class=\"tiles\">");
        Tile(Count(total.Calls), "calls", bad: false);
        Tile(Count(total.Failed), "failed", total.Failed > 0);
        Tile(Count(_summary.Callbacks), "callbacks", bad: false);
        Tile(Count(_summary.Threads), "threads", bad: false);
        Tile(Count(total.BytesIn), "bytes in", bad: false);
        Tile(Count(total.BytesOut), "bytes out", bad: false);
        Tile(Count(_summary.Handles.Count), "handles", bad: false);
        Tile(Count(leaked), "leaked", leaked > 0);
        if (total.Microseconds is { } us)
        {
            Tile(Count(us), "microseconds", bad: false);
        }

        _page.WriteLine("</ul>");
    }

    private void Tile(string number, string what, bool bad) =>
        _page.Write($"<li{(bad ? " class=\"bad\"" : "")}><b>{number}</b> {what}</li>");

    private void Begin(string id, string heading, int shown, int all, string more)
    {
        _page.WriteLine($"<section id=\"{id}\"><h2>{heading}</h2>");
        if (shown < all)
        {
            _page.WriteLine($"<p class=\"cut\">The first {Count(shown)} of {Count(all)}; {more} has all.</p>");
        }
    }

    private void WriteFindings()
    {
        int all = _findings.Count + _recording.InFlight.Count;
        if (all == 0)
        {
            return;
        }

        Begin("findings", "Findings", Math.Min(_findings.Count, MaxFindings), _findings.Count, "<code>recording check</code>");
        _page.WriteLine("<ul class=\"list\">");
        foreach (RecordingFinding finding in _findings.Take(MaxFindings))
        {
            string line = finding.Line is { } at ? $" <span class=\"dim\">line {Count(at)}</span>" : "";
            _page.WriteLine($"<li class=\"bad\">{HtmlText.Escape(finding.Message)}{line}</li>");
        }

        _page.WriteLine("</ul></section>");
    }

    private void WriteFunctions()
    {
        CallTotals[] functions = [.. _summary.Functions.OrderByDescending(Cost).ThenByDescending(static function => function.Calls)];
        if (functions.Length == 0)
        {
            return;
        }

        Begin(
            "functions",
            _timed ? "Functions by time" : "Functions by bytes",
            Math.Min(functions.Length, MaxFunctions),
            functions.Length,
            "<code>recording show --summary</code>");
        WriteTotals("function", functions.Take(MaxFunctions), Cost(functions[0]));
        _page.WriteLine("</section>");
    }

    private void WriteEntries()
    {
        IReadOnlyList<CallTotals> entries = _summary.Entries;
        if (entries.Count == 0)
        {
            return;
        }

        Begin(
            "entries",
            "Entries by size",
            Math.Min(entries.Count, MaxEntries),
            entries.Count,
            "<code>recording show --summary --json</code>");
        WriteTotals("entry", entries.Take(MaxEntries), entries[0].BytesIn + entries[0].BytesOut, bySize: true);
        _page.WriteLine("</section>");
    }

    private void WriteTotals(string what, IEnumerable<CallTotals> all, long most, bool bySize = false)
    {
        _page.WriteLine($"<div class=\"wide\"><table><thead><tr><th class=\"name\">{what}</th><th></th><th>calls</th><th>failed</th>"
            + $"<th>bytes in</th><th>bytes out</th>{(_timed ? "<th>µs</th>" : "")}</tr></thead><tbody>");
        foreach (CallTotals totals in all)
        {
            long value = bySize ? totals.BytesIn + totals.BytesOut : Cost(totals);
            _page.WriteLine($"<tr><td class=\"name\">{Text(totals.Name)}</td><td>{Bar(value, most)}</td><td>{Count(totals.Calls)}</td>"
                + $"<td{(totals.Failed > 0 ? " class=\"bad\"" : "")}>{Count(totals.Failed)}</td><td>{Count(totals.BytesIn)}</td>"
                + $"<td>{Count(totals.BytesOut)}</td>{(_timed ? $"<td>{Count(totals.Microseconds ?? 0)}</td>" : "")}</tr>");
        }

        _page.WriteLine("</tbody></table></div>");
    }

    private void WriteCostly()
    {
        if (!_timed)
        {
            return;
        }

        RecordedCall[] costly = [.. _recording.Calls.OrderByDescending(static call => call.Microseconds ?? 0).Take(MaxCostly)];
        Begin("costly", "Calls by time", costly.Length, _recording.Calls.Count, "<code>recording show</code>");
        _page.WriteLine("<div class=\"wide\"><table><thead><tr><th class=\"name\">call</th><th></th><th>µs</th></tr></thead><tbody>");
        long most = costly.Length > 0 ? costly[0].Microseconds ?? 0 : 0;
        foreach (RecordedCall call in costly)
        {
            _page.WriteLine($"<tr><td class=\"name\">{Text(CallText.Line(call))}</td><td>{Bar(call.Microseconds ?? 0, most)}</td>"
                + $"<td>{Count(call.Microseconds ?? 0)}</td></tr>");
        }

        _page.WriteLine("</tbody></table></div></section>");
    }

    private void WriteFailures()
    {
        if (_summary.Failures.Count == 0)
        {
            return;
        }

        Begin(
            "failures",
            "Failures",
            Math.Min(_summary.Failures.Count, MaxFailures),
            _summary.Failures.Count,
            "<code>recording show --summary</code>");
        _page.WriteLine("<div class=\"wide\"><table><thead><tr><th class=\"name\">failure</th><th>calls</th><th>first</th><th>line</th>"
            + "</tr></thead><tbody>");
        foreach (FailureTotals failure in _summary.Failures.Take(MaxFailures))
        {
            _page.WriteLine($"<tr><td class=\"name\">{Text(failure.Function)} = {Text(failure.Returned)}</td>"
                + $"<td>{Count(failure.Calls)}</td><td>{Count(failure.FirstSeq)}</td><td>{Count(failure.Line)}</td></tr>");
        }

        _page.WriteLine("</tbody></table></div></section>");
    }

    // Each handle's life on a line from the first call to the last.
    private void WriteHandles()
    {
        IReadOnlyList<RecordedHandle> handles = _summary.Handles;
        if (handles.Count == 0)
        {
            return;
        }

        // What was never ended comes first: of many handles those are the ones that are looked for.
        RecordedHandle[] shown = [.. handles.OrderByDescending(static handle => handle.IsLeaked).Take(MaxHandles)];
        Begin("handles", "Handles", shown.Length, handles.Count, "<code>recording show --summary --json</code>");
        long last = Math.Max(1, _calls.Length > 0 ? _calls[^1].Seq : 1);
        _page.WriteLine("<ul class=\"lives\">");
        foreach (RecordedHandle handle in shown)
        {
            long from = handle.MadeBy?.Seq ?? 1;
            long to = handle.EndedBy?.Seq ?? last;
            string life = handle.EndedBy is { } end ? $"{from} to {end.Seq}" : handle.IsLeaked ? $"{from}, never ended" : $"from {from}";
            double start = 100.0 * (from - 1) / last;
            double width = Math.Max(0.4, 100.0 * (to - from + 1) / last);
            string bar = string.Create(
                CultureInfo.InvariantCulture,
                $"<rect x=\"{start:0.##}\" width=\"{width:0.##}\" height=\"6\"/>");
            _page.WriteLine($"<li{(handle.IsLeaked ? " class=\"bad\"" : "")}><span class=\"name\">{Text(handle.Symbol)}</span>"
                + $"<span class=\"dim\">{life}, {Count(handle.Uses)} uses</span>"
                + $"<svg viewBox=\"0 0 100 6\" preserveAspectRatio=\"none\" aria-hidden=\"true\">{bar}</svg></li>");
        }

        _page.WriteLine("</ul></section>");
    }

    private void WriteCalls()
    {
        int shown = Math.Min(_calls.Length, MaxCalls);
        Begin("calls", "Calls", shown, _calls.Length, "<code>recording show</code>");
        _page.WriteLine("<p class=\"filter\"><label>Filter <input type=\"search\" id=\"filter\" autocomplete=\"off\"></label> "
            + "<span id=\"matches\" class=\"dim\"></span></p>");
        _page.WriteLine($"<details{(shown <= 300 ? " open" : "")}><summary>{Count(shown)} calls, one a line</summary><ol class=\"calls\" "
            + "id=\"lines\">");
        for (int i = 0; i < shown; i++)
        {
            bool bad = !(_calls[i].IsCallback || _calls[i].Succeeded);
            _page.WriteLine($"<li{(bad ? " class=\"bad\"" : "")}>{Text(CallText.Line(_calls[i]))}</li>");
        }

        foreach (InFlightCall call in _recording.InFlight)
        {
            _page.WriteLine($"<li class=\"bad\">{Count(call.Seq)} t{Count(call.Thread)} {Text(call.Function)} had not come back</li>");
        }

        _page.WriteLine("</ol></details></section>");
    }

    private static string Text(string text) => HtmlText.Escape(text.Length <= MaxLine ? text : text[..MaxLine] + "...");
}
