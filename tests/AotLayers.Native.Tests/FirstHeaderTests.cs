namespace AotLayers.Native.Tests;

/// <summary>A program that was compiled against the first header works with every later library, for ever.</summary>
public sealed class FirstHeaderTests
{
    [Test]
    public void A_caller_of_version_1_reads_and_exports([Values] Platform platform)
    {
        using var folder = new TempFolder();
        string machine = CSampleLayers.WriteMachine(folder);
        string options = CSampleLayers.Options(platform, machine);

        ProcessResult result = CCallers.Run(
            platform,
            Linkage.Linked,
            "first_header.c",
            @"C:\layers\app",
            options,
            platform == Platform.Windows ? "NUL" : folder.File("layer.tar")).ShouldExit(0);

        string[] lines = result.Output.Split('\n');
        Assert.That(lines.Count(line => line == @"Files\hello.txt|0|5|131000000012345680|0x21|5"), Is.EqualTo(2), result.Output);
        Assert.That(lines.Count(line => line == @"Files\gone.txt|1|0|0|0x0|0"), Is.EqualTo(2));
        Assert.That(lines[^2], Does.Match("^export 5 [0-9]+ sha256:[0-9a-f]{64} stream$"));
    }

    /// <summary>
    /// Every line of the first header that the C compiler sees is still in today's: functions, fields and constants may only be added.
    /// </summary>
    [Test]
    public void The_header_has_kept_what_it_had()
    {
        string[] first = Code(Path.Combine(CCallers.Sources, "aotlayers_v1.h"));
        HashSet<string> today = [.. Code(Path.Combine(
            PublishedArtifacts.RepositoryRoot,
            "src",
            "AotLayers.Native",
            "include",
            "aotlayers.h"))];

        Assert.That(first.Where(line => !today.Contains(line)
            && !line.Contains("AOTL_ABI_VERSION", StringComparison.Ordinal)
            && !line.Contains("sizeof", StringComparison.Ordinal)), Is.Empty);
    }

    /// <summary>The header without comments.</summary>
    private static string[] Code(string path) =>
        [.. ProcessRunner.Run("gcc", ["-fpreprocessed", "-dD", "-E", "-P", path])
            .ShouldExit(0).Output.Split('\n')
            .Where(line => line.Length > 0)];
}
