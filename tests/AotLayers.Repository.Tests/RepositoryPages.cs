using System.Text;
using System.Text.RegularExpressions;

namespace AotLayers.Repository.Tests;

/// <summary>Pages of this repository and the anchors of their headings, as the usual viewers make them.</summary>
internal static partial class RepositoryPages
{
    /// <summary>What is wrong with a reference, or null.</summary>
    /// <param name="page">Path from the repository's root.</param>
    /// <param name="section">Anchor without its number sign; empty for the page as a whole.</param>
    public static string? Problem(string page, string section)
    {
        string path = Path.Combine(RepositoryFiles.Root, page);
        if (section.Length == 0)
        {
            return File.Exists(path) || Directory.Exists(path) ? null : "there is no such file";
        }

        if (!File.Exists(path))
        {
            return "there is no such file";
        }

        HashSet<string> anchors = Anchors(RepositoryFiles.Read(page));
        return anchors.Contains(section) ? null : $"there is no such section, but {string.Join(", ", anchors)}";
    }

    /// <summary>The page without its fenced code.</summary>
    public static string WithoutCode(string page) => CodeBlock().Replace(page, "");

    private static HashSet<string> Anchors(string page)
    {
        HashSet<string> anchors = [];
        foreach (Match heading in Heading().Matches(WithoutCode(page)))
        {
            var anchor = new StringBuilder();
            foreach (char c in heading.Groups[1].Value.Trim())
            {
                if (c == ' ' || c is '-' or '_' || char.IsLetterOrDigit(c))
                {
                    anchor.Append(c == ' ' ? '-' : char.ToLowerInvariant(c));
                }
            }

            string name = anchor.ToString();
            for (int i = 1; !anchors.Add(name); i++)
            {
                name = $"{anchor}-{i}";
            }
        }

        return anchors;
    }

    [GeneratedRegex("^#{1,6} (.+)$", RegexOptions.Multiline)]
    private static partial Regex Heading();

    [GeneratedRegex("^```.*?^```", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex CodeBlock();
}
