using System.Formats.Tar;
using System.Globalization;
using System.Text.Json;

namespace AotLayers.Native.Tests;

/// <summary>aotlayers verify: what it says of a layer, and in which form.</summary>
public sealed class CliVerifyTests
{
    private const int EntryCount = 100_000;

    [Test]
    public void Findings_are_told_with_rule_entry_and_offset_and_make_the_status_3()
    {
        using TempFolder folder = new();
        string tar = Export(folder);
        ProcessResult result = CliRunner.Run("verify", tar).ShouldExit(3);
        Assert.That(result.Output, Does.Contain($@"{tar}: error AOTV044 link-target: Files\NoPrintName: it has no target")
            .And.Contain("(offset ").And.Contain("1 error, 2 warnings, 0 notes"));
        Assert.That(result.Error, Is.Empty);
        CliRunner.Run("verify", tar, "--fail-on", "error").ShouldExit(3);
    }

    [Test]
    public void What_is_switched_off_with_a_reason_is_in_the_result()
    {
        using TempFolder folder = new();
        string tar = Export(folder);
        string[] known =
        [
            "--disable", "AOTV044=the junction is made again at the first start", "--disable", "unicode-name=old", "--disable",
            "security-missing=inherited",
        ];
        JsonElement result = CliRunner.Json(CliRunner.Run(["verify", tar, "--json", .. known]).ShouldExit(0).Output);
        Assert.That(result.GetProperty("findings").GetArrayLength(), Is.Zero);
        JsonElement disabled = result.GetProperty("disabled");
        Assert.That(disabled.GetArrayLength(), Is.EqualTo(3));
        Assert.That(disabled[0].GetProperty("reason").GetString(), Is.EqualTo("the junction is made again at the first start"));
        Assert.That(result.GetProperty("diffId").GetString(), Is.EqualTo(CliRunner.Sha256(tar)));
        foreach (string wrong in new[] { "AOTV044", "AOTV044= ", "AOTV999=why", "nothing=why" })
        {
            Assert.That(CliRunner.Run("verify", tar, "--disable", wrong).ShouldExit(2).Error, Does.Contain("--disable"), wrong);
        }
    }

    [Test]
    public void Every_source_is_verified()
    {
        using TempFolder folder = new();
        string tar = Export(folder);
        ProcessResult piped = ProcessRunner.Run(
            PublishedArtifacts.Cli(Platform.Linux), ["verify", "-", "--json"], input: File.ReadAllBytes(tar)).ShouldExit(3);
        JsonElement result = CliRunner.Json(piped.Output);
        Assert.That(result.GetProperty("digest").GetString(), Is.EqualTo(CliRunner.Sha256(tar)));
        Assert.That(result.GetProperty("findings").GetArrayLength(), Is.EqualTo(3));
        string recording = CliRunner.Recording("streaming-export.json");
        Assert.That(CliRunner.Run("verify", recording).ShouldExit(3).Output, Does.Contain("AOTV044").And.Contain(": stream, "));
        Assert.That(CliRunner.Run("verify", folder.File("nothing.tar"), "--json").ShouldExit(1).Error, Does.Contain("nothing.tar"));
    }

    [Test]
    public void A_layer_of_Linux_is_told_as_such_alone()
    {
        using TempFolder folder = new();
        Directory.CreateDirectory(folder.File("root/etc"));
        File.WriteAllText(folder.File("root/etc/passwd"), "root:x:0:0\n");
        string tar = folder.File("linux.tar.gz");
        ProcessRunner.Run("tar", ["-C", folder.File("root"), "-czf", tar, "."]).ShouldExit(0);
        Assert.That(CliRunner.Run("verify", tar).ShouldExit(3).Output, Does.Contain("AOTV003 linux-layer").And.Contain("1 error, 0 warn"));
    }

    [Test]
    public void Sarif_is_written_beside_the_text_whole_or_not_at_all()
    {
        using TempFolder folder = new();
        string tar = Export(folder);
        string sarif = folder.File("findings.sarif");
        CliRunner.Run("verify", tar, "--sarif", sarif).ShouldExit(3);
        using var log = JsonDocument.Parse(File.ReadAllBytes(sarif));
        JsonElement run = log.RootElement.GetProperty("runs")[0];
        Assert.That(run.GetProperty("results").GetArrayLength(), Is.EqualTo(3));
        string none = folder.File("none.sarif");
        CliRunner.Run("verify", folder.File("nothing.tar"), "--sarif", none).ShouldExit(1);
        Assert.That(File.Exists(none), Is.False);
    }

    [Test]
    public void Annotations_are_lines_that_GitHub_reads()
    {
        using TempFolder folder = new();
        string tar = Export(folder);
        string output = CliRunner.Run("verify", tar, "--annotations", "github").ShouldExit(3).Output;
        Assert.That(output.Split('\n').Count(line => line.StartsWith("::warning file=", StringComparison.Ordinal)), Is.EqualTo(2));
        Assert.That(output, Does.Contain($@"::error file={tar},title=AOTV044 link-target::Files\NoPrintName: it has no target"));
    }

    [Test]
    public void A_tar_of_a_gigabyte_takes_less_than_64_MiB()
    {
        using TempFolder folder = new();
        string tar = folder.File("large.tar");
        WriteLarge(tar);
        const string Measure = "import resource,subprocess,sys; print(subprocess.run(sys.argv[1:],stdout=subprocess.DEVNULL).returncode); "
            + "print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)";
        string[] lines = ProcessRunner.Run("python3", ["-c", Measure, PublishedArtifacts.Cli(Platform.Linux), "verify", tar])
            .ShouldExit(0).Output.Split('\n');
        Assert.That(lines[0], Is.EqualTo("3"));
        TestContext.Out.WriteLine($"{lines[1]} KiB");
        Assert.That(int.Parse(lines[1], CultureInfo.InvariantCulture), Is.LessThan(64 * 1024));
    }

    /// <summary>A hundred thousand small entries, and a file of a gigabyte that takes no room on the disk.</summary>
    private static void WriteLarge(string path)
    {
        using FileStream file = File.Create(path);
        using (var tar = new TarWriter(file, TarEntryFormat.Ustar, leaveOpen: true))
        {
            tar.WriteEntry(new UstarTarEntry(TarEntryType.Directory, "Files"));
            for (int i = 0; i < EntryCount; i++)
            {
                string name = string.Create(CultureInfo.InvariantCulture, $"Files/some-name-that-is-as-long-as-names-are-{i}.dll");
                tar.WriteEntry(i % 3 == 0
                    ? new UstarTarEntry(TarEntryType.HardLink, name) { LinkName = name.Replace('s', 'S') }
                    : new UstarTarEntry(TarEntryType.RegularFile, name));
            }
        }

        // The end marker gives way to one more header, whose data is a hole.
        const long Size = 1L << 30;
        file.Position = file.Length - 1024;
        byte[] header = new byte[512];
        string text = "Files/large".PadRight(100, '\0') + "0000000\00000000\00000000\0" + Convert.ToString(Size, 8).PadLeft(11, '0') + "\0"
            + "00000000000\0" + "        0";
        System.Text.Encoding.ASCII.GetBytes(text, header);
        System.Text.Encoding.ASCII.GetBytes("ustar\00000", header.AsSpan(257));
        int sum = 0;
        foreach (byte value in header)
        {
            sum += value;
        }

        System.Text.Encoding.ASCII.GetBytes(Convert.ToString(sum, 8).PadLeft(6, '0') + "\0 ", header.AsSpan(148));
        file.Write(header);
        file.SetLength(file.Position + Size + 1024);
    }

    private static string Export(TempFolder folder)
    {
        string tar = folder.File("app.tar");
        CliRunner.Run([.. CliRunner.ExportApp, "-o", tar, "--hcs", CliRunner.Simulator]).ShouldExit(0);
        return tar;
    }
}
