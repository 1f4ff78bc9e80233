using System.IO.Compression;
using System.Security.Cryptography;

namespace AotLayers.Native.Tests;

/// <summary>The C interface as C programs use it (DESIGN 5.2): compiled by gcc and mingw, linked and loaded at run time.</summary>
[TestFixture(Platform.Linux, Linkage.Linked)]
[TestFixture(Platform.Linux, Linkage.Loaded)]
[TestFixture(Platform.Windows, Linkage.Linked)]
[TestFixture(Platform.Windows, Linkage.Loaded)]
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
internal sealed class CInterfaceTests(Platform platform, Linkage linkage) : IDisposable
{
    private const string App = @"C:\layers\app";

    private readonly TempFolder _folder = new();
    private string _machine = null!;

    [SetUp]
    public void MakeLayers() => _machine = CSampleLayers.WriteMachine(_folder);

    public void Dispose() => _folder.Dispose();

    [Test]
    public void Entries_and_backup_streams_are_those_of_the_layer()
    {
        ProcessResult result = Run("read_layer.c", "backup", App, CSampleLayers.Options(platform, _machine)).ShouldExit(0);

        Dictionary<string, string> entries = CSampleLayers.Parse(result.Output);
        foreach ((string name, string expected) in CSampleLayers.MachineEntries)
        {
            Assert.That(entries[name], Is.EqualTo(expected), name);
        }
    }

    [Test]
    public void Plain_data_is_the_main_stream_with_its_holes()
    {
        ProcessResult result = Run("read_layer.c", "data", App, CSampleLayers.Options(platform, _machine)).ShouldExit(0);

        Dictionary<string, string> entries = CSampleLayers.Parse(result.Output);
        Assert.That(DataOf(entries[@"Files\hello.txt"]), Is.EqualTo("68656c6c6f"));
        Assert.That(DataOf(entries[@"Files\streams.txt"]), Is.EqualTo("68656c6c6f"));
        Assert.That(DataOf(entries[@"Files\sparse.bin"]), Is.EqualTo("61626364" + new string('0', 2 * (65536 - 4))));
        Assert.That(DataOf(entries[@"Files\gone.txt"]), Is.Empty);
        Assert.That(DataOf(entries["Files"]), Is.Empty);
    }

    [Test]
    public void A_transport_folder_needs_no_options()
    {
        string folder = CSampleLayers.WriteTransportFolder(_folder);

        ProcessResult result = Run("read_layer.c", "backup", InPath(folder)).ShouldExit(0);

        Dictionary<string, string> entries = CSampleLayers.Parse(result.Output);
        Assert.That(
            entries.Keys,
            Is.EqualTo(new[] { "Files", @"Files\dir", @"Files\dir\gone.txt", @"Files\dir\hello.txt", "Hives", @"Hives\System_Delta" }));
        Assert.That(DataOf(entries[@"Files\dir\hello.txt"]), Is.EqualTo(CSampleLayers.AlternateStream));
        Assert.That(entries[@"Files\dir\hello.txt"], Does.StartWith("0|5|").And.Contain("|0x21|"));
        Assert.That(entries[@"Files\dir\gone.txt"], Does.StartWith("1|0|0|0|0|0|0x0|"));
    }

    [TestCase("layer.tar")]
    [TestCase("layer.tar.gz")]
    [TestCase("layer.tar.zst")]
    public void A_layer_tar_needs_no_options(string name)
    {
        string tar = CSampleLayers.WriteTar(_folder);
        string file = _folder.File(name);
        if (name.EndsWith(".gz", StringComparison.Ordinal))
        {
            using var compressed = new GZipStream(File.Create(file), CompressionLevel.Fastest);
            compressed.Write(File.ReadAllBytes(tar));
        }
        else if (name.EndsWith(".zst", StringComparison.Ordinal))
        {
            Requires.Program("zstd", "zstd");
            ProcessRunner.Run("zstd", ["-q", tar, "-o", file]).ShouldExit(0);
        }

        ProcessResult result = Run("read_layer.c", "data", InPath(file)).ShouldExit(0);

        Dictionary<string, string> entries = CSampleLayers.Parse(result.Output);
        Assert.That(entries.Keys, Is.EqualTo(new[] { "Files", @"Files\hello.txt", @"Files\gone.txt", @"Files\again.txt" }));
        Assert.That(DataOf(entries[@"Files\hello.txt"]), Is.EqualTo("68656c6c6f"));
        Assert.That(entries[@"Files\hello.txt"], Does.Contain("|0x21|"));
        Assert.That(entries[@"Files\gone.txt"], Does.StartWith("1|"));
        Assert.That(entries[@"Files\again.txt"], Does.StartWith("16|0|").And.Contain(@"|Files\hello.txt" + "\n"));
    }

    [Test]
    public void A_recording_replays_as_an_HCS_and_as_a_source()
    {
        string recording = _folder.File("run.json");
        string options = CSampleLayers.Options(platform, _machine, $"\"record\":{CSampleLayers.Json(InPath(recording))}");
        string live = Run("read_layer.c", "backup", App, options).ShouldExit(0).Output;
        Directory.Delete(_machine, recursive: true);

        string replayed = Run(
            "read_layer.c",
            "backup",
            App,
            $$"""{"hcs":{{CSampleLayers.Json("replay:" + InPath(recording))}}}""").ShouldExit(0).Output;
        string opened = Run("read_layer.c", "backup", InPath(recording)).ShouldExit(0).Output;

        Assert.That(replayed, Is.EqualTo(live));
        Assert.That(opened, Is.EqualTo(live));
        Assert.That(File.ReadAllText(recording), Does.Contain("\"complete\":true"));
    }

    [Test]
    public void A_replay_that_is_not_used_up_says_so_at_close()
    {
        string recording = _folder.File("run.json");
        string options = CSampleLayers.Options(platform, _machine, $"\"record\":{CSampleLayers.Json(InPath(recording))}");
        Run("read_layer.c", "backup", App, options).ShouldExit(0);

        // The streams are not read this time: the recording has calls left.
        ProcessResult result = Run("read_layer.c", "skip", App, $$"""{"hcs":{{CSampleLayers.Json("replay:" + InPath(recording))}}}""");

        Assert.That(result.ExitCode, Is.EqualTo(1), result.ToString());
        Assert.That(result.Output, Does.Contain("0x80040201").And.Contain("ExportLayerRead"));
    }

    [TestCase("none")]
    [TestCase("gzip")]
    [TestCase("zstd")]
    public void An_export_is_the_tar_that_it_says(string compression)
    {
        string file = _folder.File("out.tar");
        string options = CSampleLayers.Options(platform, _machine, $"\"compression\":\"{compression}\"");

        ProcessResult result = Run("export_layer.c", InPath(file), "-1", App, options).ShouldExit(0);

        byte[] written = File.ReadAllBytes(file);
        byte[] tar = compression switch
        {
            "gzip" => Decompress("gzip", file),
            "zstd" => Decompress("zstd", file),
            _ => written,
        };
        Assert.That(
            result.Output,
            Does.Contain($"\nbytes {written.Length}\n").And.Contain($"\ntarBytes {tar.Length}\n").And.Contain("\ntombstones 1\n"));
        Assert.That(result.Output, Does.Contain($"\ndigest sha256:{Convert.ToHexStringLower(SHA256.HashData(written))}\n"));
        Assert.That(result.Output, Does.Contain($"\ndiffId sha256:{Convert.ToHexStringLower(SHA256.HashData(tar))}\n"));
        Assert.That(result.Output, Does.Contain("\nreader stream\n").And.Contain("\"tombstones\":1"));
        string listing = ProcessRunner.Run(
            "python3",
            ["-c", "import sys, tarfile; print('\\n'.join(tarfile.open(fileobj=sys.stdin.buffer, mode='r|').getnames()))"],
            input: tar)
            .ShouldExit(0).Output;
        Assert.That(
            listing.Split('\n'),
            Does.Contain("Files/hello.txt").And.Contain("Files/.wh.gone.txt").And.Contain("Files/Grüße 𝄞.txt"));
    }

    [Test]
    public void An_export_stops_when_the_callback_says_so_and_leaves_what_was_there([Values("0", "2")] string stop)
    {
        string file = _folder.File("out.tar");
        File.WriteAllText(file, "as it was");

        ProcessResult result = Run("export_layer.c", InPath(file), stop, App, CSampleLayers.Options(platform, _machine));

        Assert.That(result.ExitCode, Is.EqualTo(1), result.ToString());
        Assert.That(result.Output, Does.Contain("0x800704C7").And.Contain("stopped by the progress callback"));
        Assert.That(File.ReadAllText(file), Is.EqualTo("as it was"));
        Assert.That(Directory.GetFileSystemEntries(_folder.Path).Select(Path.GetFileName), Is.EquivalentTo(new[] { "machine", "out.tar" }));
    }

    [Test]
    public void Misuse_gets_a_code_and_a_text_and_never_more() =>
        Run("misuse.c", App, CSampleLayers.Options(platform, _machine)).ShouldExit(0);

    [Test]
    public void Threads_have_their_own_readers_and_errors_and_share_one_in_turns() =>
        Run("threads.c", App, CSampleLayers.Options(platform, _machine)).ShouldExit(0);

    [Test]
    public void Damage_is_an_error_that_names_the_place()
    {
        string tar = CSampleLayers.WriteTar(_folder);
        string cut = _folder.File("cut.tar");
        File.WriteAllBytes(cut, File.ReadAllBytes(tar)[..3000]);

        ProcessResult result = Run("read_layer.c", "backup", InPath(cut));

        Assert.That(result.ExitCode, Is.EqualTo(1), result.ToString());
        Assert.That(result.Output, Does.Contain("0x8007000D").And.Contain("cut.tar"));
    }

    [Test]
    public void The_error_report_is_JSON_with_the_names_of_the_command_line()
    {
        ProcessResult result = Run("read_layer.c", "backup", @"C:\layers\nothing", CSampleLayers.Options(platform, _machine));

        Assert.That(result.ExitCode, Is.EqualTo(1), result.ToString());
        string json = result.Output.Split('\n').Single(line => line.StartsWith("json ", StringComparison.Ordinal))[5..];
        using var report = System.Text.Json.JsonDocument.Parse(json);
        Assert.That(
            report.RootElement.EnumerateObject().Select(member => member.Name),
            Is.SupersetOf(new[] { "message", "call", "code", "layer", "entry", "hint" }));
        Assert.That(report.RootElement.GetProperty("call").GetString(), Is.EqualTo("ExportLayerBegin"));
        Assert.That(report.RootElement.GetProperty("layer").GetString(), Is.EqualTo(@"C:\layers\nothing"));
        Assert.That(report.RootElement.GetProperty("code").GetString(), Does.Match("^0x8[0-9a-f]{7}$"));
    }

    private ProcessResult Run(string source, params string[] arguments) => CCallers.Run(platform, linkage, source, arguments);

    private string InPath(string path) => CCallers.PathFor(platform, path);

    private static string DataOf(string entry) => entry.Split('\n')[1].Trim();

    private static byte[] Decompress(string program, string file)
    {
        Requires.Program(program, program);
        return ProcessRunner.Run(program, ["-d", "-c"], input: File.ReadAllBytes(file)).ShouldExit(0).OutputBytes;
    }
}
