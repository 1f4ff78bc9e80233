using System.Text.RegularExpressions;

namespace AotLayers.Repository.Tests;

/// <summary>
/// Docstrings name pages and sections of <c>docs/</c>, pages name each other and files of the repository: what is named is there.
/// </summary>
public sealed partial class CitationTests
{
    private static readonly string[] s_texts =
        [".cs", ".c", ".h", ".cpp", ".py", ".go", ".sh", ".csproj", ".props", ".targets", ".proj", ".json", ".xml", ".md"];

    private static readonly string[] s_pages = [.. RepositoryFiles.With(".md")
        .Where(path => path.StartsWith("docs/", StringComparison.Ordinal))];

    [Fact]
    public void Every_cited_page_and_section_exists()
    {
        var problems = new List<string>();
        int count = 0;
        foreach (string path in Texts())
        {
            foreach (Match match in Citation().Matches(RepositoryFiles.Read(path)))
            {
                count++;
                if (RepositoryPages.Problem(match.Groups["page"].Value, match.Groups["section"].Value) is { } problem)
                {
                    problems.Add($"{path}: {match.Value}: {problem}");
                }
            }
        }

        Report.None(problems);
        Assert.True(count > 100, $"only {count} citations were found");
    }

    [Fact]
    public void Every_link_of_a_page_leads_somewhere()
    {
        var problems = new List<string>();
        foreach (string path in RepositoryFiles.With(".md"))
        {
            foreach (Match match in Link().Matches(RepositoryPages.WithoutCode(RepositoryFiles.Read(path))))
            {
                string target = match.Groups[1].Value;
                if (target.Contains("://", StringComparison.Ordinal))
                {
                    continue;
                }

                string[] parts = target.Split('#', 2);
                string page = parts[0].Length == 0 ? path : Resolve(Path.GetDirectoryName(path)!, parts[0]);
                if (RepositoryPages.Problem(page, parts.Length > 1 ? parts[1] : "") is { } problem)
                {
                    problems.Add($"{path}: ({target}): {problem}");
                }
            }
        }

        Report.None(problems);
    }

    [Fact]
    public void Every_page_is_in_an_index()
    {
        HashSet<string> linked = [];
        foreach (string index in s_pages.Where(path => path.EndsWith("/README.md", StringComparison.Ordinal)))
        {
            linked.UnionWith(Link()
                .Matches(RepositoryFiles.Read(index))
                .Select(m => Resolve(Path.GetDirectoryName(index)!, m.Groups[1].Value.Split('#')[0])));
        }

        Report.None(s_pages.Where(path => path != "docs/README.md" && !linked.Contains(path)));
    }

    /// <summary>Notes that are not part of the repository: their readers have only its pages.</summary>
    [Fact]
    public void Nothing_cites_notes_outside_of_the_repository()
    {
        string[] notes = ["layers", "measured", "demand", "interop", "replay", "style"];
        var mention = new Regex($@"(?<![\w./-])(spec/\w+|({string.Join('|', notes)})\.md(?![\w#)]))");
        Report.None(Texts().Where(path => !path.EndsWith("CitationTests.cs", StringComparison.Ordinal))
            .SelectMany(path => mention.Matches(RepositoryFiles.Read(path)).Select(match => $"{path}: {match.Value}")));
    }

    private static IEnumerable<string> Texts() =>
        RepositoryFiles.With(s_texts).Where(path => !path.Contains(".verified.", StringComparison.Ordinal));

    private static string Resolve(string folder, string target) =>
        Path.GetRelativePath(RepositoryFiles.Root, Path.GetFullPath(Path.Combine(RepositoryFiles.Root, folder, target))).Replace('\\', '/');

    [GeneratedRegex(@"(?<![\w./-])(?<page>docs/[\w./-]+\.md)(#(?<section>[\w-]+))?")]
    private static partial Regex Citation();

    [GeneratedRegex(@"\]\(([^()\s]+)\)")]
    private static partial Regex Link();
}
