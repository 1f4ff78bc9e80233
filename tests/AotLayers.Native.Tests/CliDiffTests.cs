using System.Text.Json;

namespace AotLayers.Native.Tests;

/// <summary>aotlayers diff and du, on tars that Python writes.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class CliDiffTests : IDisposable
{
    // Two layers: arguments are the file and which of the two.
    private const string WriteLayer = """
        import base64, io, sys, tarfile
        second = sys.argv[2] == "2"
        sd = lambda name: base64.b64encode(bytes.fromhex(name)).decode()
        everyone = "010004800000000000000000000000001400000002001c000100000000001400ff011f00010100000000000100000000"
        nobody = "010004800000000000000000000000001400000002000800000000000000"
        with tarfile.open(sys.argv[1], "w", format=tarfile.PAX_FORMAT) as tar:
            def add(name, data=b"", pax={}, **fields):
                m = tarfile.TarInfo(name)
                m.size, m.mtime = len(data), 1455526401
                m.pax_headers = {"MSWINDOWS.fileattr": "16" if fields.get("type") == tarfile.DIRTYPE else "32", **pax}
                for k, v in fields.items(): setattr(m, k, v)
                tar.addfile(m, io.BytesIO(data))
            add("Files", type=tarfile.DIRTYPE)
            add("Files/same.txt", b"same")
            add("Files/content.txt", b"after!" if second else b"before")
            add("Files/size.txt", b"x" * (6 if second else 5))
            add("Files/time.txt", mtime=1455526402 if second else 1455526401)
            add("Files/attributes.txt", pax={"MSWINDOWS.fileattr": "33" if second else "32"})
            add("Files/security.txt", pax={"MSWINDOWS.rawsd": sd(nobody if second else everyone)})
            add("Files/ea.txt", pax={"MSWINDOWS.xattr.A": base64.b64encode(b"2" if second else b"1").decode()})
            add("Files/ads.txt", b"main")
            add("Files/ads.txt:s", b"22" if second else b"11")
            add("Files/link", type=tarfile.SYMTYPE, linkname="b" if second else "a")
            add("Files/hard", type=tarfile.LNKTYPE, linkname="Files/size.txt" if second else "Files/same.txt")
            add("Files/CASE.txt" if second else "Files/case.txt", b"c")
            add("Files/kind", type=tarfile.DIRTYPE if second else tarfile.REGTYPE)
            add("Files/new.txt" if second else "Files/old.txt", b"n")
        """;

    private readonly TempFolder _folder = new();
    private string _first = "";
    private string _second = "";

    [SetUp]
    public void Write()
    {
        _first = _folder.File("first.tar");
        _second = _folder.File("second.tar");
        ProcessRunner.Run("python3", ["-c", WriteLayer, _first, "1"]).ShouldExit(0);
        ProcessRunner.Run("python3", ["-c", WriteLayer, _second, "2"]).ShouldExit(0);
    }

    public void Dispose() => _folder.Dispose();

    [Test]
    public void Every_kind_of_difference_is_told()
    {
        string[] lines = CliRunner.Run("diff", _first, _second).ShouldExit(0).Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.That(lines, Is.EqualTo(new[]
        {
            @"~ Files\ads.txt: streams",
            @"~ Files\attributes.txt: attributes 0x20 -> 0x21",
            @"~ Files\CASE.txt: case Files\case.txt -> Files\CASE.txt",
            @"~ Files\content.txt: content",
            @"~ Files\ea.txt: eas",
            @"~ Files\hard: links Files\same.txt -> Files\size.txt",
            @"~ Files\kind: kind file -> directory",
            @"~ Files\link: reparse a -> b",
            @"+ Files\new.txt",
            @"- Files\old.txt",
            @"~ Files\security.txt: security D:(A;;FA;;;WD) -> D:",
            @"~ Files\size.txt: size 5 -> 6, content",
            @"~ Files\time.txt: times written 2016-02-15T08:53:21.0000000Z -> 2016-02-15T08:53:22.0000000Z",
        }));
    }

    [Test]
    public void Differences_set_the_status_only_when_that_is_wanted()
    {
        CliRunner.Run("diff", _first, _second).ShouldExit(0);
        CliRunner.Run("diff", _first, _second, "--exit-code").ShouldExit(3);
        Assert.That(CliRunner.Run("diff", _first, _first, "--exit-code").ShouldExit(0).Output, Is.Empty);
        string ignored = CliRunner.Run(
            "diff", _first, _second, "--ignore", "times,attributes,security,streams", "--ignore", "eas,reparse,links,case,content,size")
            .ShouldExit(0).Output;
        Assert.That(ignored, Is.EqualTo("~ Files\\kind: kind file -> directory\n+ Files\\new.txt\n- Files\\old.txt\n"));
        Assert.That(CliRunner.Run("diff", _first, _second, "--ignore", "tims").ShouldExit(2).Error, Does.Contain("does not know 'tims'"));
        CliRunner.Run("diff", "-", "-").ShouldExit(2);
    }

    [Test]
    public void Differences_as_JSON()
    {
        using var json = JsonDocument.Parse(CliRunner.Run("diff", _first, _second, "--json").ShouldExit(0).OutputBytes);
        JsonElement root = json.RootElement;
        Assert.That(root.GetProperty("added").GetInt32(), Is.EqualTo(1));
        Assert.That(root.GetProperty("removed").GetInt32(), Is.EqualTo(1));
        Assert.That(root.GetProperty("changed").GetInt32(), Is.EqualTo(11));
        JsonElement size = root.GetProperty("differences").EnumerateArray()
            .Single(difference => difference.GetProperty("name").GetString() == @"Files\size.txt");
        Assert.That(size.GetProperty("what").EnumerateArray().Select(what => what.GetString()), Is.EqualTo(new[] { "size", "content" }));
        Assert.That(size.GetProperty("before").GetProperty("size").GetInt32(), Is.EqualTo(5));
        Assert.That(size.GetProperty("after").GetProperty("size").GetInt32(), Is.EqualTo(6));
    }

    [Test]
    public void Two_image_releases_are_compared_as_chains()
    {
        Requires.Program("umoci", "umoci");
        string layout = _folder.File("image");
        ProcessRunner.Run("umoci", ["init", "--layout", layout]).ShouldExit(0);
        foreach (string[] layers in new string[][] { ["one", _first], ["two", _first, _second] })
        {
            ProcessRunner.Run("umoci", ["new", "--image", $"{layout}:{layers[0]}"]).ShouldExit(0);
            foreach (string layer in layers[1..])
            {
                ProcessRunner.Run("umoci", ["raw", "add-layer", "--image", $"{layout}:{layers[0]}", layer]).ShouldExit(0);
            }
        }

        string[] lines = CliRunner.Run("diff", layout, layout, "--image", "one", "--other-image", "two").ShouldExit(0).Output
            .Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.That(lines, Does.Contain(@"+ Files\new.txt").And.Contain(@"~ Files\content.txt: content"));
        Assert.That(lines, Has.None.StartsWith("-"), "what the second layer does not name is still there");
    }

    [Test]
    public void A_sparse_file_is_its_own_copy_with_zeros()
    {
        // Of a machine the file comes in blocks, of the tar with its zeros.
        string tar = _folder.File("sparse.tar");
        string[] machine = ["--parent", @"C:\layers\base", "--hcs", CliRunner.Simulator];
        CliRunner.Run(["export", @"C:\layers\app", "-o", tar, .. machine]).ShouldExit(0);
        string output = CliRunner.Run("diff", CliRunner.Recording("streaming-export.json"), tar).ShouldExit(0).Output;
        Assert.That(output, Is.EqualTo("~ Files\\NoPrintName: reparse C:\\ProgramData -> \n~ Files\\tracked.txt: other\n"));
    }

    [Test]
    public void Sizes_are_summed_up_by_folder()
    {
        string output = CliRunner.Run("du", _first, "--depth", "1").ShouldExit(0).Output;
        string[] lines = output.Split('\n', StringSplitOptions.RemoveEmptyEntries);

        // 4 + 6 + 5 + 4 + 1 + 1 bytes of files and 2 of a stream; the hard link's 4 bytes are not counted again.
        Assert.That(lines, Is.EqualTo(new[]
        {
            "           23 Files",
            "           23 total: 11 files, 1 directories",
            "            4 not counted again: 1 hard links",
        }));
        using var json = JsonDocument.Parse(CliRunner.Run("du", _first, "--json", "Files/s*").ShouldExit(0).OutputBytes);
        JsonElement total = json.RootElement.GetProperty("total");
        Assert.That(total.GetProperty("bytes").GetInt32(), Is.EqualTo(9));
        Assert.That(total.GetProperty("files").GetInt32(), Is.EqualTo(3));
        Assert.That(CliRunner.Run("du", _first, "--depth", "-1").ShouldExit(2).Error, Does.Contain("0 or more"));
    }
}
