using System.Text.Json;

namespace AotLayers.Native.Tests;

/// <summary>
/// <c>aotlayers.exe record</c> under Wine, on programs that know nothing of it: they find vmcompute.dll in system32, bind by name, are
/// linked with it, or are Go programs.
/// </summary>
public class RecordedWindowsProgramTests
{
    private const int Calls = 140;

    private static readonly string[] s_layer = [@"C:\layers\app", @"C:\layers\base"];

    private static readonly TempFolder s_folder = new();
    private static readonly Lazy<string> s_client = new(static () => CCompiler.MingwGcc.Compile(
        s_folder.File("client.exe"), "-std=c11", Source("c", "export_client.c"), "-lole32"));

    private static string Layers => Path.Combine(PublishedArtifacts.RepositoryRoot, "recordings", "layers");

    private static Dictionary<string, string?> Environment => new() { ["AOTLAYERS_HCS"] = "sim:" + WineRunner.ToWindowsPath(Layers) };

    [OneTimeTearDown]
    public void RemoveClient() => s_folder.Dispose();

    [TestCase("export", Calls)]
    [TestCase("threads 8", 8 * Calls)]
    [TestCase("reload", 2 * Calls)]
    [TestCase("absent", Calls)]
    public void A_program_prints_the_same_and_its_recording_is_whole(string what, int calls)
    {
        using IDisposable installed = WineRunner.InstallInSystem32(PublishedArtifacts.Shim(Platform.Windows));
        using var folder = new TempFolder();
        string[] client = [s_client.Value, "vmcompute.dll", .. s_layer, .. what.Split(' ')];
        string expected = WineRunner.Run(client[0], client[1..], environment: Environment).ShouldExit(0).Output;
        ProcessResult recorded = Record(folder, client).ShouldExit(0);
        JsonElement facts = Check(folder, 0);
        Assert.Multiple(() =>
        {
            Assert.That(recorded.Output, Is.EqualTo(expected));
            Assert.That(recorded.Error, Does.Not.Contain("aotlayers:"));
            Assert.That(facts.GetProperty("calls").GetInt32(), Is.EqualTo(calls));
        });
    }

    [Test]
    public void The_recording_of_a_Go_program_exports_on_Linux_the_layer_that_it_read()
    {
        string go = CompileGo();
        using IDisposable installed = WineRunner.InstallInSystem32(PublishedArtifacts.Shim(Platform.Windows));
        using var folder = new TempFolder();
        string expected = WineRunner.Run(go, [.. s_layer, "1"], environment: Environment).ShouldExit(0).Output;
        ProcessResult recorded = Record(folder, [go, .. s_layer, "1"]).ShouldExit(0);
        Check(folder, 0);
        Export(folder.File("recorded.tar"), "replay:" + folder.File("run.json"));
        Export(folder.File("simulated.tar"), "sim:" + Layers);
        Assert.Multiple(() =>
        {
            Assert.That(recorded.Output, Is.EqualTo(expected));
            Assert.That(recorded.Output, Does.Contain("40 entries").And.Contain("ExportLayerSideways: not there"));
            Assert.That(File.ReadAllBytes(folder.File("recorded.tar")), Is.EqualTo(File.ReadAllBytes(folder.File("simulated.tar"))));
        });
    }

    [Test]
    public void Eight_goroutines_at_once_are_recorded()
    {
        string go = CompileGo();
        using IDisposable installed = WineRunner.InstallInSystem32(PublishedArtifacts.Shim(Platform.Windows));
        using var folder = new TempFolder();
        ProcessResult recorded = Record(folder, [go, .. s_layer, "8"]).ShouldExit(0);
        Assert.Multiple(() =>
        {
            Assert.That(recorded.Output.Split('\n').Count(static l => l.Contains("40 entries", StringComparison.Ordinal)), Is.EqualTo(8));
            Assert.That(Check(folder, 0).GetProperty("calls").GetInt32(), Is.EqualTo(8 * Calls));
        });
    }

    [Test]
    public void A_program_that_is_linked_with_the_library_is_recorded()
    {
        using IDisposable installed = WineRunner.InstallInSystem32(PublishedArtifacts.Shim(Platform.Windows));
        using var folder = new TempFolder();
        File.WriteAllText(folder.File("linked.c"), """
            #include <stdint.h>
            extern int32_t NameToGuid(const uint16_t *name, void *id);
            int main(void) { uint16_t name[] = { 'b', 'a', 's', 'e', 0 }; char id[16]; return NameToGuid(name, id); }
            """);
        string linked = CCompiler.MingwGcc.Compile(
            folder.File("linked.exe"), "-std=c11", folder.File("linked.c"), PublishedArtifacts.Shim(Platform.Windows));
        Record(folder, [linked]).ShouldExit(0);
        Assert.That(Check(folder, 0).GetProperty("calls").GetInt32(), Is.EqualTo(1));
    }

    [Test]
    public void A_program_that_crashes_keeps_its_code_and_its_finished_calls()
    {
        using IDisposable installed = WineRunner.InstallInSystem32(PublishedArtifacts.Shim(Platform.Windows));
        using var folder = new TempFolder();
        string[] client = [s_client.Value, "vmcompute.dll", .. s_layer, "crash", "5"];
        int status = WineRunner.Run(client[0], client[1..], environment: Environment).ExitCode;
        ProcessResult recorded = Record(folder, client).ShouldExit(status);
        JsonElement facts = Check(folder, 3);
        Assert.Multiple(() =>
        {
            Assert.That(status, Is.Not.Zero);
            Assert.That(recorded.Error, Does.Contain("the program was ended"));
            Assert.That(facts.GetProperty("complete").GetBoolean(), Is.False);
            Assert.That(facts.GetProperty("calls").GetInt32(), Is.EqualTo(15));
        });
    }

    [Test]
    public void Status_and_arguments_are_the_programs_own()
    {
        using IDisposable installed = WineRunner.InstallInSystem32(PublishedArtifacts.Shim(Platform.Windows));
        using var folder = new TempFolder();
        Record(folder, [s_client.Value, "vmcompute.dll", .. s_layer, "status", "7"]).ShouldExit(7);
        File.WriteAllText(
            folder.File("arguments.c"),
            "#include <stdio.h>\nint main(int argc, char **argv) { for (int i = 1; i < argc; i++) printf(\"[%s]\\n\", argv[i]); }\n");
        string program = CCompiler.MingwGcc.Compile(folder.File("arguments.exe"), "-std=c11", folder.File("arguments.c"));
        string[] arguments = ["", "a b", "\"", @"back\slash\", @"\\""", "--json", @"quoted \"" and \\"];
        ProcessResult result = Record(folder, [program, .. arguments]).ShouldExit(0);
        Assert.That(result.Output, Is.EqualTo(string.Concat(arguments.Select(static a => $"[{a}]\n"))));
    }

    [Test]
    public void A_32_bit_program_is_refused()
    {
        using var folder = new TempFolder();
        Requires.Program("i686-w64-mingw32-gcc", "mingw-w64");
        File.WriteAllText(folder.File("narrow.c"), "int main(void) { return 0; }\n");
        ProcessRunner.Run("i686-w64-mingw32-gcc", [folder.File("narrow.c"), "-o", folder.File("narrow.exe")]).ShouldExit(0);
        ProcessResult result = Record(folder, [folder.File("narrow.exe")]).ShouldExit(1);
        Assert.Multiple(() =>
        {
            Assert.That(result.Error, Does.Contain("is a 32-bit program"));
            Assert.That(File.Exists(folder.File("run.json")), Is.False);
        });
    }

    private static string Source(string language, string name) =>
        Path.Combine(PublishedArtifacts.RepositoryRoot, "tests", "AotLayers.Native.Tests", language, name);

    private static string CompileGo()
    {
        Requires.Program("go", "golang-go");
        string program = s_folder.File("goclient.exe");
        if (!File.Exists(program))
        {
            ProcessRunner.Run("go", ["build", "-o", program, Source("go", "export_client.go")], environment: new Dictionary<string, string?>
            {
                ["GOOS"] = "windows",
                ["GOARCH"] = "amd64",
                ["CGO_ENABLED"] = "0",
                ["GOFLAGS"] = "-mod=mod",
                ["GO111MODULE"] = "off",
                ["GOCACHE"] = s_folder.File("go-cache"),
            }).ShouldExit(0);
        }

        return program;
    }

    private static ProcessResult Record(TempFolder folder, string[] program) => WineRunner.Run(
        PublishedArtifacts.Cli(Platform.Windows),
        ["record", "-o", WineRunner.ToWindowsPath(folder.File("run.json")), "--", WineRunner.ToWindowsPath(program[0]), .. program[1..]],
        environment: Environment);

    private static JsonElement Check(TempFolder folder, int status) =>
        JsonDocument.Parse(RecordedClient.Cli("recording", "check", "--json", folder.File("run.json")).ShouldExit(status).OutputBytes)
            .RootElement;

    private static void Export(string output, string hcs) =>
        RecordedClient.Cli("export", s_layer[0], "--parent", s_layer[1], "--hcs", hcs, "-o", output).ShouldExit(0);
}
