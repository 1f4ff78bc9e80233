using System.Globalization;
using System.Text;
using AotLayers.App;

namespace AotLayers.Cli.Output;

/// <summary>Tells what was found in a layer.</summary>
internal static class VerifyText
{
    /// <summary>Prints a finding: a line for people, or one for a service of continuous integration.</summary>
    /// <param name="source">The layer.</param>
    /// <param name="finding">What was found.</param>
    /// <param name="annotation">Whether it is a line for GitHub.</param>
    public static void Print(string source, VerifyFinding finding, bool annotation)
    {
        VerifyRule rule = finding.Rule;
        string severity = VerifyResult.NameOf(rule.Severity);
        if (annotation)
        {
            string command = rule.Severity == VerifySeverity.Note ? "notice" : severity;
            string text = finding.Entry is null ? finding.Message : $"{finding.Entry}: {finding.Message}";
            Terminal.Out.WriteLine(
                $"::{command} file={Escape(source, property: true)},title={rule.Id} {rule.Name}::{Escape(text, property: false)}");
            return;
        }

        var line = new StringBuilder($"{source}: {severity} {rule.Id} {rule.Name}: ");
        line.Append(finding.Entry is null ? "" : finding.Entry + ": ").Append(finding.Message);
        if (finding.Offset >= 0)
        {
            line.Append(CultureInfo.InvariantCulture, $" (offset {finding.Offset})");
        }

        Terminal.Out.WriteLine(line.ToString());
    }

    /// <summary>Prints the result.</summary>
    /// <param name="result">What it came to.</param>
    /// <param name="findings">For JSON: what was found; null for text.</param>
    public static void Print(VerifyResult result, IReadOnlyList<VerifyFinding>? findings)
    {
        if (findings is not null)
        {
            using Stream stream = Console.OpenStandardOutput();
            JsonText.WriteLine(stream, json => result.WriteMembers(json, findings));
            return;
        }

        VerifySummary summary = result.Summary;
        foreach ((VerifyRule rule, string reason) in summary.Disabled)
        {
            Terminal.Out.WriteLine($"{result.Source}: {rule.Id} {rule.Name} was not asked: {reason}");
        }

        string more = summary.NotTold == 0 ? "" : string.Create(
            CultureInfo.InvariantCulture, $" ({summary.NotTold} of them not told; --limit 0 tells all)");
        Terminal.Out.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{result.Source}: {summary.Kind}, {summary.Entries} entries, {summary.Tombstones} tombstones: "
                + $"{Count(summary.Errors, "error")}, {Count(summary.Warnings, "warning")}, {Count(summary.Notes, "note")}{more}"));
    }

    private static string Count(long number, string what) =>
        string.Create(CultureInfo.InvariantCulture, $"{number} {what}{(number == 1 ? "" : "s")}");

    /// <summary>As the service wants it: in values of properties also what separates them.</summary>
    private static string Escape(string text, bool property)
    {
        text = text.Replace("%", "%25", StringComparison.Ordinal).Replace("\r", "%0D", StringComparison.Ordinal)
            .Replace("\n", "%0A", StringComparison.Ordinal);
        return property
            ? text.Replace(":", "%3A", StringComparison.Ordinal).Replace(",", "%2C", StringComparison.Ordinal)
            : text;
    }
}
