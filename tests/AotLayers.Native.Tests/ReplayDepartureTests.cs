using System.Text.Json;
using System.Text.RegularExpressions;

namespace AotLayers.Native.Tests;

/// <summary>
/// A replay that leaves its recording tells where it did so first, not what followed from it: everywhere that errors are told.
/// </summary>
public sealed partial class ReplayDepartureTests
{
    private const string App = @"C:\layers\app";

    [Test]
    public void As_text()
    {
        using var folder = new TempFolder();
        ProcessResult result = CliRunner.Run([
            .. CliRunner.ExportApp, "--hcs", "replay:" + WithoutReads(folder), "-o", folder.File("layer.tar")
        ]).ShouldExit(1);

        string[] lines = result.Error.TrimEnd('\n').Split('\n');
        Assert.That(
            lines[0],
            Does.StartWith("aotlayers: call 5, vmcompute!ExportLayerRead: nothing left to answer with").And.Contain(
                $"(layer {App}, parent C:\\layers\\base, entry Files)"));
        Assert.That(lines[1..], Has.Some.StartsWith("  life: context#1 made by ExportLayerBegin (call 2), layerId=" + App));
        Assert.That(result.Error, Does.Not.Contain("out of order").And.Not.Contain("ExportLayerEnd"));
        Assert.That(folder.File("layer.tar"), Does.Not.Exist);
    }

    [Test]
    public void As_JSON()
    {
        using var folder = new TempFolder();
        ProcessResult result =
            CliRunner.Run([.. CliRunner.ExportApp, "--hcs", "replay:" + WithoutReads(folder), "-o", "/dev/null", "--json"]).ShouldExit(1);

        IsTheFirst(CliRunner.Json(result.Error));
    }

    [Test]
    public void Through_C()
    {
        using var folder = new TempFolder();
        string options = JsonSerializer.Serialize(new { hcs = "replay:" + WithoutReads(folder), parents = new[] { @"C:\layers\base" } });

        ProcessResult export = CCallers.Run(Platform.Linux, Linkage.Linked, "tell.c", "/dev/null", App, options).ShouldExit(1);
        ProcessResult reading = CCallers.Run(Platform.Linux, Linkage.Linked, "read_layer.c", "backup", App, options).ShouldExit(1);

        IsTheFirst(CliRunner.Json(export.Output));
        string json = reading.Output.Split('\n').Single(line => line.StartsWith("json ", StringComparison.Ordinal))[5..];

        // It reads with a small buffer: the recorded chunk takes two more calls.
        IsTheFirst(CliRunner.Json(json + "\n"), call: 7);
        Assert.That(reading.Output, Does.Contain("read: 0x80040201 call 7, vmcompute!ExportLayerRead"));
    }

    [Test]
    public void In_the_log_of_the_shim()
    {
        using var folder = new TempFolder();
        string log = folder.File("shim.log");
        ProcessResult result = ProcessRunner.Run(
            PublishedArtifacts.Cli(Platform.Linux),
            [
                .. CliRunner.ExportApp, "--hcs", "lib:" + PublishedArtifacts.Shim(Platform.Linux), "--reader", "stream", "-o",
                "/dev/null", "--json"
            ],
            environment: new Dictionary<string, string?>
            {
                ["AOTLAYERS_HCS"] = "replay:" + WithoutReads(folder),
                ["AOTLAYERS_SHIM_LOG"] = log
            }).ShouldExit(1);

        JsonElement error = CliRunner.Json(result.Error);
        Assert.That(error.GetProperty("call").GetString(), Is.EqualTo("ExportLayerRead"));
        Assert.That(error.GetProperty("code").GetString(), Is.EqualTo("0x80040201"));
        string[] lines = File.ReadAllLines(log);
        Assert.That(lines, Has.Length.EqualTo(2));
        Assert.That(
            lines[0],
            Does.StartWith("ExportLayerRead: call 5, vmcompute!ExportLayerRead: nothing left to answer with").And.Contain(
                "context#1").And.Contain("layerId=" + App));
        Assert.That(lines[1], Does.StartWith("ExportLayerEnd: the recording was left before, at call 5, vmcompute!ExportLayerRead"));
    }

    private static void IsTheFirst(JsonElement error, long call = 5)
    {
        Assert.That(error.GetProperty("call").GetString(), Is.EqualTo("ExportLayerRead"));
        Assert.That(error.GetProperty("code").GetString(), Is.EqualTo("0x80040201"));
        Assert.That(error.GetProperty("layer").GetString(), Is.EqualTo(App));
        Assert.That(error.GetProperty("entry").GetString(), Is.EqualTo("Files"));
        JsonElement replay = error.GetProperty("replay");
        Assert.That(replay.GetProperty("kind").GetString(), Is.EqualTo("exhausted"));
        Assert.That(replay.GetProperty("call").GetInt64(), Is.EqualTo(call));
        Assert.That(replay.GetProperty("function").GetString(), Is.EqualTo("ExportLayerRead"));
        Assert.That(replay.GetProperty("handles")[0].GetString(), Is.EqualTo("context#1"));
        Assert.That(replay.GetProperty("life")[0].GetString(), Does.Contain(App));
    }

    /// <summary>A recording of today's program that lacks all reads but the first, which is the program's fourth call.</summary>
    private static string WithoutReads(TempFolder folder)
    {
        string recording = folder.File("run.json");
        CliRunner.Run([.. CliRunner.ExportApp, "--hcs", CliRunner.Simulator, "-o", "/dev/null", "--record", recording]).ShouldExit(0);
        bool kept = false;
        List<string> lines = [];
        int removed = 0;
        foreach (string line in File.ReadAllLines(recording))
        {
            bool read = line.Contains("\"fn\":\"ExportLayerRead\"", StringComparison.Ordinal);
            if (read && kept)
            {
                removed++;
                continue;
            }

            kept |= read;
            lines.Add(line);
        }

        Assert.That(removed, Is.GreaterThan(1));
        File.WriteAllText(recording, CallCount()
            .Replace(string.Join('\n', lines) + "\n", match => $"\"end\":{{\"calls\":{int.Parse(match.Groups[1].ValueSpan) - removed}"));
        return recording;
    }

    [GeneratedRegex("\"end\":\\{\"calls\":(\\d+)")]
    private static partial Regex CallCount();
}
