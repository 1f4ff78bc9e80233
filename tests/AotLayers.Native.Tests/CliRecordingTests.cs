using System.Globalization;
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

    [TestCase("--entry", @"\Files\cut.dat", 6)]
    [TestCase("--entry", "files/CUT.*", 6)]
    [TestCase("--entry", @"Files\cut", 0)]
    [TestCase("--handle", "context#1", 220)]
    [TestCase("--handle", "context#2", 0)]
    [TestCase("--thread", "1", 221)]
    [TestCase("--thread", "2", 0)]
    [TestCase("--fn", "vmcompute!ExportLayer?e*", 219)]
    [TestCase("--fn", "kernel32!ExportLayerRead", 0)]
    public void Show_selects_by_entry_handle_thread_and_pattern(string option, string value, int calls)
    {
        JsonElement shown = CliRunner.Json(CliRunner.Run(
            "recording", "show", CliRunner.Recording("streaming-export.json"), option, value, "--json").ShouldExit(0).Output);

        Assert.That(shown.GetProperty("calls").GetArrayLength(), Is.EqualTo(calls));
    }

    [Test]
    public void Show_selects_failures()
    {
        string shown = CliRunner.Run("recording", "show", CliRunner.Recording("failing-read.json"), "--failed").ShouldExit(0).Output;

        Assert.That(shown, Does.Contain("2 chosen").And.Contain("ERROR_FILE_CORRUPT"));
        Assert.That(shown, Does.Not.Contain("ExportLayerBegin"));
    }

    [Test]
    public void Callbacks_are_shown()
    {
        string shown = CliRunner.Run("recording", "show", CliRunner.Recording("libraries/sqlite3.json")).ShouldExit(0).Output;

        Assert.That(shown, Does.Match(@"(?m)^ +\d+ t1 ProgressHandler\.progress called back, of \d+, in \d+ \(\) = 1$"));
    }

    [Test]
    public void Text_that_is_no_text_is_shown_decoded_and_escaped()
    {
        string shown = CliRunner.Run("recording", "show", CliRunner.Recording("streaming-export.json")).ShouldExit(0).Output;

        Assert.That(shown, Does.Match(@"fileName=""\\Files\\Grüße\\[^""]*\\ud[89a-f][0-9a-f]{2}"));
    }

    [Test]
    public void A_summary_counts()
    {
        // By an independent count of the lines.
        string file = CliRunner.Recording("streaming-export.json");
        string[] lines = File.ReadAllLines(file);
        JsonElement summary = CliRunner.Json(CliRunner.Run("recording", "show", file, "--summary", "--json").ShouldExit(0).Output)
            .GetProperty("summary");

        Assert.That(
            summary.GetProperty("calls").GetInt32(),
            Is.EqualTo(lines.Count(line => line.StartsWith("{\"seq\":", StringComparison.Ordinal))));
        Assert.That(summary.GetProperty("failed").GetInt32(), Is.EqualTo(1));
        long bytes = lines.SelectMany(line => Regex.Matches(line, @"\$bytes"":(\d+)"))
            .Sum(match => long.Parse(match.Groups[1].ValueSpan, CultureInfo.InvariantCulture));
        Assert.That(summary.GetProperty("bytesOut").GetInt64(), Is.EqualTo(bytes));
        JsonElement reads = summary.GetProperty("functions").EnumerateArray().First();
        Assert.That(reads.GetProperty("fn").GetString(), Is.EqualTo("vmcompute!ExportLayerRead"));
        Assert.That(
            reads.GetProperty("calls").GetInt32(),
            Is.EqualTo(lines.Count(line => line.Contains("\"vmcompute\",\"fn\":\"ExportLayerRead\"", StringComparison.Ordinal))));
        JsonElement handle = summary.GetProperty("handles").EnumerateArray().Single();
        Assert.That(handle.GetProperty("handle").GetString(), Is.EqualTo("context#1"));
        Assert.That(handle.GetProperty("leaked").GetBoolean(), Is.False);
    }

    [Test]
    public void A_summary_names_what_failed_and_what_leaked()
    {
        using TempFolder folder = new();
        string leaking = folder.File("leaking.json");
        Edit(leaking, RemoveEnd);
        string shown = CliRunner.Run("recording", "show", leaking, "--summary").ShouldExit(0).Output;

        Assert.That(shown, Does.Contain("context#1, made by seq 2 vmcompute!ExportLayerBegin, was never ended"));
        Assert.That(shown, Does.Contain("1  vmcompute!ExportLayerNext = 0x80070012 ERROR_NO_MORE_FILES, first at seq 220"));
    }

    [Test]
    public void A_recording_comes_from_a_pipe()
    {
        string program = PublishedArtifacts.Cli(Platform.Linux);
        string file = CliRunner.Recording("streaming-export.json");
        ProcessResult shown = ProcessRunner.Run(
            "sh", ["-c", "gzip -c \"$2\" | \"$1\" recording show - --fn ExportLayerEnd", "sh", program, file]).ShouldExit(0);

        Assert.That(shown.Output, Does.Contain("1 chosen").And.Contain("ExportLayerEnd(context=context#1)"));
    }

    [Test]
    public void Recordings_of_other_APIs_are_judged_by_what_they_say()
    {
        string file = CliRunner.Recording("libraries/sqlite3.json");
        string whole = CliRunner.Run("recording", "check", file).ShouldExit(0).Output;
        Assert.That(whole, Does.Contain("note: sqlite3 is no API of this program"));

        using TempFolder folder = new();
        string leaking = folder.File("leaking.json");
        Edit(leaking, lines => lines.RemoveAll(line => line.Contains("\"sqlite3\",\"fn\":\"Close\"", StringComparison.Ordinal)), file);
        JsonElement result = CliRunner.Json(CliRunner.Run("recording", "check", leaking, "--json").ShouldExit(3).Output);
        Assert.That(result.GetProperty("findings")[0].GetProperty("kind").GetString(), Is.EqualTo("handleLeaked"));
        Assert.That(result.GetProperty("judgedByTheFile")[0].GetString(), Is.EqualTo("sqlite3"));
    }

    [TestCase("\"thread\":1,", "\"thread\":1,\"colour\":\"red\",", "colour")]
    [TestCase("{\"$handle\":\"context#1\"}", "{\"$handle\":\"context#01\"}", "context#01")]
    [TestCase("{\"$handle\":\"context#1\"}", "{\"$colour\":\"context#1\"}", "none of the format's forms")]
    [TestCase("\"ret\":\"0x00000000\"", "\"ret\":\"fine\"", "neither a code")]
    public void What_does_not_follow_the_schema_is_a_finding(string right, string wrong, string told)
    {
        ProcessResult result = Check(lines =>
        {
            int last = lines.FindLastIndex(line => line.Contains("\"fn\":\"ExportLayerRead\"", StringComparison.Ordinal));
            lines[last] = lines[last].Replace(right, wrong, StringComparison.Ordinal);
        }).ShouldExit(3);

        Assert.That(Kinds(result), Does.Contain("schema"));
        Assert.That(
            CliRunner.Json(result.Output).GetProperty("findings")[0].GetProperty("message").GetString(),
            Does.Contain(told));
    }

    [Test]
    public void Contents_that_are_missing_or_of_another_length_are_findings()
    {
        ProcessResult result = Check(lines =>
        {
            int first = lines.FindIndex(line => line.Contains("\"data\":\"", StringComparison.Ordinal));
            lines[first] = Regex.Replace(lines[first], ",\"data\":\"[^\"]*\"", "");
        }).ShouldExit(3);

        Assert.That(Kinds(result), Does.Contain("dataMissing"));
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
        ProcessResult result = Check(RemoveEnd).ShouldExit(3);

        Assert.That(Kinds(result), Is.EqualTo(new[] { "handleLeaked" }));
        Assert.That(result.Output, Does.Contain("context#1"));
    }

    [Test]
    public void Handle_that_is_ended_twice_is_a_finding()
    {
        ProcessResult result = Check(lines =>
        {
            int end = lines.FindLastIndex(line => line.Contains("\"fn\":\"ExportLayerEnd\"", StringComparison.Ordinal));
            lines.Insert(end + 1, lines[end].Replace("{\"seq\":", "{\"seq\":9", StringComparison.Ordinal));
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
        Edit(folder.File("edited.json"), edit);
        return CliRunner.Run("recording", "check", folder.File("edited.json"), "--json");
    }

    private static void RemoveEnd(List<string> lines) =>
        lines.RemoveAt(lines.FindLastIndex(line => line.Contains("\"fn\":\"ExportLayerEnd\"", StringComparison.Ordinal)));

    /// <summary>Writes a recording with other lines; the commas and the count of calls at its end are put right.</summary>
    private static void Edit(string destination, Action<List<string>> edit, string? source = null)
    {
        List<string> lines = [.. File.ReadAllLines(source ?? CliRunner.Recording("streaming-export.json"))];
        edit(lines);
        int[] calls = [.. Enumerable.Range(0, lines.Count).Where(i => lines[i].StartsWith("{\"seq\":", StringComparison.Ordinal))];
        foreach (int call in calls)
        {
            lines[call] = lines[call].TrimEnd(',') + (call == calls[^1] ? "" : ",");
        }

        lines[^1] = $"],\"end\":{{\"calls\":{calls.Length},\"complete\":true}}}}";
        File.WriteAllText(destination, string.Join('\n', lines) + "\n");
    }
}
