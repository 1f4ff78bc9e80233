using System.Text.Json;
using System.Text.RegularExpressions;

namespace AotLayers.Native.Tests;

/// <summary>
/// Errors say where: the stream inside an entry, the entry before, the file that could not be written; the same through both front ends.
/// </summary>
public sealed partial class PlaceOfErrorsTests
{
    private const string App = @"C:\layers\app";

    [Test]
    public void A_read_that_fails_inside_a_stream_names_the_stream()
    {
        string[] arguments =
            ["export", @"C:\layers\unreadable", "--parent", @"C:\layers\base", "--hcs", CliRunner.Simulator, "-o", "/dev/null"];
        JsonElement error = CliRunner.Json(CliRunner.Run([.. arguments, "--json"]).ShouldExit(1).Error);
        ProcessResult text = CliRunner.Run(arguments).ShouldExit(1);

        Assert.That(error.GetProperty("entry").GetString(), Is.EqualTo(@"Files\damaged.bin"));
        Assert.That(error.GetProperty("stream").GetString(), Is.EqualTo("DATA"));
        Assert.That(text.Error, Does.Contain(@"entry Files\damaged.bin, stream DATA, offset "));
    }

    [Test]
    public void A_read_of_an_entry_that_fails_names_the_stream_through_C([Values("backup", "data")] string mode)
    {
        string options = JsonSerializer.Serialize(new { hcs = CliRunner.Simulator, parents = new[] { @"C:\layers\base" } });
        ProcessResult result = CCallers.Run(Platform.Linux, Linkage.Linked, "read_layer.c", mode, @"C:\layers\unreadable", options)
            .ShouldExit(1);

        string json = result.Output.Split('\n').Single(line => line.StartsWith("json ", StringComparison.Ordinal))[5..];
        JsonElement error = CliRunner.Json(json + "\n");
        Assert.That(error.GetProperty("entry").GetString(), Is.EqualTo(@"Files\damaged.bin"));
        Assert.That(error.GetProperty("code").GetString(), Is.EqualTo("0x80070570"));

        // Who reads backup streams as they are takes them apart elsewhere.
        Assert.That(error.GetProperty("stream").GetString(), mode == "data" ? Is.EqualTo("DATA") : Is.Null.Or.EqualTo("DATA"));
    }

    [Test]
    public void An_enumeration_that_fails_says_after_which_entry()
    {
        using var folder = new TempFolder();
        string recording = RecordingThatFailsAfterTwoEntries(folder, out string last);
        string[] arguments = [.. CliRunner.ExportApp, "--hcs", "replay:" + recording, "-o", "/dev/null"];
        JsonElement error = CliRunner.Json(CliRunner.Run([.. arguments, "--json"]).ShouldExit(1).Error);
        ProcessResult text = CliRunner.Run(arguments).ShouldExit(1);

        Assert.That(error.GetProperty("call").GetString(), Is.EqualTo("ExportLayerNext"));
        Assert.That(error.GetProperty("code").GetString(), Is.EqualTo("0x80070017"));
        Assert.That(error.GetProperty("entry").ValueKind, Is.EqualTo(JsonValueKind.Null));
        Assert.That(error.GetProperty("afterEntry").GetString(), Is.EqualTo(last));
        Assert.That(text.Error, Does.Contain("after entry " + last));
    }

    [Test]
    public void An_output_that_may_not_grow_is_named_with_code_and_layer()
    {
        using var folder = new TempFolder();
        string tar = folder.File("layer.tar");

        // No file may become larger than 16 KiB; a signal that is ignored stays ignored in the program.
        ProcessResult result = ProcessRunner.Run(
            "bash",
            [
                "-c", "trap '' XFSZ; ulimit -f 16; exec \"$@\"", "bash", PublishedArtifacts.Cli(Platform.Linux),
                .. CliRunner.ExportApp, "--hcs", CliRunner.Simulator, "-o", tar, "--json"
            ])
            .ShouldExit(1);

        JsonElement error = CliRunner.Json(result.Error);
        Assert.That(error.GetProperty("code").GetString(), Is.EqualTo("0x800700df"), "ERROR_FILE_TOO_LARGE, 223 (winerror.h)");
        Assert.That(error.GetProperty("layer").GetString(), Is.EqualTo(App));
        Assert.That(error.GetProperty("message").GetString(), Does.Contain(tar));
        Assert.That(Directory.GetFileSystemEntries(folder.Path), Is.Empty);
    }

    [TestCase("sim:/nowhere", "0x80070003")]
    [TestCase("sim:/?colour=red", "0x8007064a")]
    [TestCase("sim:", "0x8007064a")]
    [TestCase("replay:/nowhere/run.json", "0x80070003")]
    public void The_shim_answers_a_wrong_choice_with_its_code(string machine, string code)
    {
        ProcessResult result = ProcessRunner.Run(
            PublishedArtifacts.Cli(Platform.Linux),
            [
                .. CliRunner.ExportApp, "--hcs", "lib:" + PublishedArtifacts.Shim(Platform.Linux), "--reader", "stream", "-o",
                "/dev/null", "--json"
            ],
            environment: new Dictionary<string, string?> { ["AOTLAYERS_HCS"] = machine }).ShouldExit(1);

        Assert.That(CliRunner.Json(result.Error).GetProperty("code").GetString(), Is.EqualTo(code));
    }

    /// <summary>A recording of today's program whose third ExportLayerNext fails with ERROR_CRC, 23 (winerror.h); then it ends.</summary>
    private static string RecordingThatFailsAfterTwoEntries(TempFolder folder, out string last)
    {
        string recording = folder.File("run.json");
        CliRunner.Run([.. CliRunner.ExportApp, "--hcs", CliRunner.Simulator, "-o", "/dev/null", "--record", recording]).ShouldExit(0);
        List<string> lines = [];
        last = "";
        int nexts = 0;
        int removed = 0;
        foreach (string line in File.ReadAllLines(recording))
        {
            bool call = line.StartsWith("{\"seq\":", StringComparison.Ordinal);
            bool next = line.Contains("\"fn\":\"ExportLayerNext\"", StringComparison.Ordinal);
            nexts += next ? 1 : 0;
            if (next && nexts == 3)
            {
                lines.Add(Result().Replace(line, ",\"ret\":\"0x80070017\""));
                continue;
            }

            if (next && nexts < 3)
            {
                last = FileName().Match(line).Groups[1].Value.Replace(@"\\", @"\", StringComparison.Ordinal).TrimStart('\\');
            }

            if (call && nexts >= 3 && !line.Contains("\"fn\":\"ExportLayerEnd\"", StringComparison.Ordinal))
            {
                removed++;
                continue;
            }

            lines.Add(line);
        }

        string text = string.Join('\n', lines) + "\n";
        File.WriteAllText(
            recording,
            CallCount().Replace(text, match => $"\"end\":{{\"calls\":{int.Parse(match.Groups[1].ValueSpan) - removed}"));
        return recording;
    }

    [GeneratedRegex(",\"out\":\\{.*\\},\"ret\":\"0x00000000\"")]
    private static partial Regex Result();

    [GeneratedRegex("\"fileName\":\"([^\"]*)\"")]
    private static partial Regex FileName();

    [GeneratedRegex("\"end\":\\{\"calls\":(\\d+)")]
    private static partial Regex CallCount();
}
