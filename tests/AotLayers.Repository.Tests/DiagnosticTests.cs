using System.Collections.Immutable;
using System.Text.RegularExpressions;
using AotLayers.Interop.Generators;
using Microsoft.CodeAnalysis;

namespace AotLayers.Repository.Tests;

/// <summary>Who clicks on a diagnostic's id finds what it means and what to write instead.</summary>
public sealed partial class DiagnosticTests
{
    private static readonly ImmutableArray<DiagnosticDescriptor> s_descriptors = new NativeApiAnalyzer().SupportedDiagnostics;

    [Fact]
    public void Every_help_link_leads_to_a_section_of_its_own()
    {
        var problems = new List<string>();
        foreach (DiagnosticDescriptor descriptor in s_descriptors)
        {
            // An address of a web page has the path inside the repository at its end.
            Match link = PathInRepository().Match(descriptor.HelpLinkUri);
            string? problem = !link.Success ? "is not a page of this repository"
                : RepositoryPages.Problem(link.Groups["page"].Value, link.Groups["section"].Value);
            if (problem is null && !descriptor.HelpLinkUri.Contains(descriptor.Id, StringComparison.OrdinalIgnoreCase))
            {
                problem = "does not name the id";
            }

            if (problem is not null)
            {
                problems.Add($"{descriptor.Id}: '{descriptor.HelpLinkUri}' {problem}");
            }
        }

        Assert.Empty(problems);
    }

    [Fact]
    public void Ids_are_used_once() => Assert.Equal(s_descriptors.Length, s_descriptors.Select(d => d.Id).Distinct().Count());

    [Fact]
    public void Every_diagnostic_is_in_the_list_of_rules()
    {
        string rules = RepositoryFiles.Read("generators/AotLayers.Interop.Generators/AnalyzerReleases.Shipped.md")
            + RepositoryFiles.Read("generators/AotLayers.Interop.Generators/AnalyzerReleases.Unshipped.md");
        Assert.All(s_descriptors, descriptor => Assert.Contains($"{descriptor.Id} | ", rules, StringComparison.Ordinal));
    }

    [GeneratedRegex(@"(?<page>(docs|generators)/[\w./-]+\.md)(#(?<section>[\w-]+))?$")]
    private static partial Regex PathInRepository();
}
