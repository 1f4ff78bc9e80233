using System.Xml.Linq;

namespace AotLayers.Replay.Tests.App;

/// <summary>Which project stands on which: the arrows of the house point one way, and none is missing or too many.</summary>
public sealed class ProjectGraphTests
{
    private static readonly Dictionary<string, string[]> s_expected = new()
    {
        ["AotLayers.Interop"] = [],
        ["AotLayers.Formats"] = [],
        ["AotLayers.Hcs"] = ["AotLayers.Interop"],
        ["AotLayers"] = ["AotLayers.Formats", "AotLayers.Hcs"],
        ["AotLayers.Simulator"] = ["AotLayers.Formats", "AotLayers.Hcs"],
        ["AotLayers.App"] = ["AotLayers", "AotLayers.Simulator"],
        ["AotLayers.Cli"] = ["AotLayers.App"],
        ["AotLayers.Native"] = ["AotLayers.App"],
        ["AotLayers.Shim"] = ["AotLayers.App"],
    };

    /// <summary>Generators run in the compiler; what they are used by does not stand on them.</summary>
    [Fact]
    public void Projects_refer_to_each_other_as_designed()
    {
        Dictionary<string, string[]> actual = Projects().ToDictionary(project => Path.GetFileNameWithoutExtension(project), References);
        Assert.Equal(s_expected.Keys.Order(StringComparer.Ordinal), actual.Keys.Order(StringComparer.Ordinal));
        Assert.All(s_expected, expected => Assert.Equal(expected.Value, actual[expected.Key]));
    }

    [Fact]
    public void Only_generators_are_referred_to_as_analyzers()
    {
        IEnumerable<string> analyzers = Projects().SelectMany(project => Elements(project)
            .Where(IsAnalyzer)
            .Select(reference => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(project)!, reference.Attribute("Include")!.Value))));
        Assert.All(analyzers, analyzer => Assert.StartsWith(Path.Combine(Root, "generators"), analyzer, StringComparison.Ordinal));
        Assert.NotEmpty(analyzers);
    }

    private static string Root { get; } = FindRoot();

    private static string[] Projects() => Directory.GetFiles(Path.Combine(Root, "src"), "*.csproj", SearchOption.AllDirectories);

    private static IEnumerable<XElement> Elements(string project) => XDocument.Load(project).Descendants("ProjectReference");

    private static bool IsAnalyzer(XElement reference) => reference.Attribute("OutputItemType")?.Value == "Analyzer";

    private static string[] References(string project) =>
    [
        .. Elements(project).Where(reference => !IsAnalyzer(reference))
            .Select(reference => Path.GetFileNameWithoutExtension(reference.Attribute("Include")!.Value))
            .Order(StringComparer.Ordinal),
    ];

    private static string FindRoot()
    {
        string? folder = AppContext.BaseDirectory;
        while (folder is not null && !File.Exists(Path.Combine(folder, "AotLayers.sln")))
        {
            folder = Path.GetDirectoryName(folder);
        }

        return folder ?? throw new DirectoryNotFoundException("no folder above the tests has AotLayers.sln");
    }
}
