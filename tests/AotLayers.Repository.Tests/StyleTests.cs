using System.Text.RegularExpressions;

namespace AotLayers.Repository.Tests;

/// <summary>Rules of style that no analyzer of the build looks at.</summary>
public sealed partial class StyleTests
{
    private const int MaxColumns = 140;
    private const int MaxLines = 500;

    private static readonly string[] s_otherCode = [".c", ".h", ".cpp", ".py", ".go", ".sh"];

    /// <summary>A text in quotation marks may make a line longer: broken, nobody finds it.</summary>
    [Fact]
    public void No_line_of_code_is_longer_than_140_columns()
    {
        IEnumerable<string> sharp = SourceFile.All.SelectMany(file => file.LongLines(MaxColumns).Select(line => $"{file.Path}:{line}"));
        IEnumerable<string> other = RepositoryFiles.With(s_otherCode).Where(path => !IsGenerated(path)).SelectMany(LongLines);
        Report.None(sharp.Concat(other));
    }

    [Fact]
    public void No_file_is_longer_than_500_lines() =>
        Report.None(SourceFile.All.Where(file => file.LineCount > MaxLines).Select(file => $"{file.Path}: {file.LineCount}"));

    /// <summary>
    /// As in <c>A_closed_reader_gives_no_entry</c>: words with an underscore between them; names of code keep their spelling.
    /// </summary>
    [Fact]
    public void Test_names_are_sentences()
    {
        List<string> names = [.. SourceFile.All.SelectMany(file => file.TestNames().Select(name => $"{file.Path}: {name}"))];
        Assert.True(names.Count > 300, $"only {names.Count} tests were found");
        Report.None(names.Where(name => !Sentence().IsMatch(name)));
    }

    /// <summary>What is left for later does not wait in the code.</summary>
    [Fact]
    public void Nothing_is_marked_as_unfinished() =>
        Report.None(RepositoryFiles.With([".cs", ".csproj", ".props", ".targets", ".md", .. s_otherCode])
            .Where(path => !path.EndsWith("/StyleTests.cs", StringComparison.Ordinal))
            .SelectMany(path => Unfinished().Matches(RepositoryFiles.Read(path)).Select(match => $"{path}: {match.Value}")));

    /// <summary>The header for C is written from the exports.</summary>
    private static bool IsGenerated(string path) =>
        path.Contains("/aotlayers", StringComparison.Ordinal) && path.EndsWith(".h", StringComparison.Ordinal);

    private static IEnumerable<string> LongLines(string path) =>
        RepositoryFiles.Read(path).Split('\n').Index()
            .Where(line => line.Item.EnumerateRunes().Count() > MaxColumns && !line.Item.Contains('"', StringComparison.Ordinal))
            .Select(line => $"{path}:{line.Index + 1}");

    [GeneratedRegex(@": [A-Z0-9][A-Za-z0-9]*(_[A-Za-z0-9]+)+$")]
    private static partial Regex Sentence();

    [GeneratedRegex(@"\b(TODO|FIXME|HACK|XXX|NotImplementedException)\b")]
    private static partial Regex Unfinished();
}
