using System.Text.Json;

namespace AotLayers.Native.Tests;

/// <summary>
/// A recording whose author wants the reader's terminal: nothing of it reaches a terminal or a log as it is, and JSON has all of it.
/// </summary>
public sealed class HostileTextTests
{
    /// <summary>Sets a window's title, goes up a line, erases it, turns letters round.</summary>
    private const string Attack = "\u001b]0;owned\u0007\u009b1A\u001b[2K\u202Egpj";

    private static string Json => "\\u001b]0;owned\\u0007\\u009b1A\\u001b[2K\\u202Egpj";

    [TestCase("show")]
    [TestCase("check")]
    public void Recordings_are_shown_without_it(string command)
    {
        using var folder = new TempFolder();
        ProcessResult result = CliRunner.Run("recording", command, Recording(folder));

        IsTame(result);
        if (command == "show")
        {
            // In the tool's name, a layer's path and an entry's name.
            Assert.That(result.Output.Split('\n')[0], Does.Contain(@"\u001b]0;owned\u0007\u009b1A\u001b[2K\u202egpj"));
            Assert.That(
                result.Output,
                Does.Contain(@"layerId=""C:\layers\app\u001b]0;owned").And.Contain(@"fileName=""\Files\hello\u001b]0;owned"));
        }
    }

    [Test]
    public void JSON_stays_exact()
    {
        using var folder = new TempFolder();
        ProcessResult result = CliRunner.Run("recording", "show", Recording(folder), "--json").ShouldExit(0);

        Assert.That(CliRunner.Json(result.Output).GetProperty("origin").GetProperty("tool").GetString(), Does.Contain(Attack));
    }

    [Test]
    public void Errors_are_told_without_it()
    {
        using var folder = new TempFolder();
        string recording = Recording(folder);
        ProcessResult text = CliRunner.Run([.. CliRunner.ExportApp, "--hcs", "replay:" + recording, "-o", "/dev/null"]).ShouldExit(1);
        ProcessResult json = CliRunner.Run([.. CliRunner.ExportApp, "--hcs", "replay:" + recording, "-o", "/dev/null", "--json"])
            .ShouldExit(1);

        IsTame(text);
        Assert.That(text.Error, Does.Contain(@"\u001b]0;owned"));
        Assert.That(CliRunner.Json(json.Error).GetProperty("message").GetString(), Does.Contain("app" + Attack).Or.Contain("app" + Json));
    }

    [Test]
    public void Arguments_are_told_without_it()
    {
        IsTame(CliRunner.Run("export", "X" + Attack, "-o", "/dev/null", "--hcs", "sim:/nowhere" + Attack).ShouldExit(1));
        IsTame(CliRunner.Run("export", "X", "Y" + Attack, "-o", "/dev/null").ShouldExit(2));
    }

    [Test]
    public void Losses_and_entries_are_told_without_it()
    {
        using var folder = new TempFolder();
        string layer = Directory.CreateDirectory(folder.File("machine/app")).FullName;
        File.WriteAllText(Path.Combine(layer, "layer.json"), $$"""
            {
              "defaults": { "time": 131000000012345678, "fileSecurity": "", "directorySecurity": "" },
              "entries": [
                { "path": "Files", "directory": true },
                { "path": "Files\\x{{Json}}\n2: forged.txt", "text": "hello", "streams": [{ "name": "ads{{Json}}", "text": "ads" }] }
              ]
            }
            """);
        ProcessResult result = CliRunner.Run("export", App, "--hcs", "sim:" + folder.File("machine"), "-o", folder.File("layer.tar"));

        IsTame(result);
        string attacked = folder.File("evil\u001b]0;owned\u0007.tar");
        IsTame(CliRunner.Run("export", App, "--hcs", "sim:" + folder.File("machine"), "-o", attacked));
    }

    [Test]
    public void The_log_of_the_shim_is_without_it()
    {
        using var folder = new TempFolder();
        string log = folder.File("shim.log");
        ProcessRunner.Run(
            PublishedArtifacts.Cli(Platform.Linux),
            [.. CliRunner.ExportApp, "--hcs", "lib:" + PublishedArtifacts.Shim(Platform.Linux), "--reader", "stream", "-o", "/dev/null"],
            environment: new Dictionary<string, string?>
            {
                ["AOTLAYERS_HCS"] = "replay:" + Recording(folder),
                ["AOTLAYERS_SHIM_LOG"] = log
            }).ShouldExit(1);

        string text = File.ReadAllText(log);
        Assert.That(text, Does.Contain(@"\u001b]0;owned"));
        Assert.That(text.Where(c => char.IsControl(c) && c != '\n'), Is.Empty);
    }

    private const string App = @"C:\layers\app";

    /// <summary>No control character but the ends of lines, and nothing that turns letters.</summary>
    private static void IsTame(ProcessResult result)
    {
        string text = result.Output + result.Error;
        Assert.That(text, Is.Not.Empty);
        Assert.That(text.Where(c => (char.IsControl(c) && c != '\n') || c is '\u202E' or '\u2028'), Is.Empty, result.ToString());
        Assert.That(text.Split('\n'), Has.None.StartsWith("2: forged"));
    }

    /// <summary>A recording of today's program, with the attack in its header, in a layer's path and in an entry's name.</summary>
    private static string Recording(TempFolder folder)
    {
        string recording = folder.File("run.json");
        CliRunner.Run([.. CliRunner.ExportApp, "--hcs", CliRunner.Simulator, "-o", "/dev/null", "--record", recording]).ShouldExit(0);
        string text = File.ReadAllText(recording);
        string attacked = text
            .Replace("\"tool\":\"", "\"tool\":\"" + Json, StringComparison.Ordinal)
            .Replace("\"layerId\":\"C:\\\\layers\\\\app", "\"layerId\":\"C:\\\\layers\\\\app" + Json, StringComparison.Ordinal)
            .Replace("\"fileName\":\"\\\\Files\\\\hello", "\"fileName\":\"\\\\Files\\\\hello" + Json, StringComparison.Ordinal);
        Assert.That(attacked.Split("owned"), Has.Length.GreaterThan(3));
        File.WriteAllText(recording, attacked);
        return recording;
    }
}
