using AotLayers.Replay.Tests.Simulator;
using Xunit;

namespace AotLayers.Replay.Tests.Verifying;

/// <summary>Pages, table and rules say the same.</summary>
public sealed class VerifyPageTests
{
    private static readonly string s_folder = Path.Combine(SampleLayers.RepositoryRoot, "docs", "verify");

    [Fact]
    public void Every_rule_has_its_page_and_every_page_its_rule()
    {
        string[] pages = [.. Directory.EnumerateFiles(s_folder, "AOTV*.md").Select(path => Path.GetFileNameWithoutExtension(path)!)];
        Assert.Equal(VerifyRules.All.Select(rule => rule.Id), pages.Order(StringComparer.Ordinal));
        Assert.All(VerifyRules.All, rule =>
        {
            string[] lines = File.ReadAllLines(Path.Combine(s_folder, rule.Id + ".md"));
            Assert.Equal($"# {rule.Id}: {rule.Text.TrimEnd('.')}", lines[0]);
            Assert.Equal($"`{rule.Name}`, {Severity(rule)}.", lines[2]);
            Assert.Contains(lines, line => line.StartsWith("**What to do**: ", StringComparison.Ordinal));
        });
    }

    [Fact]
    public void The_table_of_the_pages_is_the_table_of_the_code()
    {
        string[] lines = File.ReadAllLines(Path.Combine(s_folder, "README.md"));
        IEnumerable<string> rows = lines.Where(line => line.StartsWith("| [AOTV", StringComparison.Ordinal));
        Assert.Equal(VerifyRules.All.Select(rule => $"| [{rule.Id}]({rule.Id}.md) | `{rule.Name}` | {Severity(rule)} | {rule.Text} |"), rows);
    }

    private static string Severity(VerifyRule rule) => rule.Severity.ToString().ToLowerInvariant();
}
