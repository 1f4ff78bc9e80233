namespace AotLayers.Native.Tests;

/// <summary>
/// The library that stands in for vmcompute: the published program finds it where Windows has the real one, and careless C callers get
/// codes from it.
/// </summary>
public class ShimTests
{
    private const string Variable = "AOTLAYERS_HCS";

    private static readonly string[] s_export = ["export", @"C:\layers\app", "--parent", @"C:\layers\base"];

    private static string Recordings => Path.Combine(PublishedArtifacts.RepositoryRoot, "recordings");

    [TestCase("replay:", "streaming-export.json")]
    [TestCase("sim:", "layers")]
    public void The_Windows_program_on_the_shim_in_system32_writes_what_the_Linux_program_writes(string kind, string source)
    {
        using var folder = new TempFolder();
        string path = Path.Combine(Recordings, source);
        ProcessRunner.Run(PublishedArtifacts.Cli(Platform.Linux), [.. s_export, "--hcs", kind + path, "-o", folder.File("linux.tar")])
            .ShouldExit(0);
        using (WineRunner.InstallInSystem32(PublishedArtifacts.Shim(Platform.Windows)))
        {
            ExportUnderWine(folder, kind + WineRunner.ToWindowsPath(path)).ShouldExit(0);
        }

        Assert.That(File.ReadAllBytes(folder.File("windows.tar")), Is.EqualTo(File.ReadAllBytes(folder.File("linux.tar"))));
    }

    [Test]
    public void The_Windows_program_says_that_there_is_no_library()
    {
        using var folder = new TempFolder();
        ProcessResult result = ExportUnderWine(folder, machine: null).ShouldExit(1);
        Assert.Multiple(() =>
        {
            Assert.That(result.Error, Does.Contain("Failed to load vmcompute.dll"));
            Assert.That(File.Exists(folder.File("windows.tar")), Is.False);
            Assert.That(TransportFolders(), Is.Empty);
        });
    }

    [Test]
    public void The_Windows_program_says_which_export_is_missing()
    {
        using var folder = new TempFolder();
        string source = folder.File("only_name_to_guid.c");
        File.WriteAllText(source, "__declspec(dllexport) int NameToGuid(const void *name, char *id) { (void)name; for (int i = 0; i < "
            + "16; i++) id[i] = 1; return 0; }");
        string dll = CCompiler.MingwGcc.Compile(folder.File("vmcompute.dll"), "-shared", source);
        using IDisposable installed = WineRunner.InstallInSystem32(dll);
        ProcessResult result = ExportUnderWine(folder, machine: null).ShouldExit(1);
        Assert.Multiple(() =>
        {
            Assert.That(result.Error, Does.Contain("Failed to find ExportLayer procedure in vmcompute.dll"));
            Assert.That(File.Exists(folder.File("windows.tar")), Is.False);
            Assert.That(TransportFolders(), Is.Empty);
        });
    }

    [TestCase(Platform.Linux, "sim:")]
    [TestCase(Platform.Windows, "sim:")]
    public void A_careless_C_caller_gets_codes(Platform platform, string kind)
    {
        using var folder = new TempFolder();
        ProcessResult result = RunCaller(platform, folder, kind + PathFor(platform, Path.Combine(Recordings, "layers"))).ShouldExit(0);
        Assert.That(result.Output, Does.Match(@"^[1-9]\d* entries\n$"));
    }

    [TestCase(null, "AOTLAYERS_HCS is not set")]
    [TestCase("nonsense", "says no HCS")]
    [TestCase("native", "answers from replay:FILE or sim:DIR only")]
    [TestCase("replay:/does/not/exist.json", "/does/not/exist.json")]
    public void What_the_environment_lacks_is_a_code_and_a_line_in_the_log(string? machine, string expected)
    {
        using var folder = new TempFolder();
        RunCaller(Platform.Linux, folder, machine).ShouldExit(1);
        Assert.That(File.ReadAllText(folder.File("shim.log")), Does.Contain(expected));
    }

    private static ProcessResult ExportUnderWine(TempFolder folder, string? machine) => WineRunner.Run(
        PublishedArtifacts.Cli(Platform.Windows),
        [.. s_export, "-o", WineRunner.ToWindowsPath(folder.File("windows.tar"))],
        environment: new Dictionary<string, string?> { [Variable] = machine });

    private static ProcessResult RunCaller(Platform platform, TempFolder folder, string? machine)
    {
        string source = Path.Combine(PublishedArtifacts.RepositoryRoot, "tests", "AotLayers.Native.Tests", "c", "shim_caller.c");
        string library = PublishedArtifacts.Shim(platform);
        var environment =
            new Dictionary<string, string?> { [Variable] = machine, ["AOTLAYERS_SHIM_LOG"] = PathFor(platform, folder.File("shim.log")) };
        if (platform == Platform.Windows)
        {
            string exe = CCompiler.MingwGcc.Compile(folder.File("caller.exe"), "-std=c11", source, "-lole32");
            return WineRunner.Run(exe, [PathFor(platform, library)], environment: environment);
        }

        string program = CCompiler.Gcc.Compile(folder.File("caller"), "-std=c11", source, "-ldl");
        return ProcessRunner.Run(program, [library], environment: environment);
    }

    private static string PathFor(Platform platform, string path) => platform == Platform.Windows ? WineRunner.ToWindowsPath(path) : path;

    private static string[] TransportFolders() =>
        [.. Directory.EnumerateDirectories(
            WineRunner.DriveC,
            "hcs*",
            new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.ReparsePoint })];
}
