using System.Diagnostics;
using System.Text.Json;

namespace AotLayers.Native.Tests;

/// <summary>Outputs of the published program: where ordinary files and devices are told apart, and what a killed run leaves.</summary>
public sealed class OutputNameTests
{
    [Test]
    public void A_tar_and_a_recording_in_shared_memory_replace_longer_files()
    {
        string folder = Directory.CreateDirectory("/dev/shm/aotlayers-" + Path.GetRandomFileName()).FullName;
        try
        {
            (string tar, string recording) = (Path.Combine(folder, "x.tar"), Path.Combine(folder, "x.json"));
            for (int run = 0; run < 2; run++)
            {
                ProcessResult result = Export("-o", tar, "--record", recording, "--json").ShouldExit(0);
                Assert.That(CliRunner.Json(result.Output).GetProperty("digest").GetString(), Is.EqualTo(CliRunner.Sha256(tar)));
                CliRunner.Run("recording", "check", recording).ShouldExit(0);
                File.AppendAllText(tar, new string('x', 100_000));
                File.AppendAllText(recording, new string('x', 100_000));
            }

            Assert.That(Directory.GetFileSystemEntries(folder), Has.Length.EqualTo(2));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Test]
    public void Standard_output_by_its_path_is_a_pipe()
    {
        ProcessResult piped = Export("-o", "/dev/stdout", "--digest", "none");
        ProcessResult dash = Export("-o", "-", "--digest", "none").ShouldExit(0);
        Assert.That(piped.OutputBytes.Take(dash.OutputBytes.Length), Is.EqualTo(dash.OutputBytes));
    }

    [Test]
    public void A_full_disk_tells_code_layer_and_the_name_of_the_output()
    {
        JsonElement error = CliRunner.Json(Export("-o", "/dev/full", "--json").ShouldExit(1).Error);
        Assert.That(error.GetProperty("code").GetString(), Is.EqualTo("0x80070070"));
        Assert.That(error.GetProperty("layer").GetString(), Is.EqualTo(@"C:\layers\app"));
        Assert.That(error.GetProperty("message").GetString(), Does.Contain("/dev/full").And.Not.Contain(".tmp"));
    }

    [Test]
    public void A_killed_run_leaves_nothing()
    {
        using TempFolder folder = new();
        string target = Directory.CreateDirectory(folder.File("out")).FullName;

        // Whatever the moment is: before, while or after the tar is written.
        using Process export = Process.Start(new ProcessStartInfo(
            PublishedArtifacts.Cli(Platform.Linux),
            [.. CliRunner.ExportApp, "--hcs", CliRunner.Simulator, "-o", Path.Combine(target, "x.tar"), "--compression", "zstd"]))!;
        Thread.Sleep(5);
        export.Kill();
        export.WaitForExit();
        Assert.That(Directory.GetFileSystemEntries(target).Where(path => !path.EndsWith("x.tar", StringComparison.Ordinal)), Is.Empty);
    }

    /// <summary>Names that Windows takes for devices, in the real Windows program.</summary>
    [TestCase("CON", "console")]
    [TestCase("con.txt", "console")]
    [TestCase("CONOUT$", "console")]
    [TestCase(@"C:\aux", "device AUX")]
    [TestCase("COM1", "device COM1")]
    [TestCase("nul.tar", "NUL alone")]
    [TestCase(" ", "blank")]
    public void Windows_names_of_devices_are_refused_clearly(string name, string words)
    {
        ProcessResult output = RunWine("-o", name).ShouldExit(2);
        Assert.That(output.Error, Does.Contain(words).And.Contain("--output").And.Not.Contain("internal error"));
        ProcessResult record = RunWine("-o", "NUL", "--record", name).ShouldExit(2);
        Assert.That(record.Error, Does.Contain(words).And.Contain("--record").And.Not.Contain("internal error"));
    }

    [TestCase("NUL")]
    [TestCase("nul")]
    [TestCase(@"\\.\NUL")]
    public void Windows_throws_the_output_away_where_that_is_meant(string name)
    {
        JsonElement summary = CliRunner.Json(RunWine("-o", name, "--json").ShouldExit(0).Output.ReplaceLineEndings("\n"));
        Assert.That(summary.GetProperty("diffId").GetString(), Does.StartWith("sha256:"));
    }

    [Test]
    public void Windows_files_appear_whole_and_leftovers_go()
    {
        using TempFolder folder = new();
        string tar = folder.File("x.tar");
        File.WriteAllText(folder.File(".x.tar.aotlayers-0123456789ab.tmp"), "left by a killed run");
        File.WriteAllText(tar, "old");
        JsonElement summary = CliRunner.Json(RunWine("-o", WineRunner.ToWindowsPath(tar), "--json")
            .ShouldExit(0).Output.ReplaceLineEndings("\n"));
        Assert.That(summary.GetProperty("digest").GetString(), Is.EqualTo(CliRunner.Sha256(tar)));
        Assert.That(Directory.GetFileSystemEntries(folder.Path), Is.EqualTo(new[] { tar }));
    }

    private static ProcessResult Export(params string[] arguments) =>
        CliRunner.Run([.. CliRunner.ExportApp, "--hcs", CliRunner.Simulator, .. arguments]);

    private static ProcessResult RunWine(params string[] arguments) => WineRunner.Run(
        PublishedArtifacts.Cli(Platform.Windows),
        [.. CliRunner.ExportApp, "--hcs", "sim:" + WineRunner.ToWindowsPath(CliRunner.Simulator["sim:".Length..]), .. arguments]);
}
