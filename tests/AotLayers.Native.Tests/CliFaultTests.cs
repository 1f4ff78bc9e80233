using System.Text.Json;

namespace AotLayers.Native.Tests;

/// <summary><c>--fault</c>, its like in the C interface, and <c>aotlayers sweep</c>.</summary>
public sealed class CliFaultTests
{
    [Test]
    public void A_call_fails_with_its_code()
    {
        using TempFolder folder = new();
        ProcessResult result = Export(folder, CliRunner.Simulator, "ExportLayerRead#7=0x80070017").ShouldExit(1);
        JsonElement error = CliRunner.Json(result.Error);
        Assert.That(error.GetProperty("call").GetString(), Is.EqualTo("ExportLayerRead"));
        Assert.That(error.GetProperty("code").GetString(), Is.EqualTo("0x80070017"));
        Assert.That(Directory.GetFileSystemEntries(folder.Path), Is.Empty);
    }

    [TestCase("ExportLayerRead=short:1")]
    [TestCase("vmcompute!ExportLayerRead#3=short:10")]
    [TestCase("*=short:3")]
    public void Short_reads_change_nothing(string fault)
    {
        using TempFolder folder = new();
        string expected = Digest(Export(folder, CliRunner.Simulator));
        string replay = "replay:" + CliRunner.Recording("streaming-export.json");
        Assert.That(Digest(Export(folder, CliRunner.Simulator, fault)), Is.EqualTo(expected));
        Assert.That(Digest(Export(folder, replay, fault)), Is.EqualTo(expected));
    }

    [Test]
    public void An_absent_export_makes_another_reader_and_a_cut_stream_an_error()
    {
        using TempFolder folder = new();
        JsonElement result = CliRunner.Json(Export(folder, CliRunner.Simulator, "absent:ExportLayerBegin").ShouldExit(0).Output);
        Assert.That(result.GetProperty("reader").GetString(), Is.EqualTo("folder"));
        Assert.That(
            Export(folder, CliRunner.Simulator, "ExportLayerRead=cut:100").ShouldExit(1).Error,
            Does.Contain("of a record missing").And.Contain("offset 100"));
    }

    [TestCase("nonsense", 2, "is no fault: expected FUNCTION#N=CODE")]
    [TestCase("ExportLayerRead#0=5", 2, "is no fault")]
    [TestCase("ExportLayerRead#1=0", 2, "is no fault")]
    [TestCase("ExportLayerRaed#1=5", 2, "no API here has ExportLayerRaed")]
    [TestCase("absent:ExportLayerBegun", 2, "no API here has ExportLayerBegun")]
    [TestCase("missing:vmcompote", 2, "no API here has vmcompote")]
    [TestCase("ExportLayerRead#3000=5", 1, "never happened")]
    [TestCase("ImportLayerNext=5", 1, "never happened")]
    public void A_fault_that_cannot_happen_or_did_not_is_an_error(string fault, int exit, string told)
    {
        using TempFolder folder = new();
        ProcessResult result = Export(folder, CliRunner.Simulator, fault).ShouldExit(exit);
        Assert.That(CliRunner.Json(result.Error).GetProperty("message").GetString(), Does.Contain(told));
        Assert.That(Directory.GetFileSystemEntries(folder.Path), Is.Empty);
    }

    [Test]
    public void The_environment_and_the_C_interface_take_faults()
    {
        using TempFolder folder = new();
        ProcessResult result = ProcessRunner.Run(
            PublishedArtifacts.Cli(Platform.Linux),
            [.. CliRunner.ExportApp, "--hcs", CliRunner.Simulator, "-o", folder.File("layer.tar")],
            environment: new Dictionary<string, string?> { ["AOTLAYERS_FAULT"] = "ExportLayerNext#2=0x80070005" });
        Assert.That(result.ShouldExit(1).Error, Does.Contain("ExportLayerNext").And.Contain("0x5"));

        string options = JsonSerializer.Serialize(new
        {
            hcs = CliRunner.Simulator,
            parents = new[] { @"C:\layers\base" },
            faults = new[] { "ExportLayerNext#2=0x80070005" },
        });
        JsonElement error = CliRunner.Json(CCallers.Run(
            Platform.Linux, Linkage.Linked, "tell.c", folder.File("layer.tar"), @"C:\layers\app", options).ShouldExit(1).Output);
        Assert.That(error.GetProperty("call").GetString(), Is.EqualTo("ExportLayerNext"));
        Assert.That(error.GetProperty("code").GetString(), Is.EqualTo("0x80070005"));
    }

    [Test]
    public void No_failing_call_breaks_an_export()
    {
        string[] command =
        [
            PublishedArtifacts.Cli(Platform.Linux), "export", @"C:\layers\deletions", "--parent", @"C:\layers\app", "--parent",
            @"C:\layers\base", "--hcs", CliRunner.Simulator, "-o", "{dir}/layer.tar",
        ];
        JsonElement result = CliRunner.Json(CliRunner.Run(["sweep", "--json", "--", .. command]).ShouldExit(0).Output);
        JsonElement[] runs = [.. result.GetProperty("runs").EnumerateArray()];
        Assert.That(runs, Has.Length.GreaterThan(40));
        Assert.That(runs, Has.All.Matches<JsonElement>(run => run.GetProperty("outcome").GetString() == "failed"));
        Assert.That(result.GetProperty("baseline").GetProperty("leftovers")[0].GetString(), Is.EqualTo("dir/layer.tar"));
    }

    [Test]
    public void A_sweep_finds_what_a_C_program_does_wrong()
    {
        using TempFolder folder = new();
        string source = Path.Combine(PublishedArtifacts.RepositoryRoot, "tests", "AotLayers.Native.Tests", "c", "faulty_client.c");
        string client = CCompiler.Gcc.Compile(folder.File("client"), "-std=gnu11", source, "-ldl");
        ProcessResult result = ProcessRunner.Run(
            PublishedArtifacts.Cli(Platform.Linux),
            [
                "sweep", "--timeout", "2", "--json", "--", client, PublishedArtifacts.Shim(Platform.Linux), @"C:\layers\deletions",
                @"C:\layers\app", @"C:\layers\base", "{dir}",
            ],
            environment: new Dictionary<string, string?> { ["AOTLAYERS_HCS"] = CliRunner.Simulator });
        JsonElement[] runs = [.. CliRunner.Json(result.ShouldExit(3).Output).GetProperty("runs").EnumerateArray()];
        Assert.Multiple(() =>
        {
            Assert.That(Of(runs, "NameToGuid"), Is.All.EqualTo("failed 1  "));
            Assert.That(Of(runs, "ExportLayerBegin"), Is.All.EqualTo("survived 0  "));
            Assert.That(Of(runs, "ExportLayerNext"), Is.All.EqualTo("failed 1 context#1 dir/forgotten"));
            Assert.That(Of(runs, "ExportLayerRead"), Is.All.EqualTo("crashed 134 context#1 "));
            Assert.That(Of(runs, "ExportLayerEnd"), Is.All.EqualTo("hung 137  "));
        });
    }

    [Test]
    public void A_command_that_fails_by_itself_or_calls_nothing_is_not_swept()
    {
        Assert.That(CliRunner.Run("sweep", "--", "false").ShouldExit(1).Error, Does.Contain("fails without a fault already (status 1)"));
        Assert.That(CliRunner.Run("sweep", "--", "true").ShouldExit(1).Error, Does.Contain("made no call"));
        Assert.That(CliRunner.Run("sweep", "--", "/no/such/program").ShouldExit(1).Error, Does.Contain("cannot be started"));
    }

    private static string[] Of(JsonElement[] runs, string function)
    {
        string[] found =
        [
            .. runs.Where(run => run.GetProperty("fault").GetString()!.StartsWith($"vmcompute!{function}#", StringComparison.Ordinal))
                .Select(run => $"{run.GetProperty("outcome")} {run.GetProperty("status")} {Join(run, "leaks")} {Join(run, "leftovers")}"),
        ];
        Assert.That(found, Is.Not.Empty, function);
        return found;
    }

    private static string Join(JsonElement run, string name) => string.Join(',', run.GetProperty(name).EnumerateArray());

    private static ProcessResult Export(TempFolder folder, string hcs, params string[] faults) => CliRunner.Run([
        .. CliRunner.ExportApp, "--hcs", hcs, "-o", folder.File("layer.tar"), "--json", .. faults.SelectMany(f => new[] { "--fault", f }),
    ]);

    private static string Digest(ProcessResult export) =>
        CliRunner.Json(export.ShouldExit(0).Output).GetProperty("diffId").GetString()!;
}
