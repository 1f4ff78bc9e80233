using System.Globalization;

namespace AotLayers.Interop;

/// <summary>The calls of each thread in their order, as bars: the colour is the function, a failure is red.</summary>
internal sealed class ReportTimeline(RecordedCall[] calls, RecordingSummary summary, TextWriter page)
{
    private const int Columns = 240;
    private const int MaxThreads = 16;
    private const int Colours = 7;

    private readonly Dictionary<string, int> _colours = new(StringComparer.Ordinal);

    /// <summary>Writes the section.</summary>
    public void Write()
    {
        if (calls.Length == 0)
        {
            return;
        }

        for (int i = 0; i < summary.Functions.Count && i < Colours; i++)
        {
            _colours[summary.Functions[i].Name] = i;
        }

        // Threads are numbered by their first call, so they come in the order of their numbers.
        Dictionary<string, List<int>> threads = new(StringComparer.Ordinal);
        for (int i = 0; i < calls.Length; i++)
        {
            string thread = calls[i].Thread.ToString(CultureInfo.InvariantCulture);
            if (!threads.TryGetValue(thread, out List<int>? positions))
            {
                positions = [];
                threads.Add(thread, positions);
            }

            positions.Add(i);
        }

        page.WriteLine("<section id=\"timeline\"><h2>Timeline</h2>");
        if (threads.Count > MaxThreads)
        {
            page.WriteLine($"<p class=\"cut\">The first {MaxThreads} of {threads.Count} threads.</p>");
        }

        page.WriteLine("<p class=\"dim\">Calls in the order in which they were entered, from the first to the last.</p>");
        int shown = 0;
        foreach ((string thread, List<int> positions) in threads)
        {
            if (shown++ < MaxThreads)
            {
                Write(thread, positions);
            }
        }

        page.Write("<ul class=\"legend\">");
        for (int i = 0; i < summary.Functions.Count && i < Colours; i++)
        {
            page.Write($"<li>{Key("c" + i)}{HtmlText.Escape(summary.Functions[i].Name)}</li>");
        }

        page.WriteLine($"<li>{Key("c")}others</li><li>{Key("fail")}failed</li></ul></section>");
    }

    private static string Key(string colour) =>
        $"<svg viewBox=\"0 0 8 8\" aria-hidden=\"true\"><rect width=\"8\" height=\"8\" class=\"{colour}\"/></svg>";

    private void Write(string thread, List<int> positions)
    {
        page.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"<figure><figcaption>thread {thread}: {positions.Count} calls</figcaption><svg class=\"line\" viewBox=\"0 0 {Columns} 20\" ")
            + "preserveAspectRatio=\"none\" role=\"img\">");
        double width = Math.Max(1, (double)Columns / calls.Length);
        for (int i = 0; i < positions.Count;)
        {
            int column = (int)((long)positions[i] * Columns / calls.Length);
            int first = i;
            RecordedCall shown = calls[positions[i]];
            bool failed = false;
            for (; i < positions.Count && (int)((long)positions[i] * Columns / calls.Length) == column; i++)
            {
                RecordedCall call = calls[positions[i]];
                if (!failed && !call.IsCallback && !call.Succeeded)
                {
                    failed = true;
                    shown = call;
                }
            }

            string colour = failed ? "fail"
                : _colours.TryGetValue($"{shown.Api}!{shown.Function}", out int number) ? $"c{number}"
                : "c";
            string more = i - first > 1 ? string.Create(CultureInfo.InvariantCulture, $" and {i - first - 1} more") : "";
            double x = calls.Length > Columns ? column : positions[first] * width;
            page.WriteLine(string.Create(CultureInfo.InvariantCulture, $"<rect x=\"{x:0.##}\" width=\"{width:0.##}\" height=\"20\" ")
                + $"class=\"{colour}\"><title>{HtmlText.Escape($"{shown}{more}")}</title></rect>");
        }

        page.WriteLine("</svg></figure>");
    }
}
