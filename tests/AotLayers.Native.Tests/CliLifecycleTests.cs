using System.Text.Json;

namespace AotLayers.Native.Tests;

/// <summary>The life of a layer by separate commands on one simulated machine.</summary>
public sealed class CliLifecycleTests
{
    private const string Box = @"C:\layers\box";

    [Test]
    public void Layer_is_made_mounted_unmounted_and_removed_by_separate_processes()
    {
        using TempFolder folder = new();
        string[] machine = ["--hcs", CliRunner.Simulator + "?state=" + folder.File("state")];
        string[] parents = ["--parent", @"C:\layers\app", "--parent", @"C:\layers\base"];

        Assert.That(CliRunner.Run(["exists", Box, .. machine]).ShouldExit(3).Output, Is.EqualTo("no\n"));
        CliRunner.Run(["create", Box, .. parents, "--size", "40GB", .. machine]).ShouldExit(0);
        Assert.That(CliRunner.Run(["exists", Box, .. machine]).ShouldExit(0).Output, Is.EqualTo("yes\n"));
        Assert.That(CliRunner.Run(["create", Box, .. parents, .. machine]).ShouldExit(1).Error, Does.Contain("CreateSandboxLayer"));

        JsonElement mounted = CliRunner.Json(CliRunner.Run(["mount", Box, .. parents, "--json", .. machine]).ShouldExit(0).Output);
        Assert.That(mounted.GetProperty("mountPath").GetString(), Does.StartWith(@"\\?\Volume{"));
        string[] calls = [.. mounted.GetProperty("calls").EnumerateArray().Select(call => call.GetProperty("call").GetString()!)];
        Assert.That(calls[..2], Is.EqualTo(new[] { "ActivateLayer", "PrepareLayer" }));

        JsonElement refused = CliRunner.Json(CliRunner.Run(["remove", Box, "--json", .. machine]).ShouldExit(1).Error);
        Assert.That(refused.GetProperty("call").GetString(), Is.EqualTo("DestroyLayer"));
        Assert.That(refused.GetProperty("code").GetString(), Is.EqualTo("0x80070020"));
        Assert.That(refused.GetProperty("layer").GetString(), Is.EqualTo(Box));

        CliRunner.Run(["expand", Box, "50g", .. machine]).ShouldExit(0);
        Assert.That(CliRunner.Run(["expand", Box, "1GB", .. machine]).ShouldExit(1).Error, Does.Contain("ExpandSandboxSize"));
        Assert.That(CliRunner.Run(["expand", Box, "many", .. machine]).ShouldExit(2).Error, Does.Contain("'many'"));
        CliRunner.Run(["grant-vm", Box, "00000000-0000-0000-0000-000000000001", .. machine]).ShouldExit(0);
        Assert.That(CliRunner.Run(["unmount", Box, "--verbose", .. machine]).ShouldExit(0).Error, Does.Contain("UnprepareLayer"));
        CliRunner.Run(["remove", Box, .. machine]).ShouldExit(0);
        CliRunner.Run(["exists", Box, .. machine]).ShouldExit(3);
    }

    [Test]
    public void Verb_is_recorded_and_replayed()
    {
        using TempFolder folder = new();
        string recording = folder.File("create.json");
        string[] create = ["create", Box, "--parent", @"C:\layers\base"];
        CliRunner.Run([.. create, "--hcs", CliRunner.Simulator, "--record", recording]).ShouldExit(0);
        CliRunner.Run([.. create, "--hcs", "replay:" + recording]).ShouldExit(0);
        Assert.That(CliRunner.Run(["exists", Box, "--hcs", "replay:" + recording]).ShouldExit(1).Error, Does.Contain("LayerExists"));
    }

    [Test]
    public void Base_images_and_a_base_layer_that_is_finished_once()
    {
        using TempFolder folder = new();
        string[] machine = ["--hcs", CliRunner.Simulator + "?state=" + folder.File("state")];
        JsonElement images = CliRunner.Json(CliRunner.Run(["list", "--json", .. machine]).ShouldExit(0).Output);
        string?[] names = [.. images.GetProperty("baseImages")
            .GetProperty("Images")
            .EnumerateArray()
            .Select(image => image.GetProperty("Name").GetString())];
        Assert.That(names, Does.Contain("base"));
        CliRunner.Run(["make-base", @"C:\layers\base", .. machine]).ShouldExit(0);
        Assert.That(CliRunner.Run(["make-base", @"C:\layers\base", .. machine]).ShouldExit(1).Error, Does.Contain("0x50"));
    }

    [Test]
    public void Second_library_exports_and_removes_the_same_layer()
    {
        using TempFolder folder = new();
        string state = "state=" + folder.File("state");
        string[] machine = ["--hcs", CliRunner.Simulator + "?absent=DestroyLayer,ExportLayer,ExportLayerBegin&" + state];
        CliRunner.Run([.. CliRunner.ExportApp, "--hcs", CliRunner.SimulatorWithoutStreaming, "-o", folder.File("first.tar")]).ShouldExit(0);
        CliRunner.Run([.. CliRunner.ExportApp, .. machine, "-o", folder.File("second.tar"), "--record", folder.File("run.json")])
            .ShouldExit(0);
        Assert.That(CliRunner.Sha256(folder.File("second.tar")), Is.EqualTo(CliRunner.Sha256(folder.File("first.tar"))));
        Assert.That(File.ReadAllText(folder.File("run.json")), Does.Contain("\"fn\":\"HcsExportLayer\""));

        string[] scratch = [@"C:\layers\scratch", .. machine];
        ProcessResult refused = CliRunner.Run(["remove", .. scratch, "--api", "vmcompute"]).ShouldExit(1);
        Assert.That(refused.Error, Does.Contain("DestroyLayer"));
        Assert.That(CliRunner.Run(["remove", .. scratch, "--verbose"]).ShouldExit(0).Error, Does.Contain("HcsDestroyLayer"));
        CliRunner.Run(["exists", .. scratch, "--api", "computestorage"]).ShouldExit(3);
        Assert.That(
            CliRunner.Run([.. CliRunner.ExportApp, .. machine, "-o", "-", "--scratch", "--api", "computestorage"]).ShouldExit(2).Error,
            Does.Contain("--scratch is done by vmcompute only"));
    }
}
