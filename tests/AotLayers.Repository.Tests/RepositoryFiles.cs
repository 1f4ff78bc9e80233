namespace AotLayers.Repository.Tests;

/// <summary>The files of this repository, for tests of what no compiler looks at.</summary>
internal static class RepositoryFiles
{
    private static readonly string[] s_ignoredFolders = ["artifacts", "bin", "obj", "BenchmarkDotNet.Artifacts", "__pycache__"];

    /// <summary>The folder of AotLayers.sln.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>Paths from <see cref="Root"/>, with slashes, in ordinal order; not what git ignores.</summary>
    public static IReadOnlyList<string> All { get; } =
        [.. Files(Root).Select(file => Path.GetRelativePath(Root, file).Replace('\\', '/')).Order(StringComparer.Ordinal)];

    /// <summary>Reads a file of <see cref="All"/>.</summary>
    public static string Read(string path) => File.ReadAllText(Path.Combine(Root, path));

    /// <summary>Those with one of the extensions, dots included.</summary>
    public static IEnumerable<string> With(params string[] extensions) => All.Where(path => extensions.Contains(Path.GetExtension(path)));

    private static IEnumerable<string> Files(string folder)
    {
        IEnumerable<string> folders = Directory.EnumerateDirectories(folder).Where(path => !IsIgnored(Path.GetFileName(path)));
        return Directory.EnumerateFiles(folder)
            .Where(path => !path.Contains(".received.", StringComparison.Ordinal))
            .Concat(folders.SelectMany(Files));
    }

    // The machinery of git, editors and CI services has no rules of ours, except .ci.
    private static bool IsIgnored(string folder) => (folder.StartsWith('.') && folder != ".ci") || s_ignoredFolders.Contains(folder);

    private static string FindRoot()
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
}
