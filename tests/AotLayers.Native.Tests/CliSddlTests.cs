using System.Text.Json;

namespace AotLayers.Native.Tests;

/// <summary>aotlayers sddl.</summary>
public sealed class CliSddlTests
{
    private const string EmptyList = "AQAEgAAAAAAAAAAAAAAAABQAAAACAAgAAAAAAA==";

    [Test]
    public void Both_ways()
    {
        Assert.That(CliRunner.Run("sddl", "D:").ShouldExit(0).Output, Is.EqualTo(EmptyList + "\n"));
        Assert.That(CliRunner.Run("sddl", EmptyList).ShouldExit(0).Output, Is.EqualTo("D:\n"));
        Assert.That(CliRunner.Run("sddl", EmptyList.TrimEnd('=')).ShouldExit(0).Output, Is.EqualTo("D:\n"));
        Assert.That(
            CliRunner.Run("sddl", "O:LA", "--domain", "S-1-5-21-1-2-3").ShouldExit(0).Output,
            Is.EqualTo("AQAAgBQAAAAAAAAAAAAAAAAAAAABBQAAAAAABRUAAAABAAAAAgAAAAMAAAD0AQAA\n"));
    }

    [Test]
    public void Errors_say_what_is_wrong()
    {
        ProcessResult result = CliRunner.Run("sddl", "D:(A;;FA;;;XX)").ShouldExit(1);
        Assert.That(result.Output, Is.Empty);
        Assert.That(result.Error, Does.Contain("'XX' is no known SID"));
        Assert.That(CliRunner.Run("sddl", "hello").ShouldExit(1).Error, Does.Contain("neither SDDL"));
        Assert.That(CliRunner.Run("sddl", "O:BA", "--domain", "x").ShouldExit(2).Error, Does.Contain("'x' is no SID"));
        Assert.That(CliRunner.Run("sddl", "-", "--json").ShouldExit(2).Error, Does.Contain("for one descriptor"));
    }

    [Test]
    public void Lines_of_standard_input()
    {
        ProcessResult result = ProcessRunner.Run(
            "sh", ["-c", $"printf 'D:\\n{EmptyList}\\nnonsense\\nO:BA\\n' | '{PublishedArtifacts.Cli(Platform.Linux)}' sddl -"])
                .ShouldExit(1);
        string[] lines = result.Output.Split('\n');
        Assert.That(lines, Has.Length.EqualTo(5));
        Assert.That(lines[0], Is.EqualTo(EmptyList));
        Assert.That(lines[1], Is.EqualTo("D:"));
        Assert.That(lines[2], Does.StartWith("error: "));
        Assert.That(lines[3], Is.EqualTo("AQAAgBQAAAAAAAAAAAAAAAAAAAABAgAAAAAABSAAAAAgAgAA"));
        Assert.That(result.Error, Is.Empty);
    }

    [Test]
    public void Readable_and_JSON()
    {
        string[] lines = CliRunner.Run("sddl", "--explain", "O:BAD:P(A;OI;0x1200a9;;;WD)").ShouldExit(0).Output.Split('\n');
        Assert.That(lines[0], Is.EqualTo(@"owner: BUILTIN\Administrators (S-1-5-32-544)"));
        Assert.That(lines[3], Is.EqualTo("  allow Everyone (S-1-1-0): read and execute [for files]"));
        JsonElement json = CliRunner.Json(CliRunner.Run("sddl", "--json", EmptyList).ShouldExit(0).Output);
        Assert.That(json.GetProperty("sddl").GetString(), Is.EqualTo("D:"));
        Assert.That(json.GetProperty("base64").GetString(), Is.EqualTo(EmptyList));
        Assert.That(json.GetProperty("control").GetString(), Is.EqualTo("0x8004"));
        Assert.That(json.GetProperty("report").GetArrayLength(), Is.EqualTo(3));
    }
}
