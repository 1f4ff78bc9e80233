using System.Text.Json;
using System.Text.RegularExpressions;

namespace AotLayers.Native.Tests;

/// <summary>aotlayers recording show and check.</summary>
public sealed class CliRecordingTests
{
    [Test]
    public void Show_prints_the_header_and_one_line_per_call()
    {
        string recording = CliRunner.Recording("streaming-export.json");
        string[] lines = CliRunner.Run("recording", "show", recording).ShouldExit(0).Output.TrimEnd('\n').Split('\n');

        int calls = File.ReadAllLines(recording).Count(line => line.StartsWith("{\"seq\":", StringComparison.Ordinal));
        Assert.That(lines[0], Does.Contain("simulated"));
        Assert.That(lines, Has.Some.Contains("api vmcompute: vmcompute.dll"));
        Assert.That(lines, Has.Some.EqualTo($"{calls} calls, complete, data: all"));
        string[] callLines = [.. lines.SkipWhile(line => !line.EndsWith("data: all", StringComparison.Ordinal)).Skip(1)];
        Assert.That(callLines, Has.Length.EqualTo(calls));
        Assert.That(
            callLines[1],
            Does.Contain("ExportLayerBegin").And.Contain(@"C:\layers\app").And.Contain("context#1").And.EndsWith("0x00000000"));
        Assert.That(callLines[^1], Does.Contain("ExportLayerEnd"));
    }

    [Test]
    public void Show_selects_by_number_and_by_function()
    {
        string recording = CliRunner.Recording("streaming-export.json");
        JsonElement shown = CliRunner.Json(CliRunner.Run(
            "recording",
            "show",
            recording,
            "--calls",
            "2-9",
            "--fn",
            "ExportLayerNext",
            "--json").ShouldExit(0).Output);

        JsonElement[] calls = [.. shown.GetProperty("calls").EnumerateArray()];
        Assert.That(calls, Is.Not.Empty);
        Assert.That(calls, Has.All.Matches<JsonElement>(call => call.GetProperty("fn").GetString() == "ExportLayerNext"
            && call.GetProperty("seq").GetInt32() is >= 2 and <= 9));
        Assert.That(shown.GetProperty("origin").GetProperty("kind").GetString(), Is.EqualTo("simulated"));
        Assert.That(shown.GetProperty("complete").GetBoolean(), Is.True);
    }

    [Test]
    public void Shown_JSON_leaves_contents_out()
    {
        string shown = CliRunner.Run("recording", "show", CliRunner.Recording("streaming-export.json"), "--json").ShouldExit(0).Output;

        Assert.That(shown, Does.Contain("\"sha256\":").And.Not.Contain("\"data\":\"AA"));
        Assert.That(File.ReadAllText(CliRunner.Recording("streaming-export.json")), Does.Contain("\"data\":\""));
    }

    [TestCaseSource(nameof(CommittedRecordings))]
    public void Committed_recording_has_no_findings(string recording)
    {
        JsonElement result = CliRunner.Json(CliRunner.Run(
            "recording",
            "check",
            CliRunner.Recording(recording),
            "--json").ShouldExit(0).Output);

        Assert.That(result.GetProperty("findings").GetArrayLength(), Is.Zero);
        Assert.That(result.GetProperty("complete").GetBoolean(), Is.True);
    }

    [Test]
    public void Cut_recording_is_a_finding()
    {
        using TempFolder folder = new();
        string[] lines = File.ReadAllLines(CliRunner.Recording("streaming-export.json"));
        string cut = folder.File("cut.json");
        File.WriteAllText(cut, string.Join('\n', lines[..10]) + "\n{\"seq\":");

        ProcessResult result = CliRunner.Run("recording", "check", cut, "--json").ShouldExit(3);
        Assert.That(Kinds(result), Does.Contain("incomplete"));
        Assert.That(CliRunner.Run("recording", "show", cut).ShouldExit(0).Output, Does.Contain("INCOMPLETE"));
    }

    [Test]
    public void Handle_that_is_never_ended_is_a_finding()
    {
        // Without its last call, ExportLayerEnd.
        ProcessResult result = Check(lines =>
        {
            int end = lines.FindLastIndex(line => line.Contains("\"fn\":\"ExportLayerEnd\"", StringComparison.Ordinal));
            lines.RemoveAt(end);
            lines[end - 1] = lines[end - 1].TrimEnd(',');
        }).ShouldExit(3);

        Assert.That(Kinds(result), Is.EqualTo(new[] { "handleLeaked" }));
        Assert.That(result.Output, Does.Contain("context#1"));
    }

    [Test]
    public void Handle_that_is_ended_twice_is_a_finding()
    {
        ProcessResult result = Check(lines =>
        {
            int end = lines.FindLastIndex(line => line.Contains("\"fn\":\"ExportLayerEnd\"", StringComparison.Ordinal));
            string again = lines[end].Replace("{\"seq\":", "{\"seq\":9", StringComparison.Ordinal);
            lines[end] += ",";
            lines.Insert(end + 1, again);
        }).ShouldExit(3);

        Assert.That(Kinds(result), Is.EqualTo(new[] { "handleUsedAfterEnd" }));
    }

    [Test]
    public void Recording_of_other_declarations_is_a_finding()
    {
        ProcessResult result = Check(lines =>
        {
            int header = lines.FindIndex(line => line.StartsWith("\"vmcompute\":", StringComparison.Ordinal));
            lines[header] = Regex.Replace(lines[header], "(?<=\"ExportLayerNext\":\")[0-9a-f]{16}", "0123456789abcdef");
        }).ShouldExit(3);

        Assert.That(Kinds(result), Is.EqualTo(new[] { "apiChanged" }));
        Assert.That(result.Output, Does.Contain("record again"));
    }

    [TestCase("not JSON at all")]
    [TestCase("{}")]
    [TestCase("""{"format":"aotlayers-recording","version":999}""")]
    public void Unreadable_recording_fails(string content)
    {
        using TempFolder folder = new();
        string file = folder.File("bad.json");
        File.WriteAllText(file, content);
        ProcessResult result = CliRunner.Run("recording", "check", file).ShouldExit(1);

        Assert.That(result.Output, Is.Empty);
        Assert.That(result.Error, Does.StartWith("aotlayers: ").And.Contain("bad.json").And.Not.Contain("internal error"));
    }

    private static IEnumerable<string> CommittedRecordings() =>
        Directory.EnumerateFiles(Path.GetDirectoryName(CliRunner.Recording("x"))!, "*.json")
            .Select(path => Path.GetFileName(path))
            .Where(name => name != "recording.schema.json")
            .Order(StringComparer.Ordinal);

    private static string?[] Kinds(ProcessResult result) =>
        [.. CliRunner.Json(result.Output)
            .GetProperty("findings")
            .EnumerateArray()
            .Select(finding => finding.GetProperty("kind").GetString())];

    /// <summary>Checks the streaming recording after an edit of its lines; the count of calls at its end is put right.</summary>
    private static ProcessResult Check(Action<List<string>> edit)
    {
        using TempFolder folder = new();
        List<string> lines = [.. File.ReadAllLines(CliRunner.Recording("streaming-export.json"))];
        edit(lines);
        int calls = lines.Count(line => line.StartsWith("{\"seq\":", StringComparison.Ordinal));
        lines[^1] = $"],\"end\":{{\"calls\":{calls},\"complete\":true}}}}";
        string edited = folder.File("edited.json");
        File.WriteAllText(edited, string.Join('\n', lines) + "\n");
        return CliRunner.Run("recording", "check", edited, "--json");
    }
}
