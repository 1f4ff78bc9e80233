using System.Text.Json;

namespace AotLayers.Native.Tests;

/// <summary>Verifying and converting as C programs do it.</summary>
[TestFixture(Platform.Linux, Linkage.Linked)]
[TestFixture(Platform.Windows, Linkage.Loaded)]
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
internal sealed class CVerifyTests(Platform platform, Linkage linkage) : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Test]
    public void Findings_come_one_by_one_and_are_those_of_the_command_line()
    {
        string tar = Export();
        string output = Run("verify_layer.c", "-1", InPath(tar)).ShouldExit(0).Output;
        JsonElement expected = CliRunner.Json(CliRunner.Run("verify", tar, "--json").ShouldExit(3).Output);
        foreach (JsonElement finding in expected.GetProperty("findings").EnumerateArray())
        {
            Assert.That(output, Does.Contain($"{Text(finding, "rule")} {Text(finding, "name")} "));
        }

        Assert.That(output, Does.Contain("\nerrors 1\nwarnings 2\nnotes 0\nnotTold 0\n").And.Contain("diffId " + Text(expected, "diffId")));
        JsonElement result = Json(output);
        Assert.That(result.GetProperty("digest").GetString(), Is.EqualTo(CliRunner.Sha256(tar)));
        Assert.That(result.TryGetProperty("findings", out _), Is.False);
    }

    [Test]
    public void Options_switch_rules_off_and_a_callback_stops()
    {
        string tar = Export();
        const string Off = """{"disable":["AOTV044=known","AOTV033=known","AOTV061=known"]}""";
        string output = Run("verify_layer.c", "-1", InPath(tar), Off).ShouldExit(0).Output;
        Assert.That(output, Does.Contain("errors 0\nwarnings 0\n"));
        Assert.That(Json(output).GetProperty("disabled").GetArrayLength(), Is.EqualTo(3));
        Assert.That(
            Run("verify_layer.c", "1", InPath(tar)).ShouldExit(1).Output,
            Does.Contain("0x800704C7").And.Contain("stopped by the callback"));
        Assert.That(
            Run("verify_layer.c", "-1", InPath(tar), """{"disable":["AOTV044"]}""").ShouldExit(1).Output,
            Does.Contain("option 'disable'"));
        Assert.That(Run("verify_layer.c", "-1", InPath(tar), """{"lossless":true}""").ShouldExit(1).Output, Does.Contain("is not known"));
    }

    [Test]
    public void A_layer_is_converted_and_its_metadata_is_read()
    {
        string tar = Export();
        string gzip = _folder.File("app.tar.gz");
        string output = Run("convert_layer.c", InPath(gzip), InPath(tar)).ShouldExit(0).Output;
        Assert.That(output, Does.Contain("losses 0\nreader tar\n"));
        Assert.That(Json(output).GetProperty("diffId").GetString(), Is.EqualTo(CliRunner.Sha256(tar)));
        JsonElement again = CliRunner.Json(CliRunner.Run("verify", gzip, "--json").Output);
        Assert.That(Text(again, "diffId"), Is.EqualTo(CliRunner.Sha256(tar)));
        Assert.That(output, Does.Contain(@" reparse 0xA0000003 C:\Users eas 0 streams 0 -"));
        Assert.That(output, Does.Contain(@"Files\notes.txt security ").And.Contain(" streams 2 ads.txt"));
        Assert.That(output, Does.Not.Contain("twice"));
        string line = output.Split('\n').Single(line => line.StartsWith("entry {\"name\":\"Files\\\\Users\"", StringComparison.Ordinal));
        string inspected = CliRunner.Run("inspect", tar, @"Files\Users", "--json").ShouldExit(0).Output;
        Assert.That(inspected, Does.Contain(line["entry ".Length..]));
    }

    [Test]
    public void A_transport_folder_is_made_with_options()
    {
        // Wine keeps its files where a name with half of a surrogate pair, which the app has, cannot be.
        string tar = platform == Platform.Linux ? Export() : ExportBase();
        string folder = _folder.File("layer");
        const string Skip = """{"target":"folder","unsupported":"skip"}""";
        Run("convert_layer.c", InPath(folder), InPath(tar), Skip).ShouldExit(0);
        Assert.That(Directory.Exists(Path.Combine(folder, "Files")), Is.True);
        Assert.That(File.Exists(Path.Combine(folder, "tombstones.txt")), Is.True);
        Assert.That(
            Run("convert_layer.c", InPath(folder), InPath(tar), """{"target":"folder","compression":"gzip"}""").ShouldExit(1).Output,
            Does.Contain("option 'compression' is for tars"));
    }

    private string Export()
    {
        string tar = _folder.File("app.tar");
        CliRunner.Run([.. CliRunner.ExportApp, "-o", tar, "--hcs", CliRunner.Simulator]).ShouldExit(0);
        return tar;
    }

    private string ExportBase()
    {
        string tar = _folder.File("base.tar");
        CliRunner.Run("export", @"C:\layers\base", "-o", tar, "--hcs", CliRunner.Simulator).ShouldExit(0);
        return tar;
    }

    private static string Text(JsonElement element, string name) => element.GetProperty(name).GetString()!;

    private static JsonElement Json(string output)
    {
        string line = output.Split('\n').Single(line => line.StartsWith("json ", StringComparison.Ordinal));
        using var document = JsonDocument.Parse(line["json ".Length..]);
        return document.RootElement.Clone();
    }

    private string InPath(string path) => CCallers.PathFor(platform, path);

    private ProcessResult Run(string source, params string[] arguments) => CCallers.Run(platform, linkage, source, arguments);
}
