using System.Text.Json;

namespace AotLayers.Native.Tests;

/// <summary>aotlayers import: a layer of a tar, or nothing.</summary>
public sealed class CliImportTests
{
    private static readonly string[] s_target = [@"C:\layers\new", "--parent", @"C:\layers\base", "--hcs", CliRunner.Simulator];

    [TestCase("none")]
    [TestCase("gzip")]
    [TestCase("zstd")]
    public void Summary_agrees_with_that_of_the_export(string compression)
    {
        using TempFolder folder = new();
        string tar = Export(folder, compression, out JsonElement exported);
        ProcessResult result = CliRunner.Run(
            ["import", tar, .. s_target, "--json", "--expect-diff-id", Text(exported, "diffId"), "--expect-digest", CliRunner.Sha256(tar)])
                .ShouldExit(0);
        Assert.That(result.Error, Is.Empty);
        JsonElement summary = CliRunner.Json(result.Output);
        foreach (string member in new[] { "entries", "tombstones", "bytes", "tarBytes", "fileBytes", "diffId", "digest" })
        {
            Assert.That(summary.GetProperty(member).ToString(), Is.EqualTo(exported.GetProperty(member).ToString()), member);
        }

        Assert.That(Text(summary, "writer"), Is.EqualTo("stream"));
        Assert.That(Text(summary, "layer"), Is.EqualTo(@"C:\layers\new"));
    }

    [TestCase(Platform.Linux)]
    [TestCase(Platform.Windows)]
    public void Imported_by_one_process_and_exported_by_another_the_bytes_are_the_same(Platform platform)
    {
        using TempFolder folder = new();
        string tar = Export(folder, "none", out JsonElement exported);
        string[] machine = ["--hcs", CliRunner.Simulator + "?state=" + folder.File("machine")];
        string again = folder.File("again.tar");
        Run(platform, ["import", tar, .. s_target[..^2], .. machine]);
        Assert.That(Run(platform, ["exists", s_target[0], .. machine]).Output, Does.StartWith("yes"));
        ProcessResult second = Run(platform, ["export", .. s_target[..^2], .. machine, "-o", again]);
        Assert.That(second.Output, Does.Contain("diffId " + Text(exported, "diffId")));
        Assert.That(CliRunner.Sha256(again), Is.EqualTo(CliRunner.Sha256(tar)));
    }

    [Test]
    public void Standard_input_is_a_file_like_others()
    {
        using TempFolder folder = new();
        string tar = Export(folder, "gzip", out JsonElement exported);
        ProcessResult result = ProcessRunner.Run(
            PublishedArtifacts.Cli(Platform.Linux),
            ["import", "-", .. s_target],
            input: File.ReadAllBytes(tar)).ShouldExit(0);
        Assert.That(result.Output, Does.Contain("diffId " + Text(exported, "diffId")).And.Contain("stream writer"));
        Assert.That(result.Error, Is.Empty);
    }

    [Test]
    public void A_recorded_import_replays()
    {
        using TempFolder folder = new();
        string tar = Export(folder, "none", out _);
        string recording = folder.File("import.json");
        string first = CliRunner.Run(["import", tar, .. s_target, "--record", recording, "--json"]).ShouldExit(0).Output;
        string again = CliRunner.Run(["import", tar, .. s_target[..^2], "--hcs", "replay:" + recording, "--json"]).ShouldExit(0).Output;
        Assert.That(again, Is.EqualTo(first));
    }

    [Test]
    public void A_cut_tar_imports_nothing_and_says_how_far_it_came()
    {
        using TempFolder folder = new();
        string tar = Export(folder, "none", out _);
        File.WriteAllBytes(tar, File.ReadAllBytes(tar)[..9000]);
        ProcessResult result = CliRunner.Run(["import", tar, .. s_target, "--json"]).ShouldExit(1);
        JsonElement error = CliRunner.Json(result.Error);
        Assert.That(Text(error, "message"), Does.Contain("nothing was imported").And.Contain("entries were written before"));
        Assert.That(Text(error, "layer"), Is.EqualTo(tar));
        Assert.That(result.Output, Is.Empty);
    }

    [Test]
    public void A_digest_that_is_not_the_demanded_one_imports_nothing()
    {
        using TempFolder folder = new();
        string tar = Export(folder, "none", out _);
        string wrong = "sha256:" + new string('0', 64);
        ProcessResult result = CliRunner.Run(["import", tar, .. s_target, "--expect-diff-id", wrong]).ShouldExit(1);
        Assert.That(result.Error, Does.Contain($"not {wrong} as demanded").And.Contain("nothing was imported"));
    }

    [TestCase("--expect-digest", "sha256:12")]
    [TestCase("--expect-diff-id", "x")]
    public void Demands_that_are_no_digests_are_usage_errors(string option, string digest)
    {
        ProcessResult result = CliRunner.Run(["import", "x.tar", .. s_target, option, digest]).ShouldExit(2);
        Assert.That(result.Error, Does.Contain($"{option} expects sha256:"));
    }

    [Test]
    public void A_layer_that_is_there_is_left_alone()
    {
        using TempFolder folder = new();
        string tar = Export(folder, "none", out _);
        ProcessResult result = CliRunner.Run(["import", tar, @"C:\layers\app", .. s_target[1..]]).ShouldExit(1);
        Assert.That(result.Error, Does.Contain("the layer is there already").And.Contain("hint: "));
    }

    [Test]
    public void A_missing_tar_is_told_with_its_name()
    {
        ProcessResult result = CliRunner.Run(["import", "/nowhere/x.tar", .. s_target]).ShouldExit(1);
        Assert.That(result.Error, Does.Contain("/nowhere/x.tar"));
    }

    private static string Export(TempFolder folder, string compression, out JsonElement summary)
    {
        string tar = folder.File("layer.tar");
        summary = CliRunner.Json(
            CliRunner.Run([
                .. CliRunner.ExportApp, "--hcs", CliRunner.Simulator, "-o", tar, "--compression", compression,
                "--json"
            ]).ShouldExit(0).Output);
        return tar;
    }

    private static ProcessResult Run(Platform platform, string[] arguments) =>
        (platform == Platform.Windows ? WineRunner.Run(PublishedArtifacts.Cli(platform), arguments) : CliRunner.Run(arguments))
            .ShouldExit(0);

    private static string Text(JsonElement json, string member) => json.GetProperty(member).GetString()!;
}
