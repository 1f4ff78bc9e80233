using System.Text.Json;

namespace AotLayers.Native.Tests;

/// <summary>
/// Layers as BuildKit, go-containerregistry and imgutil write them on Linux, and one with the mix of a real base image, made by a script
/// from what is known of them (docs/formats/layer-tar.md#what-real-images-hold).
/// </summary>
public sealed class LayersOfOthersTests
{
    [Test]
    public void A_layer_of_BuildKit_is_read_with_its_oddities()
    {
        using TempFolder folder = new();
        string tar = Make(folder, "buildkit");
        Assert.That(CliRunner.Run("ls", "-l", tar).ShouldExit(0).Output, Is.EqualTo("""
            d-------             0 2016-02-15 08:53:21 Hives
            d-------             0 2016-02-15 08:53:21 Files
            d-------             0 2016-02-15 08:53:21 Files\app
            ----a---             8 2016-02-15 08:53:21 Files\app\file.txt
            h-------             0 2016-02-15 08:53:21 Files\app\hard.txt => Files\app\file.txt
            l-------             0 2016-02-15 08:53:21 Files\app\link.txt -> Files\file.txt
            t-------             0                     Files\app\gone.txt

            """));
        Assert.That(CliRunner.Run("cat", tar, "Files/app/hard.txt").ShouldExit(0).Output, Is.EqualTo("buildkit"));
        string target = folder.File("target");
        CliRunner.Run("extract", tar, "-C", target).ShouldExit(0);
        Assert.That(new FileInfo(Path.Combine(target, "Files", "app", "link.txt")).LinkTarget, Is.EqualTo("Files/file.txt"));
    }

    [Test]
    public void A_layer_of_go_containerregistry_is_read_and_its_wrong_link_explained()
    {
        using TempFolder folder = new();
        string tar = Make(folder, "ggcr");
        Assert.That(CliRunner.Run("cat", tar, "Files/app/file.txt").ShouldExit(0).Output, Is.EqualTo("ggcr"));
        Assert.That(
            CliRunner.Run("cat", tar, "Files/app/hard.txt").ShouldExit(1).Error, Does.Contain(@"the layer has Files\app\file.txt"));
        ProcessResult extracted = CliRunner.Run("extract", tar, "-C", folder.File("target")).ShouldExit(1);
        Assert.That(extracted.Error, Does.Contain(@"the target of the hard link, app\file.txt, was not extracted"));
        Assert.That(extracted.Output, Does.Contain("1 files, 4 directories"), "Files comes twice");
    }

    [Test]
    public void A_base_layer_of_imgutil_is_read()
    {
        using TempFolder folder = new();
        string tar = Make(folder, "imgutil");
        Assert.That(CliRunner.Run("ls", tar, "--type", "file").ShouldExit(0).Output.Split('\n'), Has.Length.EqualTo(7));
        string hive = CliRunner.Run("inspect", tar, "files/windows/system32/CONFIG/system").ShouldExit(0).Output;
        Assert.That(hive, Does.Contain("size: 0\n").And.Contain("security: O:BUG:BU\n"));
        Assert.That(hive, Does.Contain(@"owner: BUILTIN\Users (S-1-5-32-545)"));
        Assert.That(
            CliRunner.Run("cat", tar, "UtilityVM/Files/EFI/Microsoft/Boot/BCD").ShouldExit(0).OutputBytes, Has.Length.EqualTo(4096));
    }

    [Test]
    public void The_mix_of_a_real_base_image_is_counted_as_it_was_made()
    {
        using TempFolder folder = new();
        string tar = Make(folder, "nanoserver");
        using var json = JsonDocument.Parse(CliRunner.Run("ls", tar, "--json").ShouldExit(0).OutputBytes);
        JsonElement[] entries = [.. json.RootElement.GetProperty("entries").EnumerateArray()];
        int Count(Func<JsonElement, bool> condition) => entries.Count(condition);
        Assert.That(entries, Has.Length.EqualTo(10288));
        Assert.That(Count(entry => entry.GetProperty("type").GetString() == "directory"), Is.EqualTo(1350));
        Assert.That(Count(entry => entry.GetProperty("type").GetString() == "file"), Is.EqualTo(5164));
        Assert.That(Count(entry => entry.GetProperty("type").GetString() == "link"), Is.EqualTo(3774));
        Assert.That(Count(entry => entry.GetProperty("sddl").ValueKind == JsonValueKind.String), Is.EqualTo(6513));
        Assert.That(Count(entry => entry.GetProperty("extendedAttributes").GetArrayLength() == 2), Is.EqualTo(981));

        // What Python finds in the files, hard links once.
        const string Sum = "import sys, tarfile; print(sum(m.size for m in tarfile.open(sys.argv[1]) if m.isreg()))";
        string bytes = ProcessRunner.Run("python3", ["-c", Sum, tar]).ShouldExit(0).Output.Trim();
        Assert.That(CliRunner.Run("du", tar, "--depth", "0").ShouldExit(0).Output, Does.Contain($" {bytes} total: 5164 files"));
        Assert.That(CliRunner.Run("diff", tar, tar, "--exit-code").ShouldExit(0).Output, Is.Empty);
    }

    private static string Make(TempFolder folder, string kind)
    {
        string tar = folder.File(kind + ".tar");
        string script = Path.Combine(
            PublishedArtifacts.RepositoryRoot, "tests", "AotLayers.Native.Tests", "others", "layers_of_others.py");
        ProcessRunner.Run("python3", [script, kind, tar]).ShouldExit(0);
        return tar;
    }
}
