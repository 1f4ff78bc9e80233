using System.Reflection;
using System.Text.RegularExpressions;

namespace AotLayers.Interop.Tests;

/// <summary>docs/toolkit/shapes.md: what it says to be shown by a test is, and what it says to be refused has its diagnostic.</summary>
public sealed partial class ShapeTable
{
    private static readonly string s_root = Root();

    /// <summary>Shape, verdict, evidence.</summary>
    public static TheoryData<string, string, string> Rows()
    {
        TheoryData<string, string, string> rows = [];
        foreach (string line in File.ReadLines(Path.Combine(s_root, "docs", "toolkit", "shapes.md")))
        {
            string[] cells = [.. UnescapedBar().Split(line).Select(static c => c.Trim())];
            if (cells.Length == 5 && cells[1] is not ("shape" or "---"))
            {
                rows.Add(cells[1], cells[2], cells[3]);
            }
        }

        return rows;
    }

    [Theory]
    [MemberData(nameof(Rows))]
    public void Every_row_has_its_test_or_its_diagnostic(string shape, string verdict, string evidence)
    {
        string[] named = [.. Code().Matches(evidence).Select(static m => m.Groups[1].Value)];
        switch (verdict)
        {
            case "works":
                Assert.NotEmpty(named);
                Assert.All(named, AssertIsTest);
                break;
            case "refused" when named.Length == 0:
                Assert.Equal("[limits](limits.md)", evidence);
                break;
            case "refused" or "warning":
                string id = Assert.Single(named);
                string page = File.ReadAllText(Path.Combine(s_root, "docs", "diagnostics", id + ".md"));
                Assert.Contains(verdict == "warning" ? "Severity: warning." : "Severity: error.", page, StringComparison.Ordinal);
                string tests = Path.Combine(s_root, "tests", "AotLayers.Interop.Generators.Tests", "DiagnosticTests.cs");
                Assert.Contains($"\"{id}\"", File.ReadAllText(tests), StringComparison.Ordinal);
                break;
            default:
                Assert.Fail($"{shape}: '{verdict}' is neither works, refused nor warning");
                break;
        }
    }

    [Fact]
    public void Every_class_of_shapes_is_in_the_table()
    {
        string table = File.ReadAllText(Path.Combine(s_root, "docs", "toolkit", "shapes.md"));
        string[] classes = [.. typeof(ShapeTable).Assembly.GetTypes()
            .Where(static t => t.Name.EndsWith("Shapes", StringComparison.Ordinal) && Tests(t).Any())
            .Select(static t => t.Name)];
        Assert.True(classes.Length >= 6);
        Assert.All(classes, name => Assert.Contains($"`{name}.", table, StringComparison.Ordinal));
        Assert.True(Rows().Count > 70);
    }

    private static void AssertIsTest(string name)
    {
        string[] parts = name.Split('.');
        Type? type = typeof(ShapeTable).Assembly.GetTypes().SingleOrDefault(t => t.Name == parts[0]);
        Assert.True(type is not null && parts.Length == 2 && Tests(type).Any(m => m.Name == parts[1]), $"{name} is no test");
    }

    private static IEnumerable<MethodInfo> Tests(Type type) =>
        type.GetMethods().Where(static m => m.GetCustomAttribute<FactAttribute>() is { Skip: null });

    private static string Root()
    {
        for (string? folder = AppContext.BaseDirectory; folder is not null; folder = Path.GetDirectoryName(folder))
        {
            if (File.Exists(Path.Combine(folder, "AotLayers.sln")))
            {
                return folder;
            }
        }

        throw new DirectoryNotFoundException($"no folder above {AppContext.BaseDirectory} has AotLayers.sln");
    }

    [GeneratedRegex(@"(?<!\\)\|")]
    private static partial Regex UnescapedBar();

    [GeneratedRegex("`([^`]+)`")]
    private static partial Regex Code();
}
