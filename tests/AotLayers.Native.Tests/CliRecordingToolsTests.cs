using System.Text.Json;
using System.Text.RegularExpressions;

namespace AotLayers.Native.Tests;

/// <summary>aotlayers recording trim, redact, diff and verify, as a user runs them.</summary>
public sealed class CliRecordingToolsTests
{
    private static string Streaming => CliRunner.Recording("streaming-export.json");

    [Test]
    public void A_recording_trimmed_to_an_entry_exports_that_entry()
    {
        using TempFolder folder = new();
        string trimmed = folder.File("trimmed.json");
        JsonElement result = CliRunner.Json(CliRunner.Run(
            "recording", "trim", Streaming, "--entry", @"files\CUT.dat", "-o", trimmed, "--json").ShouldExit(0).Output);
        Assert.That(result.GetProperty("kept").GetInt32(), Is.EqualTo(10));
        Assert.That(result.GetProperty("chosen").GetInt32(), Is.EqualTo(6));
        CliRunner.Run("recording", "check", trimmed).ShouldExit(0);
        CliRunner.Run([.. CliRunner.ExportApp, "--hcs", "replay:" + trimmed, "-o", folder.File("layer.tar")]).ShouldExit(0);
        Assert.That(
            ProcessRunner.Run("bsdtar", ["-tf", folder.File("layer.tar")]).ShouldExit(0).Output,
            Is.EqualTo("Files/cut.dat\n"));
    }

    [Test]
    public void A_range_of_calls_keeps_maker_and_end_of_its_handle()
    {
        using TempFolder folder = new();
        CliRunner.Run("recording", "trim", Streaming, "--calls", "30-33", "--bare", "-o", folder.File("some.json.gz")).ShouldExit(0);
        JsonElement shown = CliRunner.Json(CliRunner.Run("recording", "show", folder.File("some.json.gz"), "--json").ShouldExit(0).Output);
        int[] seqs = [.. shown.GetProperty("calls").EnumerateArray().Select(call => call.GetProperty("seq").GetInt32())];
        Assert.That(seqs, Is.SupersetOf(new[] { 2, 30, 31, 32, 33, 221 }));
        Assert.That(seqs, Does.Not.Contain(1));
        CliRunner.Run("recording", "check", folder.File("some.json.gz")).ShouldExit(0);
    }

    [Test]
    public void A_trim_that_fits_nothing_writes_nothing()
    {
        using TempFolder folder = new();
        ProcessResult none = CliRunner.Run("recording", "trim", Streaming, "--fn", "Nothing", "-o", folder.File("none.json")).ShouldExit(2);
        Assert.That(none.Error, Does.Contain("no call of").And.Contain("fits"));
        CliRunner.Run("recording", "trim", Streaming, "-o", folder.File("none.json")).ShouldExit(2);
        Assert.That(Directory.GetFileSystemEntries(folder.Path), Is.Empty);
    }

    [TestCase("streaming-export.json", "38 entries")]
    [TestCase("folder-export.json", "38 entries")]
    [TestCase("base-layer.json", "22 entries")]
    [TestCase("scratch-layer.json", "8 entries")]
    [TestCase("failing-read.json", "ExportLayerRead fails with 0x80070570")]
    public void A_redacted_recording_replays(string recording, string outcome)
    {
        using TempFolder folder = new();
        string redacted = folder.File("redacted.json");
        string map = folder.File("map.json");
        ProcessResult result = CliRunner.Run(
            "recording", "redact", CliRunner.Recording(recording), "--check", "--map", map, "-o", redacted).ShouldExit(0);
        Assert.That(result.Output, Does.Contain("and the same replay: " + outcome));

        // No part of a path that was replaced is in any text of the result.
        string[] names = [.. Regex.Matches(File.ReadAllText(map), @"""((?:[^""\\]|\\.)*)"":").Select(match => match.Groups[1].Value)];
        Assert.That(names, Does.Contain("layers").And.Contain("base"));
        string shown = CliRunner.Run("recording", "show", redacted, "--json").ShouldExit(0).Output;
        Assert.That(names.Where(name => name.Length > 4 && shown.Contains(name, StringComparison.Ordinal) && name != "layers"), Is.Empty);
        Assert.That(shown, Does.Not.Contain("layers\\").And.Not.Contain(@"C:\\layers"));
    }

    [Test]
    public void A_redaction_that_does_not_replay_is_not_written()
    {
        using TempFolder folder = new();
        ProcessResult result = CliRunner.Run(
            "recording", "redact", Streaming, "--check", "--contents", "blank", "-o", folder.File("blank.json")).ShouldExit(1);
        Assert.That(result.Error, Does.Contain("does not replay"));
        Assert.That(Directory.GetFileSystemEntries(folder.Path), Is.Empty);
        CliRunner.Run("recording", "redact", Streaming, "--contents", "blank", "-o", folder.File("blank.json")).ShouldExit(0);
        CliRunner.Run("recording", "check", folder.File("blank.json")).ShouldExit(0);
    }

    [Test]
    public void Recordings_of_other_APIs_are_redacted_and_proved_by_their_calls()
    {
        using TempFolder folder = new();
        string file = CliRunner.Recording("libraries/sqlite3.json");
        ProcessResult result = CliRunner.Run("recording", "redact", file, "--check", "-o", folder.File("redacted.json")).ShouldExit(0);
        Assert.That(result.Output, Does.Contain("proved: the same calls, handles, sizes and codes"));
        Assert.That(File.ReadAllText(folder.File("redacted.json")), Does.Not.Contain("SELECT").IgnoreCase);
    }

    [Test]
    public void Two_runs_differ_where_their_layers_do()
    {
        using TempFolder folder = new();
        string[] outputs = ["-o", folder.File("x.tar"), "--record", folder.File("b.json")];
        CliRunner.Run([.. CliRunner.ExportApp, "--hcs", CliRunner.Simulator + "?max-read=7", .. outputs]).ShouldExit(0);
        ProcessResult same = CliRunner.Run("recording", "diff", Streaming, folder.File("b.json"), "--exit-code").ShouldExit(0);
        Assert.That(same.Output, Does.Contain("221 calls alike, 0 differences"));

        CliRunner.Run("recording", "trim", Streaming, "--fn", "*", "--calls", "1-126", "-o", folder.File("c.json")).ShouldExit(0);
        CliRunner.Run("recording", "diff", Streaming, folder.File("c.json")).ShouldExit(0);
        JsonElement diff = CliRunner.Json(CliRunner.Run(
            "recording", "diff", Streaming, folder.File("c.json"), "--exit-code", "--json").ShouldExit(3).Output);
        Assert.That(diff.GetProperty("added").GetInt32() + diff.GetProperty("changed").GetInt32(), Is.Zero);
        JsonElement[] removed = [.. diff.GetProperty("differences").EnumerateArray()];
        Assert.That(removed, Has.All.Matches<JsonElement>(d => d.GetProperty("kind").GetString() == "removed"));
        Assert.That(removed.Select(d => d.GetProperty("entry").GetString()), Does.Contain(@"\Files\cut.dat"));
    }

    [Test]
    public void Two_recordings_of_one_run_are_the_same_bytes_and_follow_the_schema()
    {
        using TempFolder folder = new();
        foreach (string name in new[] { "a.json", "b.json" })
        {
            string[] outputs = ["-o", folder.File("x.tar"), "--record", folder.File(name)];
            CliRunner.Run([.. CliRunner.ExportApp, "--hcs", CliRunner.Simulator, .. outputs]).ShouldExit(0);
        }

        Assert.That(File.ReadAllBytes(folder.File("b.json")), Is.EqualTo(File.ReadAllBytes(folder.File("a.json"))));
        CliRunner.Run("recording", "check", folder.File("a.json")).ShouldExit(0);
    }

    [Test]
    public void A_machine_that_does_what_was_recorded_verifies_and_another_does_not()
    {
        CliRunner.Run("recording", "verify", Streaming, "--hcs", CliRunner.Simulator).ShouldExit(0);
        CliRunner.Run("recording", "verify", CliRunner.Recording("failing-read.json"), "--hcs", CliRunner.Simulator).ShouldExit(0);
        CliRunner.Run("recording", "verify", CliRunner.Recording("base-layer.json"), "--hcs", CliRunner.SimulatorWithoutStreaming)
            .ShouldExit(0);

        ProcessResult other = CliRunner.Run("recording", "verify", Streaming, "--hcs", CliRunner.SimulatorWithoutStreaming).ShouldExit(3);
        Assert.That(other.Output, Does.Contain("- export vmcompute!ExportLayerBegin"));
        string zlib = CliRunner.Recording("libraries/zlib.json");
        Assert.That(CliRunner.Run("recording", "verify", zlib, "--hcs", CliRunner.Simulator).ShouldExit(1).Error, Does.Contain("no layer"));
    }
}
