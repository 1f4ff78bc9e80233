using System.Text.Json;

namespace AotLayers.Native.Tests;

/// <summary>aotlayers when something is wrong: exit statuses, and errors that hold all facts.</summary>
public sealed class CliErrorTests
{
    private static readonly string[] s_unreadable =
        ["export", @"C:\layers\unreadable", "--parent", @"C:\layers\base", "--hcs", CliRunner.Simulator];

    [Test]
    public void JSON_error_holds_the_facts_one_by_one()
    {
        using TempFolder folder = new();
        ProcessResult result = CliRunner.Run([.. s_unreadable, "-o", folder.File("layer.tar"), "--json"]).ShouldExit(1);

        Assert.That(result.Output, Is.Empty);
        JsonElement error = CliRunner.Json(result.Error);
        Assert.That(error.GetProperty("call").GetString(), Is.EqualTo("ExportLayerRead"));

        // ERROR_FILE_CORRUPT, 1392 (winerror.h).
        Assert.That(error.GetProperty("code").GetString(), Is.EqualTo("0x80070570"));
        Assert.That(error.GetProperty("layer").GetString(), Is.EqualTo(@"C:\layers\unreadable"));
        Assert.That(error.GetProperty("parents")[0].GetString(), Is.EqualTo(@"C:\layers\base"));
        Assert.That(error.GetProperty("entry").GetString(), Is.EqualTo(@"Files\damaged.bin"));
        Assert.That(error.TryGetProperty("hint", out _), Is.True);
        Assert.That(
            error.GetProperty("message").GetString(),
            Does.Contain("ExportLayerRead").And.Contain("0x570").And.Contain(@"Files\damaged.bin"));
    }

    [Test]
    public void Plain_error_holds_the_same_facts_in_one_sentence()
    {
        using TempFolder folder = new();
        ProcessResult result = CliRunner.Run([.. s_unreadable, "-o", folder.File("layer.tar")]).ShouldExit(1);

        Assert.That(result.Output, Is.Empty);
        Assert.That(
            result.Error.Split('\n')[0],
            Does.StartWith("aotlayers: ").And.Contain("ExportLayerRead").And.Contain("0x570").And.Contain(
                @"C:\layers\unreadable").And.Contain(@"Files\damaged.bin"));
        Assert.That(result.ErrorBytes, Does.Not.Contain((byte)0x1b), "no colour where there is no terminal");
    }

    [Test]
    public void Code_has_a_hint_where_one_is_known()
    {
        // ExportLayer refuses layers without parents (docs/formats/base-layer.md).
        ProcessResult result = CliRunner.Run(
            "export",
            @"C:\layers\base",
            "--reader",
            "folder",
            "--hcs",
            CliRunner.SimulatorWithoutStreaming,
            "-o",
            "/dev/null",
            "--json").ShouldExit(1);

        JsonElement error = CliRunner.Json(result.Error);
        Assert.That(error.GetProperty("call").GetString(), Is.EqualTo("ExportLayer"));
        Assert.That(error.GetProperty("code").GetString(), Is.EqualTo("0x80070057"));
        Assert.That(error.GetProperty("hint").GetString(), Does.Contain("base reader"));
    }

    [TestCase("no command at all")]
    [TestCase("'nonsense'", "nonsense")]
    [TestCase("Required command", "recording")]
    [TestCase("'extra'", "export", "X", "extra", "-o", "/dev/null")]
    [TestCase("--unknown", "export", "X", "-o", "/dev/null", "--unknown")]
    [TestCase("--output", "export", "X")]
    [TestCase("LAYER is empty", "export", "", "-o", "/dev/null")]
    [TestCase("--parent", "export", "X", "-o", "/dev/null", "--parent")]
    [TestCase("sideways", "export", "X", "-o", "/dev/null", "--reader", "sideways")]
    [TestCase("--reader base", "export", "X", "-o", "/dev/null", "--reader", "base", "--parent", "Y")]
    [TestCase("says no HCS", "export", "X", "-o", "/dev/null", "--hcs", "magic:x")]
    [TestCase("lacks its path", "export", "X", "-o", "/dev/null", "--hcs", "replay:")]
    [TestCase("does not know 'colour=red'", "export", "X", "-o", "/dev/null", "--hcs", "sim:/?colour=red")]
    [TestCase("--record-data needs", "export", "X", "-o", "/dev/null", "--record-data", "digest")]
    [TestCase("--timing needs", "export", "X", "-o", "/dev/null", "--timing")]
    [TestCase("--replay-order needs", "export", "X", "-o", "/dev/null", "--replay-order", "strict")]
    [TestCase("same file", "export", "X", "-o", "same.json", "--record", "./same.json")]
    [TestCase("would overwrite the recording", "export", "X", "-o", "/tmp/./run.json", "--hcs", "replay:/tmp/run.json")]
    [TestCase(
        "would overwrite the recording",
        "export",
        "X",
        "-o",
        "/dev/null",
        "--hcs",
        "replay:/tmp/run.json",
        "--record",
        "/tmp/../tmp/run.json")]
    [TestCase("bare id", "export", "a/b", "--home", "/layers", "-o", "/dev/null")]
    [TestCase("--flavour is 0 or 1", "export", "X", "--flavour", "7", "-o", "/dev/null")]
    [TestCase("--calls", "recording", "show", "run.json", "--calls", "9-2")]
    public void Wrong_command_line_is_one_clear_line_and_status_two(string expected, params string[] arguments)
    {
        ProcessResult result = CliRunner.Run(arguments).ShouldExit(2);

        Assert.That(result.Output, Is.Empty);
        if (arguments.Length == 0)
        {
            Assert.That(result.Error, Does.Contain("Usage:"));
            return;
        }

        string[] lines = result.Error.TrimEnd('\n').Split('\n');
        Assert.That(lines, Has.Length.EqualTo(2), result.Error);
        Assert.That(lines[0], Does.StartWith("aotlayers: ").And.Contain(expected));
        Assert.That(lines[1], Does.StartWith("hint: see 'aotlayers"));
    }

    [Test]
    public void Wrong_command_line_is_JSON_where_JSON_was_asked_for()
    {
        ProcessResult result = CliRunner.Run("export", "--json").ShouldExit(2);

        Assert.That(CliRunner.Json(result.Error).GetProperty("message").GetString(), Is.Not.Empty);
    }

    [Test]
    public void System_without_HCS_says_what_to_pass()
    {
        ProcessResult result = CliRunner.Run("export", @"C:\layers\app", "-o", "/dev/null").ShouldExit(1);

        Assert.That(result.Error, Does.Contain("Host Compute Service").And.Contain("--hcs sim:DIR").And.Contain(
            "--hcs replay:FILE").And.Contain("--hcs lib:PATH"));
    }

    [TestCase("lib:/nowhere/vmcompute.so", "/nowhere/vmcompute.so")]
    [TestCase("sim:/nowhere", "/nowhere")]
    [TestCase("replay:/nowhere/run.json", "/nowhere")]
    public void Missing_file_is_named(string hcs, string expected)
    {
        ProcessResult result = CliRunner.Run("export", "X", "-o", "/dev/null", "--hcs", hcs).ShouldExit(1);

        Assert.That(result.Error, Does.Contain(expected).And.Not.Contain("internal error").And.Not.Contain("   at "));
    }

    [Test]
    public void Output_that_cannot_be_created_is_named()
    {
        ProcessResult result = CliRunner.Run([.. CliRunner.ExportApp, "--hcs", CliRunner.Simulator, "-o", "/nowhere/layer.tar"])
            .ShouldExit(1);

        Assert.That(result.Error, Does.Contain("/nowhere/layer.tar").And.Not.Contain("internal error"));
    }

    [Test]
    public void Full_disk_is_an_error()
    {
        ProcessResult result = CliRunner.Run([.. CliRunner.ExportApp, "--hcs", CliRunner.Simulator, "-o", "/dev/full"]).ShouldExit(1);

        Assert.That(result.Error, Does.Contain("cannot write /dev/full: There is not enough space on the disk. (0x70)"));
    }

    [Test]
    public void Replay_of_another_command_line_says_what_differs()
    {
        using TempFolder folder = new();
        string tar = folder.File("layer.tar");
        ProcessResult result = CliRunner.Run(
            "export",
            @"C:\layers\app",
            "--parent",
            @"C:\layers\other",
            "--hcs",
            "replay:" + CliRunner.Recording("streaming-export.json"),
            "-o",
            tar).ShouldExit(1);

        Assert.That(result.Error, Does.Contain("other").And.Contain("base").And.Contain("streaming-export.json"));
        Assert.That(tar, Does.Not.Exist);
    }

    [Test]
    public void Calls_that_a_replay_never_made_are_an_error_and_no_file_appears()
    {
        using TempFolder folder = new();
        string text = File.ReadAllText(CliRunner.Recording("streaming-export.json"));
        int calls = text.Split("{\"seq\":").Length - 1;
        string end = $"\n],\"end\":{{\"calls\":{calls},";
        Assert.That(text, Does.Contain(end));
        string extra = folder.File("extra.json");
        File.WriteAllText(extra, text.Replace(
            end,
            $",\n{{\"seq\":{calls + 1},\"thread\":1,\"api\":\"vmcompute\",\"fn\":\"DestroyLayer\",\"in\":{{\"info\":{{\"flavour\":1,\"homeDir\":\"\"}},\"layerId\":\"x\"}},\"out\":{{}},\"ret\":\"0x00000000\"}}\n],\"end\":{{\"calls\":{calls + 1},",
            StringComparison.Ordinal));

        ProcessResult result = CliRunner.Run([.. CliRunner.ExportApp, "--hcs", "replay:" + extra, "-o", folder.File("layer.tar")])
            .ShouldExit(1);
        Assert.That(result.Error, Does.Contain("DestroyLayer"));
        Assert.That(folder.File("layer.tar"), Does.Not.Exist);
    }

    [Test]
    public void Recording_that_cannot_be_created_fails_before_the_export()
    {
        using TempFolder folder = new();
        string tar = folder.File("layer.tar");
        ProcessResult result = CliRunner.Run([.. CliRunner.ExportApp, "--hcs", CliRunner.Simulator, "-o", tar, "--record", "/dev/full"])
            .ShouldExit(1);

        Assert.That(result.Error, Does.Contain("/dev/full").And.Contain("No space left on device"));
        Assert.That(tar, Does.Not.Exist);
    }

    [Test]
    public void Recording_that_stops_half_way_fails_the_command_but_not_the_export()
    {
        using TempFolder folder = new();
        string recording = folder.File("run.json");

        // No file may become larger than 16 KiB; a signal that is ignored stays ignored in the program.
        ProcessResult result = ProcessRunner.Run(
            "bash",
            [
                "-c", "trap '' XFSZ; ulimit -f 16; exec \"$@\"", "bash", PublishedArtifacts.Cli(Platform.Linux),
                .. CliRunner.ExportApp, "--hcs", CliRunner.Simulator, "-o", "-", "--record", recording
            ]).ShouldExit(1);

        Assert.That(result.Error, Does.Contain("run.json is incomplete"));
        CliRunner.Run([.. CliRunner.ExportApp, "--hcs", CliRunner.Simulator, "-o", folder.File("layer.tar")]).ShouldExit(0);
        Assert.That(result.OutputBytes, Is.EqualTo(File.ReadAllBytes(folder.File("layer.tar"))));
        CliRunner.Run("recording", "check", recording).ShouldExit(3);
    }

    [Test]
    public void Failure_is_recorded_to_its_end()
    {
        using TempFolder folder = new();
        string recording = folder.File("run.json");
        CliRunner.Run([.. s_unreadable, "-o", folder.File("layer.tar"), "--record", recording]).ShouldExit(1);
        CliRunner.Run("recording", "check", recording).ShouldExit(0);

        ProcessResult replayed = CliRunner.Run([.. s_unreadable[..^1], "replay:" + recording, "-o", folder.File("layer.tar")])
            .ShouldExit(1);
        Assert.That(replayed.Error, Does.Contain("ExportLayerRead").And.Contain("0x570"));
    }

    [Test]
    public void Version_is_one_line()
    {
        Assert.That(CliRunner.Run("--version").ShouldExit(0).Output, Is.EqualTo("aotlayers 0.1.0\n"));
    }

    [Test]
    public void Help_names_the_commands()
    {
        Assert.That(CliRunner.Run("--help").ShouldExit(0).Output, Does.Contain("export").And.Contain("recording"));
        Assert.That(
            CliRunner.Run("export", "--help").ShouldExit(0).Output,
            Does.Contain("--hcs").And.Contain("--record").And.Contain("--parent"));
    }
}
