using AotLayers.App;
using AotLayers.Replay.Tests.Formats;
using Xunit;
using static AotLayers.Replay.Tests.Sources.SampleTars;

namespace AotLayers.Replay.Tests.Sources;

/// <summary>Image archives and layouts as skopeo and umoci write them, and as older docker did.</summary>
public sealed class ImageSourceTests : IDisposable
{
    private static readonly string[] s_app =
    [
        @"Files\", @"Files\WINDOWS\", @"Files\WINDOWS\WIN.INI app", @"Files\old.txt new", @"Files\third.txt => Files\Windows\kept.txt",
        @"Files\GONE -", @"Files\replaced a file now",
    ];

    private readonly string _folder = Directory.CreateTempSubdirectory("aotlayers-image-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("oci")]
    [InlineData("oci-archive")]
    [InlineData("docker-archive")]
    [InlineData("gzip")]
    [InlineData("unpacked")]
    public void A_layer_is_chosen_by_position_and_by_digest(string form)
    {
        string image = MakeImage(form);
        Assert.Equal(s_app, Read(image, request => request with { ImageLayer = "1" }));
        Assert.Equal(s_app, Read(image, request => request with { ImageLayer = "-1" }));
        Assert.Equal(@"Files\Windows\win.ini base", Read(image, request => request with { ImageLayer = "0" })[2]);
        string diffId = "sha256:" + Run("sha256sum", Path.Combine(_folder, "app.tar"))[..64];
        Assert.Equal(s_app, Read(image, request => request with { ImageLayer = diffId }));
        Assert.Equal(s_app, Read(image, request => request with { ImageLayer = diffId[..17] }));
    }

    [Fact]
    public void An_archive_comes_on_standard_input()
    {
        using Stream pipe = FormatSamples.Open(File.ReadAllBytes(MakeImage("gzip")), seekable: false);
        Assert.Equal(s_app, Read("-", request => request with { ImageLayer = "1" }, pipe));
    }

    [Fact]
    public void Without_a_choice_the_layers_are_named()
    {
        LayerException error = Fails(() => Read(MakeImage("docker-archive")));
        Assert.Contains("the image has 2 layers: choose one with --layer", error.Message, StringComparison.Ordinal);
        Assert.Contains("base first: 0 sha256:", error.Hint!, StringComparison.Ordinal);
        error = Fails(() => Read(Path.Combine(_folder, "docker-archive.tar"), request => request with { ImageLayer = "2" }));
        Assert.Contains("the image has no layer '2'", error.Message, StringComparison.Ordinal);
        Assert.Throws<UsageException>(() => Read(Path.Combine(_folder, "app.tar"), request => request with { ImageLayer = "0" }));
        Assert.Throws<UsageException>(() => Read(Path.Combine(_folder, "app.tar"), request => request with { Image = "x" }));
    }

    [Fact]
    public void The_merged_chain_is_what_a_container_sees()
    {
        string[] expected =
        [
            @"Files\Windows\kept.txt kept", @"Files\second.txt old", @"Hives\",
            @"Files\", @"Files\WINDOWS\", @"Files\WINDOWS\WIN.INI app", @"Files\old.txt new",
            @"Files\third.txt => Files\Windows\kept.txt", @"Files\replaced a file now",
        ];
        Assert.Equal(expected, Read(MakeImage("oci"), request => request with { Merged = true }));
        string app = Path.Combine(_folder, "app.tar");
        string[] parents = [Path.Combine(_folder, "base.tar")];
        Assert.Equal(expected, Read(app, request => request with { Merged = true, Parents = parents }));
        using Stream pipe = FormatSamples.Open(File.ReadAllBytes(app), seekable: false);
        Assert.Equal(expected, Read("-", request => request with { Merged = true, Parents = parents }, pipe));
        Assert.Equal(
            11, Read(Path.Combine(_folder, "oci"), request => request with { Merged = true, ImageLayer = "0" }).Count);
        Assert.Throws<UsageException>(() => Read(app, request => request with { Parents = parents }));
    }

    [Fact]
    public void One_of_several_images_is_named()
    {
        string layout = MakeImage("oci");
        Run("umoci", "new", "--image", layout + ":other");
        Run("umoci", "raw", "add-layer", "--image", layout + ":other", Path.Combine(_folder, "base.tar"));
        LayerException error = Fails(() => Read(layout));
        Assert.Contains("2 images: say which", error.Message, StringComparison.Ordinal);
        Assert.Contains("test (linux/amd64", error.Hint!, StringComparison.Ordinal);
        Assert.Equal(11, Read(layout, request => request with { Image = "other" }).Count);
        error = Fails(() => Read(layout, request => request with { Image = "nobody" }));
        Assert.Contains("no image 'nobody'", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("oci")]
    [InlineData("docker-archive")]
    public void A_changed_blob_is_found_by_its_digest(string form)
    {
        string image = MakeImage(form);
        string file = form == "oci"
            ? Directory.EnumerateFiles(Path.Combine(image, "blobs", "sha256")).OrderBy(name => new FileInfo(name).Length).Last()
            : image;
        byte[] bytes = File.ReadAllBytes(file);
        if (form == "oci")
        {
            // A byte that gzip does not look at: its modification time.
            bytes[4] ^= 1;
        }
        else
        {
            int at = bytes.AsSpan().IndexOf("a file now"u8);
            bytes[at] = (byte)'b';
        }

        File.WriteAllBytes(file, bytes);
        List<string> layers = ["0", "1"];
        LayerException[] errors =
        [
            .. layers.Select(layer => Record.Exception(() => Read(image, request => request with { ImageLayer = layer })))
                .OfType<LayerTaskException>().Select(error => Assert.IsType<LayerException>(error.Cause)),
        ];
        LayerException error = Assert.Single(errors);
        string problem = form == "oci" ? "digest of the layer's blob is sha256:" : "diffID of the layer is sha256:";
        Assert.Contains(problem, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_manifest_that_names_a_file_outside_of_the_archive_is_refused()
    {
        string folder = Directory.CreateDirectory(Path.Combine(_folder, "evil")).FullName;
        File.WriteAllText(Path.Combine(folder, "config.json"), """{"os":"windows","rootfs":{"diff_ids":["sha256:0"]}}""");
        File.WriteAllText(Path.Combine(folder, "manifest.json"), """[{"Config":"config.json","Layers":["../app.tar"]}]""");
        WriteApp(Path.Combine(_folder, "app.tar"));
        Assert.Contains("'../app.tar', which is refused", Fails(() => Read(folder)).Message, StringComparison.Ordinal);
        File.WriteAllText(Path.Combine(folder, "manifest.json"), """[{"Config":"config.json","Layers":["app.tar"]}]""");
        File.CreateSymbolicLink(Path.Combine(folder, "app.tar"), Path.Combine(_folder, "app.tar"));
        Assert.Contains("is a symbolic link", Fails(() => Read(folder)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_old_archive_links_layers_that_are_the_same()
    {
        string layer = WriteApp(Path.Combine(_folder, "app.tar"));
        string diffId = Run("sha256sum", layer)[..64];
        string first = new('a', 64);
        string second = new('b', 64);
        string root = Path.Combine(_folder, "old");
        Directory.CreateDirectory(Path.Combine(root, first));
        Directory.CreateDirectory(Path.Combine(root, second));
        File.Copy(layer, Path.Combine(root, first, "layer.tar"));
        File.CreateSymbolicLink(Path.Combine(root, second, "layer.tar"), $"../{first}/layer.tar");
        File.WriteAllText(
            Path.Combine(root, "config.json"),
            $$$"""{"os":"windows","rootfs":{"diff_ids":["sha256:{{{diffId}}}","sha256:{{{diffId}}}"]}}""");
        File.WriteAllText(
            Path.Combine(root, "manifest.json"),
            $$"""[{"Config":"config.json","RepoTags":null,"Layers":["{{first}}/layer.tar","{{second}}/layer.tar"]}]""");
        string archive = Path.Combine(_folder, "old.tar");
        Run("tar", "-cf", archive, "-C", root, first, second, "config.json", "manifest.json");
        Assert.Equal(s_app, Read(archive, request => request with { ImageLayer = "1" }));
    }

    [Theory]
    [InlineData("{\"manifests\":7}", "has no 'manifests'")]
    [InlineData("{\"manifests\":[{}]}", "has no digest")]
    [InlineData("{\"manifests\":[{\"digest\":\"sha256:../../x\"}]}", "is no digest that is known here")]
    [InlineData("nonsense", "index.json is no JSON")]
    [InlineData("{\"manifests\":[]}", "the archive holds no image")]
    public void A_damaged_index_is_an_error(string index, string problem)
    {
        File.WriteAllText(Path.Combine(_folder, "index.json"), index);
        Assert.Contains(problem, Fails(() => Read(_folder)).Message, StringComparison.Ordinal);
    }

    private static LayerException Fails(Action action) =>
        Assert.IsType<LayerException>(Assert.Throws<LayerTaskException>(action).Cause);

    private string MakeImage(string form)
    {
        string layout = Path.Combine(_folder, "oci");
        Run("umoci", "init", "--layout", layout);
        Run("umoci", "new", "--image", layout + ":test");
        Run("umoci", "raw", "add-layer", "--image", layout + ":test", WriteBase(Path.Combine(_folder, "base.tar")));
        Run("umoci", "raw", "add-layer", "--image", layout + ":test", WriteApp(Path.Combine(_folder, "app.tar")));
        if (form == "oci")
        {
            return layout;
        }

        string kind = form == "oci-archive" ? form : "docker-archive";
        string archive = Path.Combine(_folder, kind + ".tar");
        Run("skopeo", "--insecure-policy", "copy", "-q", $"oci:{layout}:test", $"{kind}:{archive}:example.org/app:1");
        switch (form)
        {
            case "gzip":
                Run("gzip", archive);
                return archive + ".gz";
            case "unpacked":
                string folder = Directory.CreateDirectory(Path.Combine(_folder, "unpacked")).FullName;
                Run("tar", "-xf", archive, "-C", folder);
                return folder;
            default:
                return archive;
        }
    }
}
