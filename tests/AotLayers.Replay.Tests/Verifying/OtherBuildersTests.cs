using System.Diagnostics;
using AotLayers.Replay.Tests.Recordings;
using AotLayers.Replay.Tests.Simulator;
using Xunit;

namespace AotLayers.Replay.Tests.Verifying;

/// <summary>Layers with the mistakes that other builders make, written by Python from what is known of them.</summary>
public sealed class OtherBuildersTests
{
    [Theory]
    [InlineData("buildkit", "AOTV016 AOTV018 AOTV043")]
    [InlineData("ggcr", "AOTV010 AOTV025 AOTV040 AOTV062")]
    [InlineData("imgutil", "AOTV070")]
    public void Their_mistakes_are_found_each_by_its_rule(string builder, string rules)
    {
        using var folder = new TempFolder();
        string tar = folder.File("layer.tar");
        string script = Path.Combine(SampleLayers.RepositoryRoot, "tests", "AotLayers.Replay.Tests", "Verifying", "make_layers.py");
        using (Process python = Process.Start("python3", [script, builder, tar])!)
        {
            python.WaitForExit();
            Assert.Equal(0, python.ExitCode);
        }

        var found = new SortedSet<string>(StringComparer.Ordinal);
        LayerVerifier.VerifyTar(File.OpenRead(tar), new VerifyOptions { OnFinding = finding => found.Add(finding.Rule.Id) });
        Assert.Equal(rules, string.Join(' ', found));
    }

    /// <summary>.NET names extended headers after its process.</summary>
    [Fact]
    public void The_writer_of_the_framework_gives_another_digest_each_time_and_it_is_told()
    {
        var output = new MemoryStream();
        using (var tar = new System.Formats.Tar.TarWriter(output, System.Formats.Tar.TarEntryFormat.Pax, leaveOpen: true))
        {
            tar.WriteEntry(new System.Formats.Tar.PaxTarEntry(System.Formats.Tar.TarEntryType.Directory, "Files"));
        }

        var found = new List<VerifyFinding>();
        LayerVerifier.VerifyTar(new MemoryStream(output.ToArray()), new VerifyOptions { OnFinding = found.Add });
        Assert.Contains(found, finding => finding.Rule.Id == "AOTV006");
    }
}
