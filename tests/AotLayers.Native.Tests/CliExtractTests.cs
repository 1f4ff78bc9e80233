using System.Text.Json;

namespace AotLayers.Native.Tests;

/// <summary>
/// aotlayers extract: what is in the folder is what other programs extract, nothing is outside, and the side file has the rest.
/// </summary>
public sealed class CliExtractTests
{
    // Every way out of a folder that a tar can try, and a link in the way of a later file.
    private const string WriteHostile = """
        import io, sys, tarfile
        with tarfile.open(sys.argv[1], "w", format=tarfile.PAX_FORMAT) as tar:
            def add(name, data=b"", **fields):
                m = tarfile.TarInfo(name)
                m.size = len(data)
                for k, v in fields.items(): setattr(m, k, v)
                tar.addfile(m, io.BytesIO(data))
            add("Files", type=tarfile.DIRTYPE)
            add("Files/door", type=tarfile.SYMTYPE, linkname="../../outside")
            add("Files/door/written.txt", b"x")
            add("Files/self", type=tarfile.SYMTYPE, linkname=".")
            add("Files/up", type=tarfile.SYMTYPE, linkname="self/../../outside")
            add("Files/absolute", type=tarfile.SYMTYPE, linkname="/Windows/a.txt")
            add("Files/drive", type=tarfile.SYMTYPE, linkname="D:\\data")
            add("Files/share", type=tarfile.SYMTYPE, linkname="\\\\server\\share")
            add("Files/inside", type=tarfile.SYMTYPE, linkname="C:\\windows\\A.txt")
            add("Files/Windows", type=tarfile.DIRTYPE)
            add("Files/Windows/a.txt", b"first")
            add("Files/windows/A.TXT", b"second")
            add("Files/WINDOWS/b.txt", b"third")
            add("Files/hard", type=tarfile.LNKTYPE, linkname="Files/Windows/a.txt")
            add("Files/dangling", type=tarfile.LNKTYPE, linkname="Files/nothing")
        """;

    // Makes the backup streams of all entries again from the folder and its side file: per entry its name and the digest.
    private const string Rebuild = """
        import base64, hashlib, json, os, struct, sys
        folder, side = sys.argv[1:3]
        streams, current, left, path = [], None, 0, None
        def name_of(line, key):
            return line[key] if key in line else bytes.fromhex(line[key + "U16"]).decode("utf-16-be", "surrogatepass") \
                if key + "U16" in line else ""
        for line in map(json.loads, open(side, encoding="utf-8")):
            if "format" in line: continue
            if "entry" in line or "entryU16" in line:
                current = hashlib.sha256()
                path = line.get("path")
                streams.append((name_of(line, "entry"), current, line))
                continue
            if "record" in line:
                text = name_of(line, "name").encode("utf-16-le", "surrogatepass")
                offset = struct.pack("<q", line["offset"]) if "offset" in line else b""
                size = line["size"] + len(offset)
                current.update(struct.pack("<IIqI", line["id"], line["attributes"], size, len(text)) + text + offset)
                if line.get("inFile"):
                    with open(os.path.join(folder, path), "rb") as f:
                        f.seek(line.get("offset", 0))
                        current.update(f.read(line["size"]))
            if "data" in line: current.update(base64.b64decode(line["data"]))
        for name, digest, line in streams:
            print(json.dumps([name, digest.hexdigest(), line.get("attributes"), line.get("creationTime")]))
        """;

    // The digests of the streams that a recorded machine gave, without any code of ours.
    private const string ReadRecording = """
        import base64, hashlib, json, sys
        content, entries = {}, []
        for line in open(sys.argv[1], encoding="utf-8"):
            if not line.startswith('{"seq"'): continue
            call = json.loads(line.rstrip().rstrip(","))
            out = call.get("out", {})
            if call["fn"] == "ExportLayerNext" and "fileName" in out:
                name = out["fileName"]
                name = name if isinstance(name, str) else bytes.fromhex(name["$u16"]).decode("utf-16-be", "surrogatepass")
                entries.append([name.lstrip("\\"), hashlib.sha256(), out])
            if call["fn"] == "ExportLayerRead" and out["buffer"]["$bytes"]:
                buffer = out["buffer"]
                if "data" in buffer: content[buffer["sha256"]] = base64.b64decode(buffer["data"])
                entries[-1][1].update(content[buffer["sha256"]])
        for name, digest, out in entries:
            info = None if out["deleted"] else out["fileInfo"]
            print(json.dumps([name, digest.hexdigest(), info and info["fileAttributes"], info and int(info["creationTime"])]))
        """;

    [Test]
    public void The_folder_holds_what_tar_extracts()
    {
        using TempFolder folder = new();
        string tar = Export(folder);
        string expected = Directory.CreateDirectory(folder.File("expected")).FullName;
        ProcessRunner.Run("tar", ["-xf", tar, "-C", expected, "--exclude=*:*", "--exclude=*.wh.*", "--exclude=*lone*"]);
        string actual = folder.File("actual");
        ProcessResult result = CliRunner.Run("extract", tar, "-C", actual, "--json").ShouldExit(1);
        JsonElement summary = CliRunner.Json(result.Output);
        Assert.That(summary.GetProperty("files").GetInt32(), Is.EqualTo(23));
        JsonElement problem = summary.GetProperty("problems").EnumerateArray().Single();
        Assert.That(problem.GetProperty("reason").GetString(), Does.Contain("has no target"));
        Assert.That(summary.GetProperty("tombstones").GetArrayLength(), Is.EqualTo(2));
        Assert.That(summary.GetProperty("notInFolder").GetProperty("alternateStreams").GetInt32(), Is.EqualTo(2));

        // Contents and times of all that tar can make; links have Windows' targets there.
        string[] files = [.. Files(expected)];
        Assert.That(files, Has.Length.EqualTo(22));
        foreach (string file in files)
        {
            FileInfo before = new(Path.Combine(expected, file));
            FileInfo after = new(Path.Combine(actual, file));
            Assert.That(File.ReadAllBytes(after.FullName), Is.EqualTo(File.ReadAllBytes(before.FullName)), file);
            Assert.That(after.LastWriteTimeUtc, Is.EqualTo(before.LastWriteTimeUtc), file);
        }

        Assert.That(File.Exists(Path.Combine(actual, "Files", "Grüße", "lone%uD800.txt")));
        Assert.That(new FileInfo(Path.Combine(actual, "Files", "current")).LinkTarget, Is.EqualTo("Program Files/App"));
        Assert.That(new FileInfo(Path.Combine(actual, "Files", "windows.lnk")).LinkTarget, Is.EqualTo("Windows/win.ini"));
        DateTime time = new DirectoryInfo(Path.Combine(actual, "Files")).LastWriteTimeUtc;
        Assert.That(time, Is.EqualTo(DateTime.FromFileTimeUtc(131000000000000000)));
    }

    [Test]
    public void Nothing_leaves_the_folder()
    {
        using TempFolder folder = new();
        string tar = folder.File("hostile.tar");
        ProcessRunner.Run("python3", ["-c", WriteHostile, tar]).ShouldExit(0);
        Directory.CreateDirectory(folder.File("outside"));
        string target = folder.File("target");
        JsonElement summary = CliRunner.Json(CliRunner.Run("extract", tar, "-C", target, "--json").ShouldExit(1).Output);
        JsonElement.ArrayEnumerator all = summary.GetProperty("problems").EnumerateArray();
        string[] problems = [.. all.Select(problem => problem.GetProperty("entry").GetString()!)];

        Assert.That(Directory.GetFileSystemEntries(folder.File("outside")), Is.Empty);
        Assert.That(
            problems,
            Is.EquivalentTo(new[] { @"Files\windows\A.TXT", @"Files\door", @"Files\drive", @"Files\share", @"Files\dangling" }));
        Assert.That(File.ReadAllText(Path.Combine(target, "Files", "Windows", "a.txt")), Is.EqualTo("first"));
        Assert.That(File.ReadAllText(Path.Combine(target, "Files", "Windows", "b.txt")), Is.EqualTo("third"), "directories are joined");
        Assert.That(File.ReadAllText(Path.Combine(target, "Files", "inside")), Is.EqualTo("first"));
        Assert.That(File.ReadAllText(Path.Combine(target, "Files", "absolute")), Is.EqualTo("first"));
        Assert.That(new FileInfo(Path.Combine(target, "Files", "up")).LinkTarget, Is.EqualTo("../outside"));
        string links = ProcessRunner.Run("stat", ["-c", "%h", Path.Combine(target, "Files", "hard")]).ShouldExit(0).Output;
        Assert.That(links, Is.EqualTo("2\n"));
    }

    [Test]
    public void A_link_that_is_there_is_not_followed()
    {
        using TempFolder folder = new();
        string tar = Export(folder);
        string outside = Directory.CreateDirectory(folder.File("outside")).FullName;
        string target = Directory.CreateDirectory(folder.File("target")).FullName;
        Directory.CreateSymbolicLink(Path.Combine(target, "Hives"), outside);
        Directory.CreateDirectory(Path.Combine(target, "Files"));
        File.WriteAllText(Path.Combine(outside, "precious"), "kept");
        File.CreateSymbolicLink(Path.Combine(target, "Files", "hello.txt"), Path.Combine(outside, "precious"));
        ProcessResult result = CliRunner.Run("extract", tar, "-C", target, "--existing", "replace").ShouldExit(1);

        Assert.That(result.Error, Does.Contain("is a symbolic link, which is not followed"));
        Assert.That(Directory.GetFileSystemEntries(outside), Is.EqualTo(new[] { Path.Combine(outside, "precious") }));
        Assert.That(File.ReadAllText(Path.Combine(outside, "precious")), Is.EqualTo("kept"));
        Assert.That(File.ReadAllText(Path.Combine(target, "Files", "hello.txt")), Is.EqualTo("hello"));
        Assert.That(new FileInfo(Path.Combine(target, "Files", "hello.txt")).LinkTarget, Is.Null);
    }

    [Test]
    public void Files_that_are_there_are_kept_skipped_or_replaced()
    {
        using TempFolder folder = new();
        string tar = Export(folder);
        string target = folder.File("target");
        string file = Path.Combine(target, "Files", "hello.txt");
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(file, "old");
        string[] extract = ["extract", tar, "-C", target, "Files/hello.txt"];
        Assert.That(CliRunner.Run(extract).ShouldExit(1).Error, Does.Contain("a file is in its place"));
        string skipped = CliRunner.Run([.. extract, "--existing", "skip"]).ShouldExit(0).Output;
        Assert.That(skipped, Does.Contain("left out, because a file was there: 1"));
        Assert.That(File.ReadAllText(file), Is.EqualTo("old"));
        CliRunner.Run([.. extract, "--existing", "replace"]).ShouldExit(0);
        Assert.That(File.ReadAllText(file), Is.EqualTo("hello"));
    }

    [Test]
    public void The_side_file_and_the_folder_are_the_whole_layer()
    {
        using TempFolder folder = new();
        string target = folder.File("target");
        string side = folder.File("side.jsonl");
        string recording = CliRunner.Recording("streaming-export.json");
        CliRunner.Run("extract", recording, "-C", target, "--metadata", side).ShouldExit(0);
        string[] actual = Lines(ProcessRunner.Run("python3", ["-c", Rebuild, target, side]).ShouldExit(0).Output);

        // What the machine gave, call by call.
        string[] expected = Lines(ProcessRunner.Run("python3", ["-c", ReadRecording, recording]).ShouldExit(0).Output);
        Assert.That(actual, Is.EqualTo(expected));
        Assert.That(actual, Has.Length.EqualTo(40));
    }

    [Test]
    public void A_damaged_layer_leaves_no_half_file()
    {
        using TempFolder folder = new();
        byte[] bytes = File.ReadAllBytes(Export(folder));
        int at = bytes.AsSpan().IndexOf("Files/Program Files/App/plugin.dll"u8);
        string cut = folder.File("cut.tar");
        File.WriteAllBytes(cut, bytes[..(at + 4000)]);
        string target = folder.File("target");
        ProcessResult result = CliRunner.Run("extract", cut, "-C", target, "--metadata", folder.File("side")).ShouldExit(1);

        Assert.That(result.Error, Does.Contain("archive is cut").And.Match(@"\d+ files were extracted before"));
        Assert.That(File.Exists(Path.Combine(target, "Files", "Program Files", "App", "app.exe")));
        Assert.That(File.Exists(Path.Combine(target, "Files", "Program Files", "App", "plugin.dll")), Is.False);
        Assert.That(File.Exists(folder.File("side")), Is.False);
    }

    [Test]
    public void A_hard_link_whose_target_was_not_chosen_gets_its_content()
    {
        using TempFolder folder = new();
        string tar = folder.File("hostile.tar");
        ProcessRunner.Run("python3", ["-c", WriteHostile, tar]).ShouldExit(0);
        string target = folder.File("target");
        CliRunner.Run("extract", tar, "-C", target, "files/HARD").ShouldExit(0);
        Assert.That(File.ReadAllText(Path.Combine(target, "Files", "hard")), Is.EqualTo("first"));
        Assert.That(Files(target), Is.EqualTo(new[] { Path.Combine("Files", "hard") }));
    }

    private static string Export(TempFolder folder)
    {
        string tar = folder.File("layer.tar");
        CliRunner.Run([.. CliRunner.ExportApp, "--hcs", CliRunner.Simulator, "-o", tar]).ShouldExit(0);
        return tar;
    }

    private static IEnumerable<string> Files(string folder) =>
        Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories)
            .Where(file => new FileInfo(file).LinkTarget is null)
            .Select(file => Path.GetRelativePath(folder, file));

    private static string[] Lines(string text) => text.Split('\n', StringSplitOptions.RemoveEmptyEntries);
}
