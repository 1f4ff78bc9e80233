using System.Text.RegularExpressions;

namespace AotLayers.Repository.Tests;

/// <summary>
/// Docstrings name pages and sections of <c>docs/</c>, pages name each other and files of the repository: what is named is there.
/// </summary>
public sealed partial class CitationTests
{
    private static readonly string[] s_pages = [.. RepositoryFiles.With(".md")
        .Where(path => path.StartsWith("docs/", StringComparison.Ordinal))];

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

        Assert.Empty(problems);
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

        List<string> unlinked = [.. s_pages.Where(path => path != "docs/README.md" && !linked.Contains(path))];
        Assert.Empty(unlinked);
    }

    private static string Resolve(string folder, string target) =>
        Path.GetRelativePath(RepositoryFiles.Root, Path.GetFullPath(Path.Combine(RepositoryFiles.Root, folder, target))).Replace('\\', '/');

    [GeneratedRegex(@"\]\(([^()\s]+)\)")]
    private static partial Regex Link();
}
