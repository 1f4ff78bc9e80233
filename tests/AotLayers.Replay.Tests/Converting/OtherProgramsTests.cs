using System.Diagnostics;
using System.Text.Json;
using AotLayers.App;
using AotLayers.Formats;
using AotLayers.Replay.Tests.Recordings;
using AotLayers.Replay.Tests.Verifying;
using Xunit;

namespace AotLayers.Replay.Tests.Converting;

/// <summary>Converted tars as other programs read them: bsdtar, Python, umoci and skopeo.</summary>
public sealed class OtherProgramsTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_layer_made_of_a_root_is_read_by_other_tars()
    {
        string tar = Windows();
        string list = Run("bsdtar", "-tvf", tar);
        foreach (string name in new[] { "Files", "Files/etc/passwd", "Files/etc/passwd- link to Files/etc/passwd", "Hives" })
        {
            Assert.Contains(name + "\n", list, StringComparison.Ordinal);
        }

        Assert.Equal("root:x:0:0\n", Run("bsdtar", "-xOf", tar, "Files/etc/passwd"));
        Assert.Contains(PythonTar.List(System.IO.File.ReadAllBytes(tar)), line =>
            line.Contains("Files/etc/passwd ", StringComparison.Ordinal) && line.Contains("rawsd#", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("windows.tar")]
    [InlineData("windows.tar.gz")]
    public void A_converted_layer_in_an_OCI_layout_is_whole_to_umoci_and_skopeo(string name)
    {
        string tar = Windows();
        string layer = _folder.File(name);
        if (name != "windows.tar")
        {
            Convert(tar, layer);
        }

        string layout = _folder.File("layout");
        Run("umoci", "init", "--layout", layout);
        Run("umoci", "new", "--image", layout + ":test");

        // It compresses what it is given, and so takes plain tars only.
        string plain = _folder.File("plain.tar");
        Convert(layer, plain);
        Assert.Equal(System.IO.File.ReadAllBytes(tar), System.IO.File.ReadAllBytes(plain));
        Run("umoci", "raw", "add-layer", "--image", layout + ":test", plain);
        using var inspected = JsonDocument.Parse(Run("skopeo", "inspect", $"oci:{layout}:test"));
        Assert.Equal(1, inspected.RootElement.GetProperty("Layers").GetArrayLength());
        string root = _folder.File("root");
        Run("umoci", "raw", "unpack", "--rootless", "--image", layout + ":test", root);
        Assert.Equal("root:x:0:0\n", System.IO.File.ReadAllText(Path.Combine(root, "Files/etc/passwd")));
        Assert.Equal("root:x:0:0\n", System.IO.File.ReadAllText(Path.Combine(root, "Files/etc/passwd-")));

        // And back: verified as a layer of the image, with the digests of its manifest.
        var findings = new List<VerifyFinding>();
        VerifyResult result = VerifyTask.Run(
            new VerifyRequest { Layer = new LayerRequest { Spelling = OptionSpelling.CommandLine, Source = layout, Image = "test" } },
            null,
            findings.Add,
            default);
        Assert.Empty(findings);
        Assert.Equal(5, result.Summary.Entries);
    }

    [Fact]
    public void A_lossless_tar_is_a_tar_like_others_to_other_programs()
    {
        string tar = _folder.File("layer.tar");
        System.IO.File.WriteAllBytes(tar, SampleTar.Sound()
            .File("Files/x", "content", header => header.Records.Set("AOTLAYERS.times"u8, "1,2,3,4"u8)).Finish());
        string again = _folder.File("again.tar");
        Convert(tar, again, lossless: true);
        Assert.Equal("content", Run("bsdtar", "-xOf", again, "Files/x"));
        Assert.Contains(PythonTar.List(System.IO.File.ReadAllBytes(again)), line =>
            line.Contains("Files/x ", StringComparison.Ordinal) && line.Contains("sha256 ed7002b439e9ac84", StringComparison.Ordinal));
        byte[] bytes = System.IO.File.ReadAllBytes(again);
        Assert.True(bytes.AsSpan().IndexOf("AOTLAYERS.times=1,2,3,4\n"u8) > 0);
    }

    private string Windows()
    {
        string root = Directory.CreateDirectory(_folder.File("linux/etc")).Parent!.FullName;
        System.IO.File.WriteAllText(Path.Combine(root, "etc/passwd"), "root:x:0:0\n");
        Run("ln", Path.Combine(root, "etc/passwd"), Path.Combine(root, "etc/passwd-"));
        string linux = _folder.File("linux.tar");
        Run("tar", "--sort=name", "--mtime=@1500000000", "--owner=0", "--group=0", "-C", root, "-cf", linux, ".");
        string tar = _folder.File("windows.tar");
        Convert(linux, tar, fromLinux: true);
        return tar;
    }

    private static void Convert(string source, string destination, bool fromLinux = false, bool lossless = false) => ConvertTask.Run(
        new ConvertRequest
        {
            Layer = new LayerRequest { Spelling = OptionSpelling.CommandLine, Source = source, Lossless = lossless },
            Destination = destination,
            FromLinux = fromLinux,
        },
        null,
        null,
        null,
        default);

    private static string Run(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        using Process process = Process.Start(start)!;
        Task<string> error = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, $"{program}: {error.Result}");
        return output;
    }
}
