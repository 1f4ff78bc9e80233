using System.Globalization;
using System.Text.Json;

namespace AotLayers.Native.Tests;

/// <summary>aotlayers ls, inspect and cat: what they say of a tar agrees with other people's programs.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class CliLookTests : IDisposable
{
    // Name, size and time of every member as Python reads them; whiteouts as names of what is gone.
    private const string ListWithPython = """
        import sys, tarfile, time
        out = sys.stdout.buffer
        with tarfile.open(sys.argv[1]) as tar:
            for m in tar:
                name = m.name.encode("utf-8", "surrogateescape")
                if b".wh." in name or b"\xed\xa0\x80" in name: continue
                when = time.strftime("%Y-%m-%d %H:%M:%S", time.gmtime(int(m.mtime)))
                out.write(b"%d %s %s\n" % (m.size, when.encode(), name.replace(b"/", b"\\")))
        """;

    // A tar with a name that steers terminals, a hard link, names in two cases, and a file of many bytes that are not stored.
    private const string WriteWithPython = """
        import io, sys, tarfile
        with tarfile.open(sys.argv[1], "w", format=tarfile.PAX_FORMAT) as tar:
            def add(name, data=b"", **fields):
                m = tarfile.TarInfo(name)
                m.size = len(data)
                for k, v in fields.items(): setattr(m, k, v)
                tar.addfile(m, io.BytesIO(data))
            add("Files", type=tarfile.DIRTYPE)
            add("Files/first.txt", b"content")
            add("Files/second.txt", type=tarfile.LNKTYPE, linkname="Files/first.txt")
            add("Files/elsewhere.txt", type=tarfile.LNKTYPE, linkname="Files/of a parent.txt")
            add("Files/\x1b[31mred\x1b[0m.txt", b"x")
        """;

    private const string MakeLarge = """
        import sys, tarfile
        with open(sys.argv[1], "wb") as f:
            for i in range(4):
                m = tarfile.TarInfo("Files/large%d" % i)
                m.size = 256 << 20
                f.write(m.tobuf(tarfile.PAX_FORMAT))
                f.seek(256 << 20, 1)
            f.write(bytes(1024))
        """;

    // Runs a command and tells the largest size of its memory in KiB.
    private const string Measure = """
        import resource, subprocess, sys
        command = sys.argv[1:]
        source = open(command[3], "rb") if command[-1] == "-" else None
        if source: command = command[:3] + ["-"] + command[4:-1]
        subprocess.run(command, check=True, stdin=source, stdout=subprocess.DEVNULL)
        print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
        """;

    private readonly TempFolder _folder = new();
    private string _tar = "";

    [SetUp]
    public void Export()
    {
        _tar = _folder.File("layer.tar");
        CliRunner.Run([.. CliRunner.ExportApp, "--hcs", CliRunner.Simulator, "-o", _tar]).ShouldExit(0);
    }

    public void Dispose() => _folder.Dispose();

    [Test]
    public void A_listing_has_the_names_that_bsdtar_finds()
    {
        Requires.Program("bsdtar", "libarchive-tools");
        string[] expected =
        [
            // Status 1: it finds the lone surrogate, and lists all the same.
            .. Lines(ProcessRunner.Run("bsdtar", ["-tf", _tar]).ShouldExit(1).Output)
                .Select(name => name.TrimEnd('/').Replace('/', '\\'))
                .Where(name => !name.Contains(':', StringComparison.Ordinal) && !name.Contains("lone", StringComparison.Ordinal))
                .Select(name => name.Contains(".wh.", StringComparison.Ordinal)
                    ? name.Replace(".wh.", "", StringComparison.Ordinal) + " (tombstone)"
                    : name),
        ];
        string[] actual = Lines(CliRunner.Run("ls", _tar).ShouldExit(0).Output);
        Assert.That(actual.Where(name => !name.Contains("lone", StringComparison.Ordinal)), Is.EqualTo(expected));
        Assert.That(actual, Has.Length.EqualTo(40));
        Assert.That(actual, Does.Contain(@"Files\Grüße\lone\ud800.txt"), "half of a pair is escaped");
    }

    [Test]
    public void Sizes_and_times_are_those_that_Python_finds()
    {
        string[] expected = [.. Lines(ProcessRunner.Run("python3", ["-c", ListWithPython, _tar]).ShouldExit(0).Output)];
        string[] actual =
        [
            .. Lines(CliRunner.Run("ls", "-l", _tar).ShouldExit(0).Output)
                .Concat(Lines(CliRunner.Run("ls", "-l", _tar, "--type", "ads").ShouldExit(0).Output))
                .Where(line => line[0] != 't' && !line.Contains("lone", StringComparison.Ordinal))
                .Select(line => line[9..].TrimStart().Split(" -> ")[0]),
        ];
        Assert.That(actual.Order(StringComparer.Ordinal), Is.EqualTo(expected.Order(StringComparer.Ordinal)));
        Assert.That(expected, Has.Length.EqualTo(39));
    }

    [Test]
    public void Every_source_of_the_same_layer_lists_the_same()
    {
        Requires.Program("zstd", "zstd");
        string expected = CliRunner.Run("ls", "-l", _tar).ShouldExit(0).Output;
        byte[] bytes = File.ReadAllBytes(_tar);
        ProcessRunner.Run("zstd", ["-q", _tar, "-o", _folder.File("zstd")]).ShouldExit(0);
        File.WriteAllBytes(_folder.File("gzip"), ProcessRunner.Run("gzip", ["-c"], input: bytes).ShouldExit(0).OutputBytes);
        Assert.That(CliRunner.Run("ls", "-l", _folder.File("zstd")).ShouldExit(0).Output, Is.EqualTo(expected));
        Assert.That(CliRunner.Run("ls", "-l", _folder.File("gzip")).ShouldExit(0).Output, Is.EqualTo(expected));
        ProcessResult piped = ProcessRunner.Run(PublishedArtifacts.Cli(Platform.Linux), ["ls", "-l", "-"], input: bytes);
        Assert.That(piped.ShouldExit(0).Output, Is.EqualTo(expected));

        // A machine and a recording know also what the tar has lost: the target of the junction without a print name.
        string[] withoutTarget = [.. Lines(expected).Where(line => !line.Contains("NoPrintName", StringComparison.Ordinal))];
        foreach (string recording in new[] { "streaming-export.json", "folder-export.json" })
        {
            string[] replayed = Lines(CliRunner.Run("ls", "-l", CliRunner.Recording(recording)).ShouldExit(0).Output);
            Assert.That(Names(replayed), Is.SupersetOf(Names(withoutTarget)), recording);
        }

        string[] live = Lines(CliRunner.Run(
            "ls", "-l", @"C:\layers\app", "--parent", @"C:\layers\base", "--hcs", CliRunner.Simulator).ShouldExit(0).Output);
        Assert.That(Names(live), Is.EquivalentTo(Names(Lines(expected))));
        string baseLayer = CliRunner.Run("ls", "replay:" + CliRunner.Recording("base-layer.json")).ShouldExit(0).Output;
        Assert.That(baseLayer, Does.Contain("UtilityVM"));
    }

    [TestCase(new[] { "*.LNK" }, new[] { @"Files\hello.lnk", @"Files\windows.lnk" })]
    [TestCase(new[] { "hives/S*" }, new[] { @"Hives\Sam_Delta", @"Hives\Security_Delta", @"Hives\Software_Delta", @"Hives\System_Delta" })]
    [TestCase(new[] { "files/**/?pp.exe" }, new[] { @"Files\Program Files\App\app.exe" })]
    [TestCase(
        new[] { @"C:\program files\app", "--type", "file" },
        new[] { @"Files\Program Files\App\app.exe", @"Files\Program Files\App\plugin.dll", @"Files\Program Files\App\same.exe" })]
    [TestCase(new[] { "--type", "junction" }, new[] { @"Files\NoPrintName", @"Files\Users" })]
    [TestCase(new[] { "--type", "ads" }, new[] { @"Files\notes.txt:ads.txt", @"Files\notes.txt:Zone.Identifier" })]
    [TestCase(new[] { "--type", "ea", "files" }, new[] { @"Files\attributes.dat" })]
    [TestCase(new[] { "nothing*" }, new string[0])]
    public void Entries_are_chosen_by_pattern_and_kind(string[] options, string[] expected) =>
        Assert.That(Lines(CliRunner.Run(["ls", _tar, .. options]).ShouldExit(0).Output), Is.EqualTo(expected));

    [Test]
    public void A_listing_as_JSON_is_one_document()
    {
        using var document = JsonDocument.Parse(CliRunner.Run("ls", _tar, "--json").ShouldExit(0).OutputBytes);
        JsonElement root = document.RootElement;
        Assert.That(root.GetProperty("count").GetInt32(), Is.EqualTo(40));
        Assert.That(root.GetProperty("entries").GetArrayLength(), Is.EqualTo(40));
        JsonElement notes = Find(root, @"Files\notes.txt");
        Assert.That(notes.GetProperty("size").GetInt64(), Is.EqualTo(6));
        Assert.That(notes.GetProperty("creationTime").GetString(), Is.EqualTo("2016-02-15T08:53:21.2345678Z"));
        Assert.That(notes.GetProperty("streams")[1].GetProperty("name").GetString(), Is.EqualTo("Zone.Identifier"));
        Assert.That(Find(root, @"Files\Users").GetProperty("linkTarget").GetString(), Is.EqualTo(@"C:\Users"));
        Assert.That(Find(root, @"Files\gone.txt").GetProperty("type").GetString(), Is.EqualTo("tombstone"));
        using var none = JsonDocument.Parse(CliRunner.Run("ls", _tar, "nothing*", "--json").ShouldExit(0).OutputBytes);
        Assert.That(none.RootElement.GetProperty("entries").GetArrayLength(), Is.Zero);
    }

    [Test]
    public void Inspect_says_everything()
    {
        string secured = CliRunner.Run("inspect", _tar, "files/SECURED.txt").ShouldExit(0).Output;
        Assert.That(secured, Does.StartWith("Files\\secured.txt\n  type: file\n  size: 27\n  attributes: 0x20 ARCHIVE\n"));
        Assert.That(secured, Does.Contain("  security: O:SYG:SYD:PAI(A;;FA;;;SY)(A;;FR;;;BA)\n"));
        Assert.That(secured, Does.Contain("      allow BUILTIN\\Administrators (S-1-5-32-544): read\n"));
        string times = CliRunner.Run("inspect", _tar, "Files/hello.txt").ShouldExit(0).Output;
        Assert.That(times, Does.Contain("accessed: 2016-02-15T08:53:23.0000003Z\n"));

        string[] machine = ["--parent", @"C:\layers\base", "--hcs", CliRunner.Simulator];
        string junction = CliRunner.Run(["inspect", @"C:\layers\app", "Files/NoPrintName", .. machine]).ShouldExit(0).Output;
        Assert.That(junction, Does.Contain("reparse point: MOUNT_POINT (0xa0000003)\n"));
        Assert.That(junction, Does.Contain("    print name: \n    substitute name: \\??\\C:\\ProgramData\n"));
        string tracked = CliRunner.Run(["inspect", @"C:\layers\app", "Files/tracked.txt", .. machine]).ShouldExit(0).Output;
        Assert.That(tracked, Does.Contain("object id: 000102030405"));

        using var json = JsonDocument.Parse(
            CliRunner.Run("inspect", _tar, @"Files\attributes.dat", "--json", "--raw").ShouldExit(0).OutputBytes);
        JsonElement entry = json.RootElement.GetProperty("entries")[0];
        JsonElement attribute = entry.GetProperty("extendedAttributes")[1];
        Assert.That(attribute.GetProperty("name").GetString(), Is.EqualTo("FOO"));
        Assert.That(attribute.GetProperty("base64").GetBytesFromBase64(), Is.EqualTo("bar"u8.ToArray()));
        Assert.That(entry.GetProperty("fileTimes").GetProperty("lastWrite").GetInt64(), Is.EqualTo(131000000012345678));
        Assert.That(
            entry.GetProperty("raw").GetProperty("security").GetString(),
            Is.EqualTo(entry.GetProperty("security").GetProperty("base64").GetString()));
    }

    [Test]
    public void Cat_writes_files_and_streams()
    {
        Assert.That(CliRunner.Run("cat", _tar, "files/hello.TXT").ShouldExit(0).Output, Is.EqualTo("hello"));
        Assert.That(CliRunner.Run("cat", _tar, @"C:\notes.txt:ADS.txt:$DATA").ShouldExit(0).Output, Is.EqualTo("ads"));
        byte[] expected = ProcessRunner.Run("tar", ["-xOf", _tar, "Files/cut.dat"]).ShouldExit(0).OutputBytes;
        Assert.That(expected, Has.Length.EqualTo(4096));
        Assert.That(CliRunner.Run("cat", _tar, "Files/cut.dat").ShouldExit(0).OutputBytes, Is.EqualTo(expected));
        string[] machine = ["--parent", @"C:\layers\base", "--hcs", CliRunner.Simulator];
        Assert.That(
            CliRunner.Run(["cat", @"C:\layers\app", "Files/cut.dat", .. machine]).ShouldExit(0).OutputBytes, Is.EqualTo(expected));
    }

    [Test]
    public void Cat_follows_hard_links_also_on_standard_input()
    {
        string tar = WriteOdd();
        Assert.That(CliRunner.Run("cat", tar, "Files/second.txt").ShouldExit(0).Output, Is.EqualTo("content"));
        byte[] bytes = File.ReadAllBytes(tar);
        ProcessResult piped = ProcessRunner.Run(PublishedArtifacts.Cli(Platform.Linux), ["cat", "-", "Files/second.txt"], input: bytes);
        Assert.That(piped.ShouldExit(0).Output, Is.EqualTo("content"));
        Assert.That(
            CliRunner.Run("cat", tar, "Files/elsewhere.txt").ShouldExit(1).Error,
            Does.Contain("is not in this layer, but in a parent").And.Contain("--merged with --parent"));
    }

    [Test]
    public void What_is_not_there_is_said()
    {
        ProcessResult result = CliRunner.Run("cat", _tar, "hello.txt").ShouldExit(1);
        Assert.That(result.Error, Does.Contain("there is no such entry").And.Contain(@"the entry is called Files\hello.txt"));
        Assert.That(CliRunner.Run("cat", _tar, "Files").ShouldExit(1).Error, Does.Contain("the entry is a directory"));
        Assert.That(CliRunner.Run("cat", _tar, "Files/gone.txt").ShouldExit(1).Error, Does.Contain("is a tombstone"));
        Assert.That(CliRunner.Run("cat", _tar, "Files/hello.txt:x").ShouldExit(1).Error, Does.Contain("no stream 'x'"));
        Assert.That(CliRunner.Run("inspect", _tar, "Files/nothing*").ShouldExit(1).Error, Does.Contain("no entry fits the pattern"));
        JsonElement error = CliRunner.Json(CliRunner.Run("inspect", _tar, "Files/nothing", "--json").ShouldExit(1).Error);
        Assert.That(error.GetProperty("entry").GetString(), Is.EqualTo(@"Files\nothing"));
        Assert.That(CliRunner.Run("ls", _folder.Path).ShouldExit(1).Error, Does.Contain("not a transport folder"));
        Assert.That(CliRunner.Run("ls", _tar, "--type", "nonsense").ShouldExit(2).Error, Does.Contain("nonsense"));
    }

    [Test]
    public void A_cut_archive_is_an_error_with_entry_and_offset()
    {
        byte[] bytes = File.ReadAllBytes(_tar);
        string cut = _folder.File("cut.tar");
        File.WriteAllBytes(cut, bytes[..80000]);
        JsonElement error = CliRunner.Json(CliRunner.Run("ls", cut, "--json").ShouldExit(1).Error);
        Assert.That(error.GetProperty("message").GetString(), Does.Contain("archive is cut"));
        Assert.That(error.GetProperty("entry").GetString(), Is.Not.Empty);
        Assert.That(error.GetProperty("offset").GetInt64(), Is.InRange(60000, 80000));
    }

    [Test]
    public void Names_cannot_steer_a_terminal()
    {
        string tar = WriteOdd();
        foreach (string[] command in new string[][] { ["ls", tar], ["ls", "-l", tar], ["inspect", tar, "*red*"] })
        {
            ProcessResult result = CliRunner.Run(command).ShouldExit(0);
            Assert.That(result.OutputBytes, Does.Not.Contain((byte)0x1b));
            Assert.That(result.Output, Does.Contain(@"\u001b[31mred"));
        }
    }

    [TestCase("ls")]
    [TestCase("ls", "--json")]
    [TestCase("ls", "-")]
    public void A_large_tar_is_listed_in_little_memory(string command, params string[] options)
    {
        string large = _folder.File("large.tar");
        ProcessRunner.Run("python3", ["-c", MakeLarge, large]).ShouldExit(0);
        string[] arguments = ["-c", Measure, PublishedArtifacts.Cli(Platform.Linux), command, "-l", large, .. options];
        string kibibytes = ProcessRunner.Run("python3", arguments).ShouldExit(0).Output;
        Assert.That(int.Parse(kibibytes, CultureInfo.InvariantCulture), Is.InRange(1, 64 * 1024));
    }

    private string WriteOdd()
    {
        string tar = _folder.File("odd.tar");
        ProcessRunner.Run("python3", ["-c", WriteWithPython, tar]).ShouldExit(0);
        return tar;
    }

    private static JsonElement Find(JsonElement root, string name) =>
        root.GetProperty("entries").EnumerateArray().Single(
            entry => entry.GetProperty("name").GetRawText() == $"\"{name.Replace(@"\", @"\\", StringComparison.Ordinal)}\"");

    private static string[] Lines(string text) => text.Split('\n', StringSplitOptions.RemoveEmptyEntries);

    private static IEnumerable<string> Names(IEnumerable<string> lines) => lines.Select(line => line[44..].Split(" -> ")[0]);
}
