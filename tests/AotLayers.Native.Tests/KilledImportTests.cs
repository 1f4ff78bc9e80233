using System.Diagnostics;

namespace AotLayers.Native.Tests;

/// <summary>
/// An import whose process is killed: there is no layer, and the next import makes it. The moment is how much of the tar the process was
/// given by a pipe that stays open; whatever of it it has read by then, it never saw the end.
/// </summary>
public sealed class KilledImportTests
{
    private const string New = @"C:\layers\new";

    [TestCase("stream", 0)]
    [TestCase("stream", 70_000)]
    [TestCase("stream", int.MaxValue)]
    [TestCase("folder", 0)]
    [TestCase("folder", 70_000)]
    [TestCase("folder", 130_000)]
    [TestCase("folder", int.MaxValue)]
    public void Killed_import_leaves_no_layer_and_the_next_one_succeeds(string writer, int bytes)
    {
        using var folder = new TempFolder();
        string tar = folder.File("layer.tar");
        CliRunner.Run([.. CliRunner.ExportApp, "--hcs", CliRunner.Simulator, "-o", tar]).ShouldExit(0);
        string machine = CliRunner.Simulator + "?state=" + folder.File("state");
        string[] layer = [New, "--parent", @"C:\layers\base", "--hcs", machine];

        byte[] content = File.ReadAllBytes(tar);
        var start = new ProcessStartInfo(PublishedArtifacts.Cli(Platform.Linux), ["import", "-", .. layer, "--writer", writer])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using (Process import = Process.Start(start)!)
        {
            // Writing ends when the process has read all but what a pipe holds.
            import.StandardInput.BaseStream.Write(content.AsSpan(0, Math.Min(bytes, content.Length)));
            import.StandardInput.BaseStream.Flush();
            Assert.That(import.HasExited, Is.False);
            import.Kill();
            import.WaitForExit();
        }

        Assert.That(CliRunner.Run(["exists", New, "--hcs", machine]).ShouldExit(3).Output, Is.EqualTo("no\n"));
        CliRunner.Run(["import", tar, .. layer, "--writer", writer]).ShouldExit(0);
        Assert.That(Export(folder, layer), Is.EqualTo(WithoutTrouble(folder, tar, writer)));
    }

    private static string WithoutTrouble(TempFolder folder, string tar, string writer)
    {
        string[] layer = [New, "--parent", @"C:\layers\base", "--hcs", CliRunner.Simulator + "?state=" + folder.File("other")];
        CliRunner.Run(["import", tar, .. layer, "--writer", writer]).ShouldExit(0);
        return Export(folder, layer);
    }

    private static string Export(TempFolder folder, string[] layer)
    {
        string tar = folder.File("exported.tar");
        CliRunner.Run(["export", .. layer, "-o", tar]).ShouldExit(0);
        return CliRunner.Sha256(tar);
    }
}
