using System.Text.Json;

namespace AotLayers.Native.Tests;

/// <summary>
/// The published program on a library written in C from the documented ABI alone: layouts, string ownership, handles and codes meet
/// another implementation than ours. The library counts what is broken and what is left behind.
/// </summary>
public class StandInTests
{
    private const string Layer = @"C:\layers\app";

    private static string Source =>
        Path.Combine(PublishedArtifacts.RepositoryRoot, "tests", "AotLayers.Native.Tests", "standin", "vmcompute_standin.c");

    [TestCase(Platform.Linux)]
    [TestCase(Platform.Windows)]
    public void Export_gives_the_expected_tar_and_leaves_nothing_behind(Platform platform)
    {
        using var folder = new TempFolder();
        string tar = folder.File("layer.tar");
        Export(platform, folder, tar, fault: null).ShouldExit(0);
        Assert.That(ListTar(tar), Is.EqualTo(string.Join('\n',
            "5 0 1455526401 Files",
            "0 0 0 Files/.wh.gone.txt",
            "5 0 1455526401 Files/dir",
            @"0 5 1455526401 Files/dir/h\xe9llo-\u4e16\u754c.txt 2cf24dba5fb0a30e",
            "0 5 1455526401 Files/hello.txt 2cf24dba5fb0a30e",
            $"0 1048576 1455526401 Files/large.bin {LargeDigest()}",
            "0 5 1455526401 Files/streams.txt 2cf24dba5fb0a30e",
            "0 3 1455526401 Files/streams.txt:ads.txt 788eb2efc52660fe",
            "5 0 1455526401 Hives")));
        AssertClean(folder, contexts: 1, strings: 8);
    }

    [TestCase(Platform.Linux, "begin", 0, 0)]
    [TestCase(Platform.Linux, "next", 1, 5)]
    [TestCase(Platform.Linux, "read", 1, 6)]
    [TestCase(Platform.Linux, "end", 1, 8)]
    [TestCase(Platform.Windows, "read", 1, 6)]
    public void Failing_call_is_named_and_leaves_nothing_behind(Platform platform, string fault, int contexts, int strings)
    {
        using var folder = new TempFolder();
        string tar = folder.File("layer.tar");
        ProcessResult result = Export(platform, folder, tar, fault).ShouldExit(1);
        using var error = JsonDocument.Parse(result.Error.Split('\n').Last(line => line.StartsWith('{')));
        string call = "ExportLayer" + char.ToUpperInvariant(fault[0]) + fault[1..];
        Assert.Multiple(() =>
        {
            Assert.That(error.RootElement.GetProperty("call").GetString(), Is.EqualTo(call));
            Assert.That(error.RootElement.GetProperty("code").GetString(), Is.EqualTo("0x80070005"));
            Assert.That(error.RootElement.GetProperty("layer").GetString(), Is.EqualTo(Layer));
            Assert.That(File.Exists(tar), Is.False, "a failed export leaves no file");
        });
        if (fault == "read")
        {
            Assert.That(error.RootElement.GetProperty("entry").GetString(), Is.EqualTo(@"Files\large.bin"));
        }

        AssertClean(folder, contexts, strings);
    }

    [Test]
    public void Recording_of_the_library_replays_to_the_same_tar()
    {
        using var folder = new TempFolder();
        string recording = folder.File("run.json");
        Export(Platform.Linux, folder, folder.File("first.tar"), fault: null, "--record", recording).ShouldExit(0);
        string tombstone = File.ReadLines(recording).Single(line => line.Contains("\"deleted\":1"));
        Assert.That(
            tombstone,
            Does.Contain("\"creationTime\":0,\"lastAccessTime\":0,\"lastWriteTime\":0,\"changeTime\":0,\"fileAttributes\":0"),
            "what the library did not write must not be in a recording");
        ProcessRunner.Run(
            PublishedArtifacts.Cli(Platform.Linux),
            ["export", Layer, "--parent", @"C:\layers\base", "--hcs", "replay:" + recording, "-o", folder.File("second.tar")])
                .ShouldExit(0);
        Assert.That(File.ReadAllBytes(folder.File("second.tar")), Is.EqualTo(File.ReadAllBytes(folder.File("first.tar"))));
    }

    private static ProcessResult Export(Platform platform, TempFolder folder, string tar, string? fault, params string[] more)
    {
        var environment = new Dictionary<string, string?> { ["STANDIN_FAULT"] = fault };
        if (platform == Platform.Windows)
        {
            string dll = CCompiler.MingwGcc.Compile(folder.File("vmcompute.dll"), "-std=c11", "-shared", Source, "-lole32", "-luuid");
            environment["STANDIN_COUNTERS"] = WineRunner.ToWindowsPath(folder.File("counters.json"));
            return WineRunner.Run(
                PublishedArtifacts.Cli(platform),
                [
                    "export", Layer, "--parent", @"C:\layers\base", "--json", "--hcs", "lib:" + WineRunner.ToWindowsPath(dll), "-o",
                    WineRunner.ToWindowsPath(tar)
                ],
                environment: environment);
        }

        string library = CCompiler.Gcc.Compile(folder.File("libvmcompute.so"), "-std=c11", "-shared", "-fPIC", Source, "-ldl");
        environment["STANDIN_COUNTERS"] = folder.File("counters.json");

        // Only a preloaded library sees who frees its strings. LD_PRELOAD takes spaces for separators: the temporary folder's name has
        // some.
        string plain = Path.Combine(Path.GetTempPath(), $"aotlayers-standin-{Environment.ProcessId}.so");
        File.Copy(library, plain, overwrite: true);
        environment["LD_PRELOAD"] = plain;
        try
        {
            return ProcessRunner.Run(
                PublishedArtifacts.Cli(platform),
                ["export", Layer, "--parent", @"C:\layers\base", "--json", "--hcs", "lib:" + plain, "-o", tar, .. more],
                environment: environment);
        }
        finally
        {
            File.Delete(plain);
        }
    }

    private static void AssertClean(TempFolder folder, int contexts, int strings)
    {
        using var counters = JsonDocument.Parse(File.ReadAllText(folder.File("counters.json")));
        int Count(string name) => counters.RootElement.GetProperty(name).GetInt32();
        Assert.Multiple(() =>
        {
            Assert.That(Count("violations"), Is.Zero, counters.RootElement.GetProperty("firstViolation").GetString());
            Assert.That(Count("contextsMade"), Is.EqualTo(contexts));
            Assert.That(Count("contextsLive"), Is.Zero);
            Assert.That(Count("stringsMade"), Is.EqualTo(strings));
            Assert.That(Count("stringsLive"), Is.Zero);
        });
    }

    // Type, size, time, name and digest, as an independent program reads them.
    private static string ListTar(string tar)
    {
        Requires.Program("python3", "python3");
        const string Script = """
            import hashlib, sys, tarfile
            for m in tarfile.open(sys.argv[1], "r:"):
                digest = " " + hashlib.sha256(tarfile.open(sys.argv[1]).extractfile(m).read()).hexdigest()[:16] if m.isreg() and m.size else ""
                print(m.type.decode(), m.size, int(m.mtime), m.name.encode("ascii", "backslashreplace").decode() + digest)
            """;
        return ProcessRunner.Run("python3", ["-c", Script, tar]).ShouldExit(0).Output.TrimEnd('\n');
    }

    // The rule of large_byte() in the C source.
    private static string LargeDigest()
    {
        byte[] bytes = new byte[1 << 20];
        for (int i = 0; i < bytes.Length; i++)
        {
            bytes[i] = (byte)((i * 7) + (i >> 10));
        }

        return Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(bytes))[..16];
    }
}
