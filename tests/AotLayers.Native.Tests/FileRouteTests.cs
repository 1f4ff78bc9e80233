using System.Text.Json;

namespace AotLayers.Native.Tests;

/// <summary>
/// The Windows program imports and exports layers by file calls and backup streams, under Wine, with a library written in C in place of
/// what Wine lacks: the base-layer walk, the folder reader and both folder writers on real files. The tars come from the simulator.
/// </summary>
public sealed class FileRouteTests
{
    private const string Streams = """
        "security": "O:BAG:SYD:(A;;FA;;;BA)", "eas": [{ "name": "A", "text": "value" }],
        "streams": [{ "name": "ads.txt", "text": "another stream" }]
        """;

    private const string Base = $$"""
        { "defaults": { "time": 131000000012345678 }, "entries": [
          { "path": "Files", "directory": true },
          { "path": "Files\\Windows", "directory": true, "attributes": "0x12", "time": 131000000000000001 },
          { "path": "Files\\Windows\\all.bin", "pattern": 7, "size": 70000, "attributes": "0x23", {{Streams}} },
          { "path": "Files\\Windows\\twin.bin", "linkTo": "Files\\Windows\\all.bin" },
          { "path": "Files\\Windows\\gone.txt", "text": "hidden by the layer above" },
          { "path": "Files\\Windows\\sparse.dat", "sparse": { "size": 200000, "ranges": [
            { "offset": 0, "text": "first" }, { "offset": 150000, "text": "last" } ] } },
          { "path": "Files\\nul.", "text": "a name of its own" },
          { "path": "Files\\link", "directory": true, "reparse": { "junction": "C:\\Users" } },
          { "path": "UtilityVM\\Files\\twin.bin", "linkTo": "Files\\Windows\\all.bin" }
        ] }
        """;

    private const string App = $$"""
        { "parents": ["base"], "defaults": { "time": 131000000012345678 }, "tombstones": ["Files\\Windows\\gone.txt"], "entries": [
          { "path": "Files", "directory": true },
          { "path": "Files\\Windows", "directory": true, "attributes": "0x12", "time": 131000000000000001 },
          { "path": "Files\\Windows\\new.bin", "pattern": 9, "size": 150000, "attributes": "0x23", {{Streams}} },
          { "path": "Files\\Grüße", "text": "", "time": 131000000000000002 },
          { "path": "Files\\link", "reparse": { "symlink": "..\\elsewhere" } },
          { "path": "Hives", "directory": true },
          { "path": "Hives\\System_Delta", "text": "regf" }, { "path": "Hives\\Software_Delta", "text": "regf" },
          { "path": "Hives\\Sam_Delta", "text": "regf" }, { "path": "Hives\\Security_Delta", "text": "regf" },
          { "path": "Hives\\DefaultUser_Delta", "text": "" }
        ] }
        """;

    [Test]
    public void Layers_survive_import_and_export_through_real_files()
    {
        using var folder = new TempFolder();
        var machine = new Machine(folder);
        string baseTar = machine.MakeTar("base", out string baseId);
        string appTar = machine.MakeTar("app", out string appId);

        JsonElement imported = CliRunner.Json(machine.Run(["import", baseTar, machine.Layer("base"), "--json"]).ShouldExit(0).Output);
        Assert.That(imported.GetProperty("writer").GetString(), Is.EqualTo("base"));
        Assert.That(imported.GetProperty("hardLinks").GetInt32(), Is.EqualTo(2));
        Assert.That(imported.GetProperty("warnings").GetArrayLength(), Is.Zero);
        JsonElement exported = machine.Export("base");
        Assert.That(exported.GetProperty("reader").GetString(), Is.EqualTo("base"));
        Assert.That(exported.GetProperty("diffId").GetString(), Is.EqualTo(baseId));

        string[] parent = ["--parent", machine.Layer("base")];
        imported = CliRunner.Json(machine.Run(["import", appTar, machine.Layer("app"), .. parent, "--json"]).ShouldExit(0).Output);
        Assert.That(imported.GetProperty("writer").GetString(), Is.EqualTo("folder"));
        Assert.That(imported.GetProperty("warnings").GetArrayLength(), Is.Zero);
        exported = machine.Export("app", parent);
        Assert.That(exported.GetProperty("reader").GetString(), Is.EqualTo("folder"));
        Assert.That(exported.GetProperty("diffId").GetString(), Is.EqualTo(appId));
        machine.AssertTidy("app", "base");

        // The names of a file are one file.
        FileInfo twin = new(Path.Combine(folder.Path, "layers", "base", "UtilityVM", "Files", "twin.bin"));
        Assert.That(ProcessRunner.Run("stat", ["-c", "%h", twin.FullName]).ShouldExit(0).Output.Trim(), Is.EqualTo("3"));
    }

    /// <summary>Each command is a process of its own, and all are on one machine, which lacks the streaming calls.</summary>
    [TestCase(Platform.Linux)]
    [TestCase(Platform.Windows)]
    public void They_survive_on_a_simulated_machine_too(Platform platform)
    {
        using var folder = new TempFolder();
        var machine = new Machine(folder);
        machine.MakeTar("base", out string baseId);
        machine.MakeTar("app", out string appId);
        string hcs = $"sim:{folder.File("sim")}?state={folder.File("state")}&absent=ImportLayerBegin,ExportLayerBegin";
        string[] parent = ["--parent", @"C:\layers\mybase"];
        Run(["import", folder.File("base.tar"), @"C:\layers\mybase", "--writer", "base"]);
        Assert.That(Run(["export", @"C:\layers\mybase", "-o", folder.File("again.tar")]), Does.Contain("diffId " + baseId));
        Run(["import", folder.File("app.tar"), @"C:\layers\myapp", .. parent, "--writer", "folder"]);
        Assert.That(Run(["export", @"C:\layers\myapp", .. parent, "-o", folder.File("again.tar")]), Does.Contain("diffId " + appId));
        Assert.That(Run(["exists", @"C:\layers\myapp"]), Does.StartWith("yes"));
        Assert.That(Directory.GetFileSystemEntries(Path.Combine(folder.File("state"), "importing")), Is.Empty);

        string Run(string[] arguments) => (platform == Platform.Windows
            ? WineRunner.Run(PublishedArtifacts.Cli(platform), [.. arguments, "--hcs", hcs])
            : CliRunner.Run([.. arguments, "--hcs", hcs])).ShouldExit(0).Output;
    }

    [TestCase("folder")]
    [TestCase("base", "--parent", @"C:\layers\base")]
    public void A_writer_that_does_not_fit_the_parents_is_a_usage_error(string writer, params string[] parents)
    {
        ProcessResult result = CliRunner.Run(
            ["import", "x.tar", @"C:\layers\new", .. parents, "--writer", writer, "--hcs", CliRunner.Simulator]).ShouldExit(2);
        Assert.That(result.Error, Does.Contain("--writer " + writer).And.Contain("--writer auto"));
    }

    /// <summary>The process ends as by kill -9, at another step each time; the next import finds what it left.</summary>
    [TestCase("base", 30, 0)]
    [TestCase("app", 30, 1)]
    [TestCase("app", 55, 1)]
    public void A_killed_import_is_cleaned_up_by_the_next_one(string layer, int steps, int temporary)
    {
        using var folder = new TempFolder();
        var machine = new Machine(folder);
        string[] parent = layer == "app" ? ["--parent", machine.Layer("base")] : [];
        if (layer == "app")
        {
            machine.Run(["import", machine.MakeTar("base", out _), machine.Layer("base")]).ShouldExit(0);
        }

        string tar = machine.MakeTar(layer, out string diffId);
        machine.Run(["import", tar, machine.Layer(layer), .. parent], kill: steps).ShouldExit(137);
        Assert.That(File.Exists(Path.Combine(folder.Path, "layers", layer + ".importing")), "the step came before the import began");
        Assert.That(Directory.GetDirectories(folder.File("temp")), Has.Length.EqualTo(temporary));
        Assert.That(machine.Run(["exists", machine.Layer(layer)]).ShouldExit(3).Output, Does.StartWith("no"));
        machine.Run(["import", tar, machine.Layer(layer), .. parent]).ShouldExit(0);
        Assert.That(machine.Export(layer, parent).GetProperty("diffId").GetString(), Is.EqualTo(diffId));
        machine.AssertTidy([layer, .. layer == "app" ? ["base"] : Array.Empty<string>()]);
    }

    [Test]
    public void A_cut_tar_leaves_no_file()
    {
        using var folder = new TempFolder();
        var machine = new Machine(folder);
        string tar = folder.File("cut.tar");
        machine.MakeTar("base", out _);
        File.WriteAllBytes(tar, File.ReadAllBytes(folder.File("base.tar"))[..90000]);
        ProcessResult result = machine.Run(["import", WineRunner.ToWindowsPath(tar), machine.Layer("base")]).ShouldExit(1);
        Assert.That(result.Error, Does.Contain("nothing was imported"));
        machine.AssertTidy();
        Assert.That(Directory.GetFiles(folder.File("store")), Is.Empty, "the files' other streams are gone with them");
    }

    /// <summary>A folder of layers below Wine, and the library that knows what to do with it.</summary>
    private sealed class Machine
    {
        private readonly TempFolder _folder;
        private readonly string _library;

        public Machine(TempFolder folder)
        {
            _folder = folder;
            foreach (string name in (string[])["layers", "store", "temp", "sim/base", "sim/app"])
            {
                Directory.CreateDirectory(folder.File(name));
            }

            File.WriteAllText(folder.File("sim/base/layer.json"), Base);
            File.WriteAllText(folder.File("sim/app/layer.json"), App);
            string source = Path.Combine(PublishedArtifacts.RepositoryRoot, "tests", "AotLayers.Native.Tests", "standin", "layer_machine");
            _library = CCompiler.MingwGcc.Compile(
                folder.File("layer_machine.dll"), "-std=c11", "-shared", source + ".c", source + ".def");
        }

        /// <summary>The tar of a layer of the simulator, as the same reader gives it.</summary>
        public string MakeTar(string layer, out string diffId)
        {
            string tar = _folder.File(layer + ".tar");
            string[] parent = layer == "app" ? ["--parent", @"C:\layers\base"] : [];
            string reader = layer == "app" ? "folder" : "base";
            diffId = CliRunner.Json(CliRunner.Run(
                [
                    "export", @"C:\layers\" + layer, .. parent, "--reader", reader,
                    "--hcs", "sim:" + _folder.File("sim"), "-o", tar, "--json",
                ]).ShouldExit(0).Output).GetProperty("diffId").GetString()!;
            return WineRunner.ToWindowsPath(tar);
        }

        public string Layer(string name) => WineRunner.ToWindowsPath(Path.Combine(_folder.Path, "layers", name));

        public JsonElement Export(string layer, params string[] more) => CliRunner.Json(Run(
            ["export", Layer(layer), .. more, "-o", WineRunner.ToWindowsPath(_folder.File("again.tar")), "--json"]).ShouldExit(0).Output);

        public ProcessResult Run(string[] arguments, int kill = 0) => WineRunner.Run(
            PublishedArtifacts.Cli(Platform.Windows),
            [.. arguments, "--hcs", "lib:" + WineRunner.ToWindowsPath(_library)],
            environment: new Dictionary<string, string?>
            {
                ["LAYERMACHINE_STORE"] = WineRunner.ToWindowsPath(_folder.File("store")),
                ["LAYERMACHINE_KILL"] = kill == 0 ? null : kill.ToString(System.Globalization.CultureInfo.InvariantCulture),
                ["LAYERMACHINE_TEMP"] = WineRunner.ToWindowsPath(_folder.File("temp")) + @"\",
            });

        /// <summary>There are these layers and nothing else: no mark, no temporary folder.</summary>
        public void AssertTidy(params string[] layers)
        {
            Assert.That(
                Directory.GetFileSystemEntries(_folder.File("layers")).Select(Path.GetFileName).Order(StringComparer.Ordinal),
                Is.EqualTo(layers.Order(StringComparer.Ordinal)));
            Assert.That(Directory.GetFileSystemEntries(_folder.File("temp")), Is.Empty);
        }
    }
}
