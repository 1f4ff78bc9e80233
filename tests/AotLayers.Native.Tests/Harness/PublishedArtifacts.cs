namespace AotLayers.Native.Tests.Harness;

public enum Platform
{
    Linux,
    Windows,
}

/// <summary>Where <c>dotnet publish</c> put the programs under test.</summary>
internal static class PublishedArtifacts
{
    /// <summary>The folder of AotLayers.sln.</summary>
    public static string RepositoryRoot { get; } = FindRoot();

    /// <summary>The command line program.</summary>
    public static string Cli(Platform platform) =>
        Find("AotLayers.Cli", platform, platform == Platform.Windows ? "aotlayers.exe" : "aotlayers");

    /// <summary>The library for callers in other languages.</summary>
    public static string Library(Platform platform) =>
        Find("AotLayers.Native", platform, platform == Platform.Windows ? "aotlayers.dll" : "libaotlayers.so");

    /// <summary>The import library of <see cref="Library"/> on Windows.</summary>
    public static string ImportLibrary => Find("AotLayers.Native", Platform.Windows, "aotlayers.lib");

    /// <summary>The library that stands in for vmcompute.</summary>
    public static string Shim(Platform platform) =>
        Find("AotLayers.Shim", platform, platform == Platform.Windows ? "vmcompute.dll" : "libvmcompute.so");

    /// <summary>The program that records libraries of Windows.</summary>
    public static string WindowsLibraries => Find("AotLayers.WindowsLibraries", Platform.Windows, "AotLayers.WindowsLibraries.exe");

    /// <summary>The publish folder of a project; it may not exist.</summary>
    public static string Folder(string project, Platform platform) =>
        Path.Combine(RepositoryRoot, "artifacts", "publish", project, $"release_{Rid(platform)}");

    private static string Rid(Platform platform) => platform == Platform.Windows ? "win-x64" : "linux-x64";

    private static string Find(string project, Platform platform, string file)
    {
        if (platform == Platform.Windows)
        {
            Requires.WindowsTools();
        }

        string path = Path.Combine(Folder(project, platform), file);
        if (!File.Exists(path))
        {
            Assert.Fail(
                $"{path} is missing. ./test.sh publishes before it tests; by hand: dotnet publish src/{project} -r {Rid(platform)}");
        }

        return path;
    }

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
