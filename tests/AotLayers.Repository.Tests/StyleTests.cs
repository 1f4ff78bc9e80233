using System.Text.RegularExpressions;

namespace AotLayers.Repository.Tests;

/// <summary>Rules of style that no analyzer of the build looks at.</summary>
public sealed partial class StyleTests
{
    private const int MaxLines = 500;

    private static readonly string[] s_otherCode = [".c", ".h", ".cpp", ".py", ".go", ".sh"];

    [Fact]
    public void No_file_is_longer_than_500_lines() =>
        Assert.Empty(SourceFile.All.Where(file => file.LineCount > MaxLines).Select(file => $"{file.Path}: {file.LineCount}"));

    /// <summary>What is left for later does not wait in the code.</summary>
    [Fact]
    public void Nothing_is_marked_as_unfinished() =>
        Assert.Empty(RepositoryFiles.With([".cs", ".csproj", ".props", ".targets", ".md", .. s_otherCode])
            .Where(path => !path.EndsWith("/StyleTests.cs", StringComparison.Ordinal))
            .SelectMany(path => Unfinished().Matches(RepositoryFiles.Read(path)).Select(match => $"{path}: {match.Value}")));

    [GeneratedRegex(@"\b(TODO|FIXME|HACK|XXX|NotImplementedException)\b")]
    private static partial Regex Unfinished();
}
