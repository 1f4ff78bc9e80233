using System.Text.Json;

namespace AotLayers.Native.Tests;

/// <summary>aotlayers doctor: on a system without a Host Compute Service, on a simulated machine, and as the Windows program.</summary>
public sealed class CliDoctorTests
{
    [Test]
    public void Linux_has_no_service_and_says_what_to_do()
    {
        ProcessResult result = CliRunner.Run("doctor").ShouldExit(0);
        Assert.That(result.Error, Is.Empty);
        Assert.That(result.Output, Does.Contain("no   layers of this system").And.Contain("--hcs sim:DIR").And.Contain("wevtutil"));
        JsonElement report = CliRunner.Json(CliRunner.Run("doctor", "--json").ShouldExit(0).Output);
        Assert.That(report.GetProperty("libraries").GetArrayLength(), Is.Zero);
        Assert.That(report.GetProperty("account").ValueKind, Is.EqualTo(JsonValueKind.Null));
        Assert.That(report.GetProperty("volumes")[0].GetProperty("available").GetInt64(), Is.Positive);
    }

    [Test]
    public void Simulated_machine_is_examined_with_a_layer()
    {
        JsonElement report = CliRunner.Json(CliRunner.Run(
            "doctor", @"C:\layers\scratch", "--parent", @"C:\layers\app", "--hcs", CliRunner.SimulatorWithoutStreaming, "--json")
                .ShouldExit(0).Output);
        Assert.That(report.GetProperty("layer").GetProperty("kind").GetString(), Is.EqualTo("scratch layer"));
        Assert.That(report.GetProperty("layer").GetProperty("problems").GetArrayLength(), Is.Zero);
        Assert.That(report.GetProperty("libraries")[0].GetProperty("absent").GetArrayLength(), Is.EqualTo(4));
        Assert.That(report.GetProperty("abilities").EnumerateArray().Single(ability =>
            ability.GetProperty("command").GetString() == "export of a layer with parents").GetProperty("detail").GetString(),
            Is.EqualTo("folder reader (ExportLayer)"));
    }

    [Test]
    public void Windows_program_tells_account_volume_and_Wine()
    {
        ProcessResult result = WineRunner.Run(
            PublishedArtifacts.Cli(Platform.Windows), ["doctor", @"C:\nothing", "--json"]).ShouldExit(0);
        JsonElement report = CliRunner.Json(result.Output);
        Assert.That(report.GetProperty("system").GetString(), Does.StartWith("Windows ").And.Contain("under Wine"));
        Assert.That(report.GetProperty("libraries")[0].GetProperty("loads").GetBoolean(), Is.False);
        Assert.That(report.GetProperty("account").GetProperty("problem").ValueKind, Is.EqualTo(JsonValueKind.Null));
        Assert.That(report.GetProperty("account").GetProperty("privileges")[0].GetProperty("held").GetBoolean(), Is.True);
        Assert.That(report.GetProperty("volumes")[1].GetProperty("root").GetString(), Is.EqualTo(@"C:\"));
        Assert.That(report.GetProperty("layer").GetProperty("kind").GetString(), Is.EqualTo("no layer"));
        Assert.That(report.GetProperty("abilities")[1].GetProperty("detail").GetString(), Does.Contain("Wine has no Host Compute Service"));
    }

    [Test]
    public void Requests_that_make_no_sense_are_refused()
    {
        Assert.That(CliRunner.Run("doctor", "--parent", "x").ShouldExit(2).Error, Does.Contain("--parent needs LAYER"));
        Assert.That(
            CliRunner.Run("doctor", "x", "--hcs", "replay:" + CliRunner.Recording("base-layer.json")).ShouldExit(2).Error,
            Does.Contain("leave LAYER away"));
        Assert.That(CliRunner.Run("doctor", "--hcs", "sim:/nowhere").ShouldExit(1).Error, Does.Contain("/nowhere"));
    }
}
