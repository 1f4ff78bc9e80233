namespace AotLayers.Native.Tests.Harness;

/// <summary>
/// Runs Windows programs on Linux. All tests share one Wine prefix, a fresh Windows installation in a temporary folder, made
/// at first use (some ten seconds) and removed after the last test.
/// </summary>
internal static class WineRunner
{
    // mscoree and mshtml would ask to download Mono and Gecko; winemenubuilder would write to the user's desktop.
    private const string Overrides = "mscoree,mshtml=;winemenubuilder.exe=d";

    private static readonly Lazy<string> s_prefix = new(CreatePrefix);

    /// <summary>C:\windows\system32 as a Linux path.</summary>
    public static string System32 => Path.Combine(s_prefix.Value, "drive_c", "windows", "system32");

    /// <summary>Drive C: as a Linux path.</summary>
    public static string DriveC => Path.Combine(s_prefix.Value, "drive_c");

    /// <summary>Runs a Windows program. Paths among the arguments must be Windows paths: see <see cref="ToWindowsPath"/>.</summary>
    /// <param name="exe">The program's Linux path.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <param name="workingFolder">A Linux path; the current folder when null.</param>
    /// <param name="environment">Added to the environment; a null value removes the variable.</param>
    /// <param name="input">What the program reads; an empty stream when null.</param>
    /// <param name="timeout"><see cref="ProcessRunner.DefaultTimeout"/> when null.</param>
    public static ProcessResult Run(
        string exe,
        IEnumerable<string> arguments,
        string? workingFolder = null,
        IReadOnlyDictionary<string, string?>? environment = null,
        byte[]? input = null,
        TimeSpan? timeout = null)
    {
        Dictionary<string, string?> variables = PrefixVariables(s_prefix.Value);
        foreach ((string name, string? value) in environment ?? new Dictionary<string, string?>())
        {
            variables[name] = value;
        }

        string[] line = [exe, .. arguments];
        ProcessResult result = ProcessRunner.Run("wine", line, workingFolder, variables, input, timeout);

        // Wine itself may fail to start a program while its server is ending, without a word; no program here fails so.
        return result is { ExitCode: 1, Output: "", Error: "" }
            ? ProcessRunner.Run("wine", line, workingFolder, variables, input, timeout)
            : result;
    }

    /// <summary>A Linux path as the Windows programs see it: Wine shows "/" as drive Z:.</summary>
    public static string ToWindowsPath(string path) => "Z:" + Path.GetFullPath(path).Replace('/', '\\');

    /// <summary>The Linux path of an absolute Windows path on drive C: or Z:.</summary>
    public static string ToLinuxPath(string path)
    {
        string rest = path[2..].Replace('\\', '/');
        return path[..2].ToUpperInvariant() switch
        {
            "Z:" => rest,
            "C:" => DriveC + rest,
            _ => throw new ArgumentException($"{path} is not an absolute path on drive C: or Z:", nameof(path)),
        };
    }

    /// <summary>
    /// Puts a library into system32 until the result is disposed. For programs that load from there only, as layer tools load
    /// vmcompute.dll.
    /// </summary>
    /// <param name="library">The library's Linux path.</param>
    /// <param name="name">Its name in system32; its own name when null.</param>
    public static IDisposable InstallInSystem32(string library, string? name = null)
    {
        string target = Path.Combine(System32, name ?? Path.GetFileName(library));
        Assert.That(target, Does.Not.Exist, "the library would replace one of Wine");
        File.Copy(library, target);
        return new Installed(target);
    }

    /// <summary>Ends all programs in the prefix and removes it.</summary>
    public static void Shutdown()
    {
        if (!s_prefix.IsValueCreated)
        {
            return;
        }

        ProcessRunner.Run("wineserver", ["-k"], environment: PrefixVariables(s_prefix.Value));
        ProcessRunner.Run("wineserver", ["-w"], environment: PrefixVariables(s_prefix.Value));
        Directory.Delete(s_prefix.Value, recursive: true);
    }

    private static string CreatePrefix()
    {
        Requires.Program("wine", "wine64");
        string prefix = Directory.CreateTempSubdirectory("aotlayers-wine-").FullName;
        ProcessRunner.Run("wine", ["wineboot", "-i"], environment: PrefixVariables(prefix), timeout: TimeSpan.FromMinutes(3)).ShouldExit(0);
        return prefix;
    }

    private static Dictionary<string, string?> PrefixVariables(string prefix) => new()
    {
        ["WINEPREFIX"] = prefix,
        ["WINEARCH"] = "win64",
        ["WINEDEBUG"] = "-all",
        ["WINEDLLOVERRIDES"] = Overrides,
        // Wine shows windows where it can; tests have none.
        ["DISPLAY"] = null,
    };

    private sealed class Installed(string path) : IDisposable
    {
        public void Dispose() => File.Delete(path);
    }
}

/// <summary>Removes the Wine prefix after the last test.</summary>
[SetUpFixture]
public sealed class WineLifetime
{
    [OneTimeTearDown]
    public void RemovePrefix() => WineRunner.Shutdown();
}
