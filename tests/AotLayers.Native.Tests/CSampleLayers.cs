using System.Globalization;
using System.Text;

namespace AotLayers.Native.Tests;

/// <summary>Layers written by hand, and what docs/README.md says a caller gets of them.</summary>
internal static class CSampleLayers
{
    /// <summary>docs/formats/backup-stream.md#known-answers: DATA "hello".</summary>
    public const string HelloStream = "0100000000000000050000000000000000000000" + "68656c6c6f";

    /// <summary>docs/formats/backup-stream.md#known-answers: DATA "hello", then the alternate stream ":ads.txt:$DATA" with "ads".</summary>
    public const string AlternateStream =
        HelloStream + "040000000000000003000000000000001c000000" + "3a006100640073002e007400780074003a0024004400410054004100" + "616473";

    /// <summary>docs/formats/backup-stream.md#known-answers: 65536 bytes with "abcd" at 0.</summary>
    public const string SparseStream =
        "0100000008000000000000000000000000000000"
        + "09000000080000000c00000000000000000000000000000000000000" + "61626364"
        + "09000000080000000800000000000000000000000000010000000000";

    private const string Id = "00000000000000000000000000000000";

    /// <summary>Makes a folder of simulated layers with one layer, "app".</summary>
    /// <returns>The value of the option "hcs" without its prefix.</returns>
    public static string WriteMachine(TempFolder folder)
    {
        string layer = Directory.CreateDirectory(folder.File("machine/app")).FullName;
        File.WriteAllText(Path.Combine(layer, "layer.json"), """
            {
              "defaults": { "time": 131000000012345678, "fileSecurity": "", "directorySecurity": "" },
              "tombstones": ["Files\\gone.txt"],
              "entries": [
                { "path": "Files", "directory": true },
                { "path": "Files\\hello.txt", "text": "hello", "attributes": 33,
                  "times": { "creation": 131000000012345678, "access": 131000000012345679, "write": 131000000012345680, "change": 131000000012345681 } },
                { "path": "Files\\streams.txt", "text": "hello", "streams": [{ "name": "ads.txt", "text": "ads" }] },
                { "path": "Files\\sparse.bin", "sparse": { "size": 65536, "ranges": [{ "offset": 0, "text": "abcd" }], "representation": "blocks" } },
                { "path": "Files\\Grüße 𝄞.txt", "text": "" }
              ]
            }
            """);
        return folder.File("machine");
    }

    /// <summary>What the program read_layer prints of them in mode "backup", by name.</summary>
    public static IReadOnlyDictionary<string, string> MachineEntries { get; } = new Dictionary<string, string>
    {
        [@"Files\gone.txt"] = $"1|0|0|0|0|0|0x0|0|{Id}\n  ",
        [@"Files\hello.txt"] =
            $"0|5|131000000012345678|131000000012345679|131000000012345680|131000000012345681|0x21|0|{Id}\n  {HelloStream}",
        [@"Files\streams.txt"] =
            $"0|5|131000000012345678|131000000012345678|131000000012345678|131000000012345678|0x20|0|{Id}\n  {AlternateStream}",
        [@"Files\sparse.bin"] =
            $"0|65536|131000000012345678|131000000012345678|131000000012345678|131000000012345678|0x220|0|{Id}\n  {SparseStream}",
        [@"Files\Grüße 𝄞.txt"] = $"0|0|131000000012345678|131000000012345678|131000000012345678|131000000012345678|0x20|0|{Id}\n  "
            + $"0100000000000000000000000000000000000000",
    };

    /// <summary>Makes a transport folder (docs/formats/transport-folder.md#tree).</summary>
    public static string WriteTransportFolder(TempFolder folder)
    {
        string root = Directory.CreateDirectory(folder.File("transport")).FullName;
        Directory.CreateDirectory(Path.Combine(root, "Files", "dir"));
        Directory.CreateDirectory(Path.Combine(root, "Hives"));
        File.WriteAllText(
            Path.Combine(root, "tombstones.txt"),
            "Version 1.0\n\\dir\\gone.txt\n",
            new UTF8Encoding(encoderShouldEmitUTF8Identifier: true));
        File.WriteAllBytes(Path.Combine(root, "Files.$wcidirs$"), [0x10, 0, 0, 0]);
        File.WriteAllBytes(Path.Combine(root, "Files", "dir.$wcidirs$"), [0x12, 0, 0, 0]);
        File.WriteAllBytes(Path.Combine(root, "Files", "dir", "hello.txt"), [0x21, 0, 0, 0, .. Convert.FromHexString(AlternateStream)]);
        File.WriteAllText(Path.Combine(root, "Hives", "System_Delta"), "hive");
        return root;
    }

    /// <summary>Makes a layer tar with Python's tarfile module.</summary>
    public static string WriteTar(TempFolder folder)
    {
        Requires.Program("python3", "python3");
        string path = folder.File("layer.tar");
        ProcessRunner.Run("python3", ["-c", """
            import io, sys, tarfile
            with tarfile.open(sys.argv[1], "w", format=tarfile.PAX_FORMAT) as tar:
                def add(name, data=b"", kind=tarfile.REGTYPE, link="", **pax):
                    info = tarfile.TarInfo(name)
                    info.type, info.size, info.linkname, info.mtime = kind, len(data), link, 1455626401
                    info.pax_headers = {"MSWINDOWS." + k: v for k, v in pax.items()}
                    tar.addfile(info, io.BytesIO(data))
                add("Files", kind=tarfile.DIRTYPE, fileattr="16")
                add("Files/hello.txt", b"hello", fileattr="33")
                add("Files/.wh.gone.txt")
                add("Files/again.txt", kind=tarfile.LNKTYPE, link="Files/hello.txt", fileattr="33")
            """, path]).ShouldExit(0);
        return path;
    }

    /// <summary>Entries as the program read_layer prints them, by name: two lines each.</summary>
    public static Dictionary<string, string> Parse(string output)
    {
        var entries = new Dictionary<string, string>(StringComparer.Ordinal);
        string[] lines = output.TrimEnd('\n').Split('\n');
        Assert.That(lines.Length % 2, Is.Zero, output);
        for (int i = 0; i < lines.Length; i += 2)
        {
            int bar = lines[i].IndexOf('|', StringComparison.Ordinal);
            entries.Add(lines[i][..bar], string.Create(CultureInfo.InvariantCulture, $"{lines[i][(bar + 1)..]}\n{lines[i + 1]}"));
        }

        return entries;
    }

    /// <summary>Options for the layer "app" of a folder of simulated layers.</summary>
    public static string Options(Platform platform, string machine, params string[] more) =>
        "{" + string.Join(",", [$"\"hcs\":{Json("sim:" + CCallers.PathFor(platform, machine))}", .. more]) + "}";

    /// <summary>Text as a JSON string.</summary>
    public static string Json(string text) => System.Text.Json.JsonSerializer.Serialize(text);
}
