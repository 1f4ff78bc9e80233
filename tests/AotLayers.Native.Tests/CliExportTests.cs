using System.Diagnostics;
using System.Text.Json;

namespace AotLayers.Native.Tests;

/// <summary>aotlayers export: what comes out, checked with other people's programs.</summary>
public sealed class CliExportTests
{
    // Lists what Python finds in a tar: per member its name, whose bytes need not be UTF-8, and its size.
    private const string ListWithPython = """
        import json, sys, tarfile
        with tarfile.open(sys.argv[1]) as tar:
            json.dump([[member.name.encode("utf-8", "surrogateescape").decode("latin-1"), member.size] for member in tar], sys.stdout)
        """;

    [Test]
    public void Summary_agrees_with_what_other_programs_find_in_the_tar()
    {
        using TempFolder folder = new();
        string tar = folder.File("layer.tar");
        ProcessResult result = CliRunner.Run([.. CliRunner.ExportApp, "--hcs", CliRunner.Simulator, "-o", tar, "--json"]).ShouldExit(0);

        Assert.That(result.Error, Is.Empty);
        JsonElement summary = CliRunner.Json(result.Output);
        using var members = JsonDocument.Parse(ProcessRunner.Run("python3", ["-c", ListWithPython, tar]).ShouldExit(0).Output);
        string[] names = [.. members.RootElement.EnumerateArray().Select(member => member[0].GetString()!)];
        bool IsTombstone(string name) => name[(name.LastIndexOf('/') + 1)..].StartsWith(".wh.", StringComparison.Ordinal);
        int tombstones = names.Count(IsTombstone);
        Assert.That(tombstones, Is.Positive);
        Assert.That(summary.GetProperty("tombstones").GetInt32(), Is.EqualTo(tombstones));

        // Alternate streams are members of their own and are not counted as entries.
        Assert.That(
            summary.GetProperty("entries").GetInt32(),
            Is.EqualTo(names.Count(name => !IsTombstone(name) && !name.Contains(':', StringComparison.Ordinal))));
        Assert.That(summary.GetProperty("bytes").GetInt64(), Is.EqualTo(new FileInfo(tar).Length));
        Assert.That(summary.GetProperty("digest").GetString(), Is.EqualTo(CliRunner.Sha256(tar)));
        Assert.That(summary.GetProperty("diffId").GetString(), Is.EqualTo(CliRunner.Sha256(tar)));
        Assert.That(summary.GetProperty("reader").GetString(), Is.EqualTo("stream"));
        Assert.That(summary.GetProperty("losses").ValueKind, Is.EqualTo(JsonValueKind.Array));
        Assert.That(ProcessRunner.Run("tar", ["-xOf", tar, "Files/hello.txt"]).ShouldExit(0).Output, Is.EqualTo("hello"));
    }

    [Test]
    public void Text_result_says_the_same()
    {
        using TempFolder folder = new();
        string tar = folder.File("layer.tar");
        ProcessResult result = CliRunner.Run([.. CliRunner.ExportApp, "--hcs", CliRunner.Simulator, "-o", tar]).ShouldExit(0);

        Assert.That(
            result.Output,
            Does.Contain($"{new FileInfo(tar).Length} bytes").And.Contain("stream reader").And.Contain("diffId " + CliRunner.Sha256(tar)));
        Assert.That(result.Error, Is.Empty, "no progress where there is no terminal");
        Assert.That(result.OutputBytes, Does.Not.Contain((byte)0x1b));
    }

    [TestCase("stream", "app", true)]
    [TestCase("folder", "app", true)]
    [TestCase("base", "base", false)]
    public void Recorded_run_replays_to_the_same_bytes(string reader, string layer, bool hasParent)
    {
        using TempFolder folder = new();
        string[] export = ["export", @"C:\layers\" + layer, .. hasParent
            ? ["--parent", @"C:\layers\base"]
            : Array.Empty<string>(), "--json"];
        string hcs = reader == "stream" ? CliRunner.Simulator : CliRunner.SimulatorWithoutStreaming;
        string recording = folder.File("run.json");
        ProcessResult recorded = CliRunner.Run([.. export, "--hcs", hcs, "-o", folder.File("first.tar"), "--record", recording])
            .ShouldExit(0);
        CliRunner.Run("recording", "check", recording).ShouldExit(0);
        ProcessResult replayed = CliRunner.Run([
            .. export, "--hcs", "replay:" + recording, "-o", folder.File("second.tar"), "--record",
            folder.File("again.json")
        ]).ShouldExit(0);

        Assert.That(CliRunner.Json(recorded.Output).GetProperty("reader").GetString(), Is.EqualTo(reader));
        Assert.That(
            CliRunner.Json(replayed.Output).GetProperty("diffId").GetString(),
            Is.EqualTo(CliRunner.Json(recorded.Output).GetProperty("diffId").GetString()));
        Assert.That(File.ReadAllBytes(folder.File("second.tar")), Is.EqualTo(File.ReadAllBytes(folder.File("first.tar"))));
        Assert.That(File.ReadAllBytes(folder.File("again.json")), Is.EqualTo(File.ReadAllBytes(recording)), "the recording of a replay");
    }

    [Test]
    public void Committed_recording_is_replayed()
    {
        using TempFolder folder = new();
        string tar = folder.File("layer.tar");
        CliRunner.Run([.. CliRunner.ExportApp, "--hcs", "replay:" + CliRunner.Recording("streaming-export.json"), "-o", tar]).ShouldExit(0);

        Assert.That(ProcessRunner.Run("tar", ["-xOf", tar, "Files/hello.txt"]).ShouldExit(0).Output, Is.EqualTo("hello"));
    }

    [TestCase("gzip")]
    [TestCase("zstd")]
    public void Compressed_output_holds_the_same_tar(string compression)
    {
        Requires.Program(compression, compression);
        using TempFolder folder = new();
        CliRunner.Run([.. CliRunner.ExportApp, "--hcs", CliRunner.Simulator, "-o", folder.File("plain.tar")]).ShouldExit(0);
        string compressed = folder.File("layer");
        JsonElement summary = CliRunner.Json(CliRunner.Run([
            .. CliRunner.ExportApp, "--hcs", CliRunner.Simulator, "-o", compressed, "--compression", compression,
            "--json"
        ]).ShouldExit(0).Output);

        byte[] unpacked = ProcessRunner.Run(compression, ["-dc"], input: File.ReadAllBytes(compressed)).ShouldExit(0).OutputBytes;
        Assert.That(unpacked, Is.EqualTo(File.ReadAllBytes(folder.File("plain.tar"))));
        Assert.That(summary.GetProperty("digest").GetString(), Is.EqualTo(CliRunner.Sha256(compressed)));
        Assert.That(summary.GetProperty("diffId").GetString(), Is.EqualTo(CliRunner.Sha256(folder.File("plain.tar"))));
        Assert.That(summary.GetProperty("bytes").GetInt64(), Is.EqualTo(new FileInfo(compressed).Length));
        Assert.That(summary.GetProperty("compression").GetString(), Is.EqualTo(compression));
    }

    [Test]
    public void Standard_output_carries_the_tar_and_standard_error_the_result()
    {
        using TempFolder folder = new();
        CliRunner.Run([.. CliRunner.ExportApp, "--hcs", CliRunner.Simulator, "-o", folder.File("layer.tar")]).ShouldExit(0);
        ProcessResult piped = CliRunner.Run([.. CliRunner.ExportApp, "--hcs", CliRunner.Simulator, "-o", "-", "--json"]).ShouldExit(0);

        Assert.That(piped.OutputBytes, Is.EqualTo(File.ReadAllBytes(folder.File("layer.tar"))));
        Assert.That(CliRunner.Json(piped.Error).GetProperty("diffId").GetString(), Is.EqualTo(CliRunner.Sha256(folder.File("layer.tar"))));
    }

    [Test]
    public void Digests_can_be_left_out()
    {
        JsonElement summary = CliRunner.Json(CliRunner.Run([
            .. CliRunner.ExportApp, "--hcs", CliRunner.Simulator, "-o", "/dev/null", "--digest", "none",
            "--json"
        ]).ShouldExit(0).Output);

        Assert.That(summary.GetProperty("diffId").ValueKind, Is.EqualTo(JsonValueKind.Null));
        Assert.That(summary.GetProperty("digest").ValueKind, Is.EqualTo(JsonValueKind.Null));
    }

    [Test]
    public void Home_and_flavour_reach_the_calls()
    {
        using TempFolder folder = new();
        string recording = folder.File("run.json");
        CliRunner.Run(
            "export",
            "app",
            "--home",
            @"C:\layers",
            "--flavour",
            "0",
            "--parent",
            @"C:\layers\base",
            "--hcs",
            CliRunner.Simulator,
            "-o",
            "/dev/null",
            "--record",
            recording).ShouldExit(0);

        JsonElement begin = CliRunner.Json(CliRunner.Run(
            "recording",
            "show",
            recording,
            "--fn",
            "ExportLayerBegin",
            "--json").ShouldExit(0).Output).GetProperty("calls")[0].GetProperty("in");
        Assert.That(begin.GetProperty("info").GetProperty("flavour").GetInt32(), Is.Zero);
        Assert.That(begin.GetProperty("info").GetProperty("homeDir").GetString(), Is.EqualTo(@"C:\layers"));
        Assert.That(begin.GetProperty("layerId").GetString(), Is.EqualTo("app"));
    }

    [Test]
    public void Finished_export_replaces_an_existing_file()
    {
        using TempFolder folder = new();
        string tar = folder.File("layer.tar");
        File.WriteAllText(tar, "old");
        CliRunner.Run([.. CliRunner.ExportApp, "--hcs", CliRunner.Simulator, "-o", tar]).ShouldExit(0);

        Assert.That(new FileInfo(tar).Length, Is.GreaterThan(1024));
        Assert.That(Directory.GetFileSystemEntries(folder.Path), Has.Length.EqualTo(1));
    }

    [Test]
    public void Failed_export_leaves_an_existing_file_alone()
    {
        using TempFolder folder = new();
        string tar = folder.File("layer.tar");
        File.WriteAllText(tar, "old");
        CliRunner.Run("export", @"C:\layers\unreadable", "--parent", @"C:\layers\base", "--hcs", CliRunner.Simulator, "-o", tar)
            .ShouldExit(1);

        Assert.That(File.ReadAllText(tar), Is.EqualTo("old"));
        Assert.That(Directory.GetFileSystemEntries(folder.Path), Has.Length.EqualTo(1));
    }

    [TestCase("INT")]
    [TestCase("TERM")]
    public void Interrupted_export_leaves_nothing(string signal)
    {
        using TempFolder folder = new();
        Directory.CreateDirectory(Path.Combine(folder.Path, "layers", "large"));
        File.WriteAllText(Path.Combine(folder.Path, "layers", "large", "layer.json"), """
            { "entries": [ { "path": "Files", "directory": true }, { "path": "Files\\large.bin", "pattern": 1, "size": 1000000000000 } ] }
            """);
        string output = Directory.CreateDirectory(folder.File("out")).FullName;

        ProcessStartInfo start = new(
            PublishedArtifacts.Cli(Platform.Linux),
            ["export", @"C:\layers\large", "--reader", "stream", "--hcs", "sim:" + folder.File("layers"), "-o", Path.Combine(
                output,
                "layer.tar")])
        {
            RedirectStandardError = true,
        };
        using Process process = Process.Start(start)!;
        try
        {
            // The tar would have a terabyte: once it has begun, the export is under way for hours.
            SpinWait.SpinUntil(
                () => process.HasExited || Directory.EnumerateFiles(output).Any(file => new FileInfo(file).Length > 0),
                TimeSpan.FromMinutes(1));
            ProcessRunner.Run("kill", ["-" + signal, process.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)]).ShouldExit(0);
            Assert.That(process.WaitForExit(TimeSpan.FromMinutes(1)), Is.True, "did not end");
            Assert.That(process.ExitCode, Is.EqualTo(1));
            Assert.That(process.StandardError.ReadToEnd(), Does.StartWith("aotlayers: interrupted"));
            Assert.That(Directory.GetFileSystemEntries(output), Is.Empty);
        }
        finally
        {
            process.Kill();
        }
    }

    [Test]
    public void Reparse_points_without_a_tar_form_fail_are_skipped_or_kept()
    {
        using TempFolder folder = new();
        string[] export = ["export", @"C:\layers\lx", "--parent", @"C:\layers\base", "--hcs", CliRunner.Simulator, "--json", "-o"];
        Assert.That(CliRunner.Run([.. export, folder.File("fail.tar")]).ShouldExit(1).Error, Does.Contain("LX_SYMLINK"));

        string output = CliRunner.Run([.. export, folder.File("skip.tar"), "--unsupported", "skip"]).ShouldExit(0).Output;
        JsonElement skipped = CliRunner.Json(output);
        JsonElement loss = skipped.GetProperty("losses").EnumerateArray().Single();
        Assert.That(loss.GetProperty("entry").GetString(), Is.EqualTo(@"Files\link"));
        Assert.That(loss.GetProperty("reason").GetString(), Is.EqualTo("reparseTagHasNoTarForm"));

        foreach (string[] option in new string[][] { ["--unsupported", "keep"], ["--lossless"] })
        {
            string tar = folder.File(option[0] + ".tar");
            JsonElement kept = CliRunner.Json(CliRunner.Run([.. export, tar, .. option]).ShouldExit(0).Output);
            Assert.That(kept.GetProperty("losses").GetArrayLength(), Is.Zero);
            Assert.That(kept.GetProperty("entries").GetInt64(), Is.EqualTo(skipped.GetProperty("entries").GetInt64()));
            Assert.That(System.Text.Encoding.Latin1.GetString(File.ReadAllBytes(tar)), Does.Contain(" AOTLAYERS."));
        }
    }
}
