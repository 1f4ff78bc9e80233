using System.Formats.Tar;
using System.Security.Cryptography;
using System.Text;
using AotLayers.App;
using AotLayers.Formats;
using AotLayers.Replay.Tests.Formats;
using AotLayers.Replay.Tests.Recordings;
using AotLayers.Replay.Tests.Simulator;
using AotLayers.Replay.Tests.Verifying;
using Xunit;

namespace AotLayers.Replay.Tests.Converting;

/// <summary>There and back, for each pair of forms; roots of Linux; what is lost.</summary>
public sealed class ConvertTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_tar_becomes_a_folder_and_the_same_tar_again()
    {
        string tar = Export("app");
        ConvertResult there = Convert(tar, "layer/", lossless: true, skip: true);
        Assert.Equal(ConvertTarget.Folder, there.Target);

        // Its name is half of a surrogate pair, which files of this system cannot have.
        LayerLossRecord loss = Assert.Single(there.Losses);
        Assert.Equal("unsupportedEntry", loss.Reason);
        Assert.Contains("lone", loss.Entry, StringComparison.Ordinal);
        Assert.Empty(Convert(File("layer"), "again.tar").Losses);
        Assert.Equal(Entries(tar).Where(entry => !entry.Contains("lone", StringComparison.Ordinal)), Entries(File("again.tar")));
    }

    [Fact]
    public void A_sound_tar_goes_through_a_folder_byte_for_byte()
    {
        string tar = File("links.tar");
        System.IO.File.WriteAllBytes(tar, Canonical(WithLinks()));
        Assert.Empty(Convert(tar, "layer/", lossless: true).Losses);
        Assert.Empty(Convert(File("layer"), "again.tar").Losses);
        Assert.Equal(Bytes(tar), Bytes(File("again.tar")));
    }

    [Fact]
    public void A_folder_becomes_a_tar_and_the_same_folder_again()
    {
        string tar = File("first.tar");
        System.IO.File.WriteAllBytes(tar, Canonical(WithoutLinks()));
        Convert(tar, "first/");
        Convert(File("first"), "second.tar");
        Convert(File("second.tar"), "second/");
        Assert.Equal(Tree(File("first")), Tree(File("second")));
    }

    [Fact]
    public void A_tar_becomes_a_recording_and_the_same_tar_again()
    {
        string tar = File("layer.tar");
        System.IO.File.WriteAllBytes(tar, Canonical(WithoutLinks()));
        Assert.Empty(Convert(tar, "layer.json").Losses);
        Convert(File("layer.json"), "again.tar");
        Assert.Equal(Bytes(tar), Bytes(File("again.tar")));
    }

    [Fact]
    public void A_recording_becomes_a_tar_and_the_same_recording_again()
    {
        System.IO.File.WriteAllBytes(File("layer.tar"), Canonical(WithoutLinks()));
        Convert(File("layer.tar"), "layer.json");
        Directory.CreateDirectory(File("other"));
        Convert(File("layer.json"), "other/layer.tar");
        Convert(File("other/layer.tar"), "other/layer.json");
        Assert.Equal(Bytes(File("layer.json")), Bytes(File("other/layer.json")));
    }

    /// <summary>Everything that a tar cannot carry comes back out of a lossless one: the same backup streams.</summary>
    [Fact]
    public void A_lossless_tar_of_a_recording_gives_the_same_recording()
    {
        string recording = Path.Combine(SampleLayers.RepositoryRoot, "recordings", "streaming-export.json");
        Assert.NotEmpty(Convert(recording, "plain.tar").Losses);
        Assert.Empty(Convert(recording, "full.tar", lossless: true).Losses);
        Convert(recording, "direct/app.json");
        Convert(File("full.tar"), "through/app.json");
        Assert.Equal(Calls(File("direct/app.json")), Calls(File("through/app.json")));
    }

    [Theory]
    [InlineData("x.tar.gz")]
    [InlineData("x.tgz")]
    [InlineData("x.tar.zst")]
    public void Compression_is_changed_and_the_tar_in_it_is_the_same(string name)
    {
        string tar = Export("app");
        ConvertResult packed = Convert(tar, name);
        Assert.NotEqual(Bytes(tar), Bytes(File(name)));
        Assert.Equal("sha256:" + System.Convert.ToHexStringLower(SHA256.HashData(Bytes(tar))), packed.Tar!.DiffId);
        Convert(File(name), "plain.tar");
        Assert.Equal(Bytes(tar), Bytes(File("plain.tar")));
    }

    [Fact]
    public void Files_that_are_the_same_become_links_on_request()
    {
        string tar = File("double.tar");
        System.IO.File.WriteAllBytes(tar, SampleTar.Sound()
            .File("Files/b.txt", "same content")
            .File("Files/c.txt", "same content", header => header.ModificationTime = 0)
            .File("Files/d.txt", "same content", BadLayers.With("MSWINDOWS.fileattr", "33"))
            .File("Files/e.txt")
            .File("Files/f.txt")
            .Finish());
        ConvertResult result = Convert(tar, "linked.tar", linkDuplicates: true);
        Assert.Equal(1, result.HardLinks);
        Assert.Equal("timesOfLink", Assert.Single(result.Losses).Reason);
        Assert.Contains("1 Files/c.txt -> Files/b.txt", Entries(File("linked.tar")));
    }

    [Fact]
    public void No_time_is_later_than_the_epoch_that_is_given()
    {
        string tar = File("new.tar");
        System.IO.File.WriteAllBytes(
            tar, SampleTar.Sound().File("Files/new", "", header => header.ModificationTime = 4_000_000_000_000_000_000).Finish());
        Convert(tar, "old.tar", epoch: 1_600_000_000);
        using var reader = TarLayerReader.Open(System.IO.File.OpenRead(File("old.tar")), "old.tar");
        long latest = FileTime.FromUnixNanoseconds(1_600_000_000L * 1_000_000_000);
        var times = new List<long>();
        while (reader.GetNextEntry() is { } entry)
        {
            times.Add(entry.Info.LastWriteTime);
        }

        Assert.Equal(latest, times.Max());
        Assert.Equal(FileTime.FromUnixNanoseconds(SampleTar.Time), times.Min());
    }

    [Fact]
    public void A_root_of_Linux_becomes_a_layer_that_verify_finds_sound()
    {
        string tar = File("linux.tar");
        System.IO.File.WriteAllBytes(tar, LinuxRoot(sound: true));
        ConvertResult result = Convert(tar, "windows.tar", fromLinux: true);
        var findings = new List<VerifyFinding>();
        LayerVerifier.VerifyTar(System.IO.File.OpenRead(File("windows.tar")), new VerifyOptions { OnFinding = findings.Add });
        Assert.Empty(findings);
        Assert.Equal(["ownership", "permissions"], result.CountLosses().Select(kind => kind.Key).Order(StringComparer.Ordinal));
        List<string> entries = Entries(File("windows.tar"));
        Assert.Equal("5 Files", entries[0]);
        Assert.Equal("5 Hives", entries[^1]);
        Assert.Contains("0 Files/etc/.wh.gone", entries);
        Assert.Contains("1 Files/etc/passwd- -> Files/etc/passwd", entries);
        Assert.Contains(@"2 Files/bin -> usr\bin", entries);

        // The same bytes each time.
        Convert(tar, "again.tar", fromLinux: true);
        Assert.Equal(Bytes(File("windows.tar")), Bytes(File("again.tar")));
    }

    [Fact]
    public void Links_of_a_root_lead_to_directories_or_files_as_their_targets_are()
    {
        string tar = File("linux.tar");
        System.IO.File.WriteAllBytes(tar, LinuxRoot(sound: true));
        Convert(tar, "windows.tar", fromLinux: true);
        using var reader = TarLayerReader.Open(System.IO.File.OpenRead(File("windows.tar")), "windows.tar");
        var attributes = new Dictionary<string, uint>();
        while (reader.GetNextEntry() is { } entry)
        {
            attributes[entry.Name] = entry.Info.FileAttributes;
        }

        Assert.Equal(0x410u, attributes[@"Files\bin"]);
        Assert.Equal(0x410u, attributes[@"Files\through"]);
        Assert.Equal(0x420u, attributes[@"Files\etc\name"]);
    }

    [Fact]
    public void What_Windows_has_nothing_for_is_an_error_or_left_out_and_told()
    {
        string tar = File("linux.tar");
        System.IO.File.WriteAllBytes(tar, LinuxRoot(sound: false));
        LayerTaskException error = Assert.Throws<LayerTaskException>(() => Convert(tar, "windows.tar", fromLinux: true));
        Assert.Contains("no form in a layer of Windows", error.Message, StringComparison.Ordinal);
        Assert.False(System.IO.File.Exists(File("windows.tar")));
        ConvertResult result = Convert(tar, "windows.tar", fromLinux: true, skip: true);
        string[] left = [.. result.Losses.Where(loss => loss.Reason == "unsupportedEntry").Select(loss => loss.Entry)];
        Assert.Equal(["dev/null", "etc/PASSWD", "usr/a:b", "usr/con", "usr/.wh..wh..opq"], left);
    }

    [Fact]
    public void Security_of_a_root_is_chosen()
    {
        string tar = File("linux.tar");
        System.IO.File.WriteAllBytes(tar, LinuxRoot(sound: true));
        Convert(tar, "windows.tar", fromLinux: true, fileSddl: "O:SYG:SYD:(A;;FA;;;SY)");
        List<(TarHeader Header, byte[] Data)> entries = FormatSamples.ReadTar(Bytes(File("windows.tar")));
        TarHeader file = entries.Find(entry => entry.Header.Name == "Files/etc/passwd").Header;
        Assert.True(file.Records.TryGet("MSWINDOWS.rawsd"u8, out ReadOnlySpan<byte> text));
        byte[] security = System.Convert.FromBase64String(Encoding.ASCII.GetString(text));
        Assert.Equal("O:SYG:SYD:(A;;FA;;;SY)", SecurityDescriptor.Parse(security).ToSddl());
        Assert.Throws<UsageException>(() => Convert(tar, "x.tar", fromLinux: true, fileSddl: "no SDDL"));
        Assert.Throws<UsageException>(() => Convert(tar, "x.tar", fileSddl: "D:"));
    }

    [Fact]
    public void A_failure_leaves_nothing_at_the_destination()
    {
        string tar = File("cut.tar");
        System.IO.File.WriteAllBytes(tar, SampleTar.Sound().Unfinished());
        foreach (string destination in new[] { "a.tar", "a.json", "a/" })
        {
            Assert.Throws<LayerTaskException>(() => Convert(tar, destination));
        }

        Assert.Equal(["cut.tar"], Directory.EnumerateFileSystemEntries(_folder.Path).Select(path => Path.GetFileName(path)!));
    }

    [Fact]
    public void A_folder_that_is_there_is_not_written_to()
    {
        string tar = Export("app");
        Directory.CreateDirectory(File("full/sub"));
        LayerTaskException error = Assert.Throws<LayerTaskException>(() => Convert(tar, "full/", skip: true));
        Assert.Contains("is there already", error.Message, StringComparison.Ordinal);
        Directory.CreateDirectory(File("empty"));
        Convert(tar, "empty/", skip: true);
        Assert.True(System.IO.File.Exists(File("empty/tombstones.txt")));
    }

    [Fact]
    public void Without_asking_for_all_a_folder_loses_times_and_says_so()
    {
        ConvertResult result = Convert(Export("app"), "layer/", skip: true);
        Assert.Contains(result.CountLosses(), kind => kind is { Key: "timesNotKept", Value: > 0 });
        Assert.Contains(result.CountLosses(), kind => kind.Key == "metadataOutsideFiles" || kind.Key == "timesNotKept");
    }

    private static SampleTar WithoutLinks() => new SampleTar()
        .Directory("Files")
        .File("Files/Zoo.txt", "Z")
        .File("Files/a.txt", "hello", BadLayers.With("MSWINDOWS.xattr.FOO", "YmFy"))
        .Bare("Files/a.txt:s", "stream", Timed)
        .Directory("Files/dir")
        .Bare("Files/dir/.wh.gone")
        .File("Files/dir/b.txt", "b")
        .Symlink("Files/link", @"dir\b.txt", header => header.Mode = LayerTarWriter.SymbolicLinkMode)
        .Directory("Hives", withSecurity: false)
        .File("Hives/System_Delta", "regf", withSecurity: false);

    private static SampleTar WithLinks() => new SampleTar()
        .Directory("Files")
        .File("Files/a.txt", "hello")
        .Directory("Files/dir")
        .Link("Files/dir/b.txt", "Files/a.txt")
        .Directory("Hives")
        .File("Hives/System_Delta", "regf", header => header.ModificationTime = 5_000_000_000)
        .Directory("UtilityVM")
        .Directory("UtilityVM/Files", header => header.ModificationTime = 6_000_000_000);

    private static void Timed(TarHeader header)
    {
        header.Mode = LayerTarWriter.RegularFileMode;
        header.ModificationTime = header.AccessTime = header.ChangeTime = SampleTar.Time;
    }

    /// <summary>The tar as this program writes it.</summary>
    private static byte[] Canonical(SampleTar tar)
    {
        var output = new MemoryStream();
        LayerExporter.Export(TarLayerReader.Open(new MemoryStream(tar.Finish()), "x"), output);
        return output.ToArray();
    }

    private static byte[] LinuxRoot(bool sound)
    {
        var output = new MemoryStream();
        using (var tar = new System.Formats.Tar.TarWriter(output, TarEntryFormat.Pax, leaveOpen: true))
        {
            void Add(TarEntryType type, string name, string link = "", string content = "", UnixFileMode mode = (UnixFileMode)0x1ED)
            {
                var entry = new PaxTarEntry(type, name)
                {
                    Mode = mode,
                    ModificationTime = DateTimeOffset.FromUnixTimeSeconds(1_500_000_000),
                };
                if (link.Length > 0)
                {
                    entry.LinkName = link;
                }

                if (content.Length > 0)
                {
                    entry.DataStream = new MemoryStream(Encoding.UTF8.GetBytes(content));
                }

                tar.WriteEntry(entry);
            }

            Add(TarEntryType.Directory, "./");
            Add(TarEntryType.Directory, "./etc/");
            Add(TarEntryType.RegularFile, "./etc/passwd", content: "root:x:0:0\n", mode: (UnixFileMode)0x1A4);
            Add(TarEntryType.HardLink, "./etc/passwd-", "./etc/passwd");
            Add(TarEntryType.SymbolicLink, "./etc/name", "passwd", mode: (UnixFileMode)0x1FF);
            Add(TarEntryType.RegularFile, "./etc/.wh.gone");
            Add(TarEntryType.SymbolicLink, "./bin", "usr/bin", mode: (UnixFileMode)0x1FF);
            Add(TarEntryType.SymbolicLink, "./through", "/bin/../bin", mode: (UnixFileMode)0x1FF);

            // Its directories have no entries.
            var tool = new PaxTarEntry(TarEntryType.RegularFile, "./usr/bin/tool")
            {
                Mode = (UnixFileMode)0xFED, Uid = 7, DataStream = new MemoryStream([1, 2, 3]),
                ModificationTime = DateTimeOffset.FromUnixTimeSeconds(1_500_000_000),
            };
            tar.WriteEntry(tool);
            if (!sound)
            {
                tar.WriteEntry(new PaxTarEntry(TarEntryType.CharacterDevice, "./dev/null") { DeviceMajor = 1, DeviceMinor = 3 });
                Add(TarEntryType.RegularFile, "./etc/PASSWD");
                Add(TarEntryType.RegularFile, "./usr/a:b");
                Add(TarEntryType.RegularFile, "./usr/con");
                Add(TarEntryType.RegularFile, "./usr/.wh..wh..opq");
            }
        }

        return output.ToArray();
    }

    private string Export(string layer)
    {
        string path = File(layer + ".tar");
        var request = new LayerRequest
        {
            Spelling = OptionSpelling.CommandLine,
            Source = @"C:\layers\" + layer,
            Parents = [@"C:\layers\base"],
            Hcs = new HcsChoice(HcsChoiceKind.Simulator, SampleLayers.Folder),
        };
        ConvertTask.Run(new ConvertRequest { Layer = request, Destination = path }, null, null, null, default);
        return path;
    }

    private ConvertResult Convert(
        string source,
        string destination,
        bool lossless = false,
        bool skip = false,
        bool fromLinux = false,
        string? fileSddl = null,
        bool linkDuplicates = false,
        long? epoch = null)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.TrimEndingDirectorySeparator(File(destination)))!);
        var request = new ConvertRequest
        {
            Layer = new LayerRequest
            {
                Spelling = OptionSpelling.CommandLine,
                Source = source,
                Lossless = lossless,
                Unsupported = skip ? UnknownReparsePoints.Drop : UnknownReparsePoints.Fail,
            },
            Destination = File(destination),
            FromLinux = fromLinux,
            FileSddl = fileSddl,
            LinkDuplicates = linkDuplicates,
            SourceDateEpoch = epoch,
        };
        return ConvertTask.Run(request, null, null, null, default);
    }

    private static List<string> Entries(string tar) =>
    [
        .. FormatSamples.ReadTar(Bytes(tar)).Select(entry =>
            $"{(char)entry.Header.TypeFlag} {entry.Header.Name}"
                + (entry.Header.LinkName.Length == 0 ? "" : " -> " + entry.Header.LinkName)),
    ];

    /// <summary>Lines of calls, without what a recording says of where it was made.</summary>
    private static IEnumerable<string> Calls(string recording) =>
        System.IO.File.ReadAllLines(recording).Where(line => line.StartsWith("{\"seq\"", StringComparison.Ordinal));

    /// <summary>Names, contents and times.</summary>
    private static List<string> Tree(string folder) =>
    [
        .. Directory.EnumerateFileSystemEntries(folder, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal).Select(path =>
            $"{Path.GetRelativePath(folder, path)} {System.IO.File.GetLastWriteTimeUtc(path):O} "
                + (System.IO.File.Exists(path) ? System.Convert.ToHexString(Bytes(path)) : "")),
    ];

    private static byte[] Bytes(string path) => System.IO.File.ReadAllBytes(path);

    private string File(string name) => _folder.File(name);
}
