using System.Diagnostics;
using System.Globalization;
using System.Reflection;

namespace AotLayers.Package.Tests;

/// <summary>
/// A folder outside of the tree with the packed packages as its one source, for all tests: packing and restoring take their time. Its
/// packages folder is its own, so that no earlier package of the same version is found; what the SDK itself brings comes from the
/// machine's.
/// </summary>
public sealed class Consumer : IDisposable
{
    /// <summary>Packs, and makes the folder.</summary>
    public Consumer()
    {
        string packages = Path.Combine(Folder, "packages");
        Run(Root, "dotnet", "pack", "src/AotLayers.Interop", "-c", "Release", "-o", packages, "--nologo", "-v", "q", "-nodeReuse:false");
        string machine = Environment.GetEnvironmentVariable("NUGET_PACKAGES")
            ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");
        File.WriteAllText(
            Path.Combine(Folder, "nuget.config"),
            $"""
            <configuration>
              <config><add key="globalPackagesFolder" value="{Path.Combine(Folder, "restored")}" /></config>
              <packageSources><clear /><add key="packed" value="{packages}" /></packageSources>
              <fallbackPackageFolders><add key="machine" value="{machine}" /></fallbackPackageFolders>
            </configuration>
            """);

        // A build must not find the settings of a folder above.
        File.WriteAllText(Path.Combine(Folder, "Directory.Build.props"), "<Project />");
        File.WriteAllText(Path.Combine(Folder, "Directory.Build.targets"), "<Project />");
        File.WriteAllText(Path.Combine(Folder, "Directory.Packages.props"), "<Project />");
    }

    /// <summary>The repository.</summary>
    public static string Root { get; } = Path.GetFullPath(
        typeof(Consumer).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(static a => a.Key == "RepositoryRoot").Value!);

    /// <summary>The folder outside of the tree.</summary>
    public string Folder { get; } = Directory.CreateTempSubdirectory("aotlayers-consumer-").FullName;

    /// <summary>The packed package.</summary>
    public string Package => Directory.GetFiles(Path.Combine(Folder, "packages"), "AotLayers.Interop.*.nupkg").Single();

    /// <inheritdoc/>
    public void Dispose() => Directory.Delete(Folder, recursive: true);

    /// <summary>Runs a program; a failure fails the test with all that it said.</summary>
    /// <returns>What it printed.</returns>
    public static string Run(string folder, string program, params string[] arguments)
    {
        ProcessStartInfo start = new(program) { WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (string argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        // What the test runner sets for itself is not a consumer's.
        foreach (string name in start.Environment.Keys.Where(static k => k.StartsWith("MSBUILD", StringComparison.OrdinalIgnoreCase)
            || k.StartsWith("DOTNET_HOST", StringComparison.Ordinal)).ToList())
        {
            start.Environment.Remove(name);
        }

        start.Environment["DOTNET_CLI_TELEMETRY_OPTOUT"] = "1";
        start.Environment["DOTNET_NOLOGO"] = "1";
        start.Environment["MSBUILDDISABLENODEREUSE"] = "1";
        using Process process = Process.Start(start)!;
        Task<string> errors = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.True(
            process.ExitCode == 0,
            string.Create(
                CultureInfo.InvariantCulture,
                $"{program} {string.Join(' ', arguments)}: {process.ExitCode}\n{output}{errors.Result}"));
        return output;
    }
}
