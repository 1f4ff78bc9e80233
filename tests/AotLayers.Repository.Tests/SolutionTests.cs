using System.Text.RegularExpressions;

namespace AotLayers.Repository.Tests;

/// <summary>AotLayers.sln: what it leaves out is not built where it is opened, and by no script.</summary>
public sealed class SolutionTests
{
    [Fact]
    public void The_solution_has_every_project_on_disk()
    {
        IEnumerable<string> listed = Regex.Matches(RepositoryFiles.Read("AotLayers.sln"), "\"([^\"]+\\.csproj)\"")
            .Select(match => match.Groups[1].Value.Replace('\\', '/'))
            .Order(StringComparer.Ordinal);

        Assert.Equal(RepositoryFiles.With(".csproj").Where(path => !IsPartOfATest(path)), listed);
    }

    [Fact]
    public void Every_configuration_of_the_solution_builds_every_project()
    {
        string solution = RepositoryFiles.Read("AotLayers.sln");
        Assert.All(Regex.Matches(solution, "\"([^\"]+)\\.csproj\", \"(\\{[^}]+\\})\""), project =>
        {
            foreach (string configuration in (string[])["Debug", "Release"])
            {
                Assert.Contains(
                    $"{project.Groups[2].Value}.{configuration}|Any CPU.Build.0 = {configuration}|Any CPU",
                    solution,
                    StringComparison.OrdinalIgnoreCase);
            }
        });
    }

    // Projects that a test copies out of the tree and builds there.
    private static bool IsPartOfATest(string path) => path.StartsWith("tests/", StringComparison.Ordinal) && path.Split('/').Length > 3;
}
