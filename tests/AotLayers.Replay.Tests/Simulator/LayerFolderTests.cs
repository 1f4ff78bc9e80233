using AotLayers.App;
using AotLayers.Hcs;
using AotLayers.Interop;
using AotLayers.Simulator;
using Xunit;

namespace AotLayers.Replay.Tests.Simulator;

/// <summary>Layer folders: plain ones, and what layer.json may say.</summary>
public class LayerFolderTests
{
    [Fact]
    public void Plain_folder_is_a_layer()
    {
        using var layers = new LayerDirectory();
        layers.WithFile("plain/Files/dir/a.txt", "hello")
            .WithFile("plain/notes.md", "stays here")
            .WithFile("plain/tombstones", "Files/dir/b.txt\r\n");
        if (!OperatingSystem.IsWindows())
        {
            File.CreateSymbolicLink(Path.Combine(layers.Path, "plain", "Files", "link"), "dir/a.txt");
        }

        List<ExportedEntry> entries = SampleLayers.Export(layers.Load(), "plain");
        Assert.Equal([@"\Files", @"\Files\dir", @"\Files\dir\b.txt", @"\Files\dir\a.txt"], entries.Take(4).Select(entry => entry.Name));
        Assert.Equal((0x10u, 0x20u), (entries[1].Info.FileAttributes, entries[3].Info.FileAttributes));
        Assert.True(entries[2].Deleted);
        Assert.Equal(
            File.GetLastWriteTimeUtc(Path.Combine(layers.Path, "plain", "Files", "dir", "a.txt")).ToFileTimeUtc(),
            entries[3].Info.CreationTime);
        Assert.True(OperatingSystem.IsWindows() || (entries[4].Info.FileAttributes & 0x400) != 0);
    }

    [Theory]
    [InlineData("[]", "$: expected an object")]
    [InlineData("{\"entrys\":[]}", "$: unknown member 'entrys'")]
    [InlineData("{\"entries\":[{\"path\":\"Files\\\\a\"},{\"path\":\"files/A\"}]}", "$.entries[1]: 'files\\A' appears twice")]
    [InlineData("{\"entries\":[{\"path\":\"..\\\\a\"}]}", "$.entries[0].path: name has a '..' part")]
    [InlineData("{\"entries\":[{\"path\":\"Files\",\"text\":1}]}", "$.entries[0].text: expected a string, found 1")]
    [InlineData(
        "{\"entries\":[{\"path\":\"a\",\"attributes\":4294967296}]}",
        "$.entries[0].attributes: expected an integer from 0 to 4294967295")]
    [InlineData("{\"entries\":[{\"path\":\"a\",\"base64\":\"*\"}]}", "$.entries[0].base64: not valid base64")]
    [InlineData("{\"entries\":[{\"path\":\"a\",\"pattern\":1}]}", "$.entries[0]: 'pattern' and 'size' go together")]
    [InlineData("{\"entries\":[{\"path\":\"a\",\"reparse\":{}}]}", "$.entries[0].reparse: needs one of")]
    [InlineData("{\"entries\":[{\"path\":\"a\",\"linkTo\":\"b\"}]}", "$.entries[0]: 'b' is not there")]
    [InlineData(
        "{\"entries\":[{\"path\":\"a\",\"sparse\":{\"size\":4,\"ranges\":[{\"offset\":2,\"text\":\"abc\"}]}}]}",
        "$.entries[0].sparse.ranges[0]: the range ends after the file")]
    [InlineData("{\"entries\":[{\"path\":\"a\",\"security\":\"base64:!\"}]}", "$.entries[0].security: not a security descriptor")]
    [InlineData("{\"entries\":[{\"path\":\"a\",\"security\":\"O:NOBODY\"}]}", "$.entries[0].security: not a security descriptor")]
    [InlineData(
        "{\"entries\":[{\"path\":\"a\",\"objectId\":\"AA==\"}]}",
        "$.entries[0].objectId: FILE_OBJECTID_BUFFER has 64 bytes, this has 1")]
    [InlineData("{\"entries\":[{\"path\":\"a\",\"streams\":[{\"name\":\"x:y\"}]}]}", "$.entries[0].streams[0].name: a stream name")]
    [InlineData("{\"entries\":[{\"path\":\"a\"},{\"path\":\"a\\\\b\"}]}", "'a\\b' lies below a file")]
    [InlineData(
        "{\"entries\":[{\"path\":\"a\\ud800\"}]}",
        "$.entries[0].path: text that is not valid UTF-8 or holds half of a surrogate pair")]
    [InlineData("{\"entries\":[{\"path\":{\"$u16\":\"12\"}}]}", "$.entries[0].path.$u16: not four hexadecimal digits")]
    [InlineData("{\"entries\":[{\"path\":\"a\",\"path\":\"b\"}]}", "$.entries[0]: member 'path' appears twice")]
    [InlineData(
        "{\"entries\":[{\"path\":\"a\",\"eas\":[{\"name\":\"A\",\"pattern\":1,\"size\":65535},{\"name\":\"B\",\"text\":\"x\"}]}]}",
        "values of more than 65535 bytes together")]
    [InlineData(
        "{\"entries\":[{\"path\":\"a\",\"backup\":{\"offset\":0,\"size\":0}}]}",
        "$.entries[0].backup: the layer has no streams.bin")]
    [InlineData("{", "layer.json")]
    public void Mistakes_are_told_with_file_and_place(string json, string expected)
    {
        using var layers = new LayerDirectory();
        layers.WithFile("one/layer.json", json);
        SimulatedLayerException error = Assert.Throws<SimulatedLayerException>(() => SampleLayers.Export(layers.Load(), "one"));
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
        Assert.Contains(Path.Combine(layers.Path, "one"), error.Message, StringComparison.Ordinal);
        Assert.Equal(("ExportLayerBegin", "one", 0x8007000Du), (error.Call, error.Layer, error.Code));
    }

    [Fact]
    public void Metadata_adds_to_real_files()
    {
        using var layers = new LayerDirectory();
        layers.WithFile("one/Files/a.txt", "real")
            .WithFile("one/layer.json", """{"entries":[{"path":"Files\\A.TXT","attributes":"0x21","time":5}]}""");
        ExportedEntry entry = SampleLayers.Export(layers.Load(), "one").Single(entry => entry.Size == 4);
        Assert.Equal(@"\Files\A.TXT", entry.Name);
        Assert.Equal((0x21u, 5L), (entry.Info.FileAttributes, entry.Info.ChangeTime));
    }

    [Fact]
    public void Choice_names_the_folder_and_what_the_machine_lacks()
    {
        HcsMachine machine = SimulatorChoice.Open(SampleLayers.Folder + "?absent=ExportLayerBegin,ExportLayerNext");
        Assert.Equal(ExportStatus.ExportMissing, machine.Vmcompute.Probe("ExportLayerNext"));
        Assert.Equal(ExportStatus.Present, machine.Vmcompute.Probe("ExportLayerRead"));
        Assert.Throws<FormatException>(() => SimulatorChoice.Open(SampleLayers.Folder + "?absnt=x"));
    }

    [Fact]
    public void Life_of_a_layer_is_kept_honestly()
    {
        SimulatedMachine machine = SampleLayers.Load();
        SimulatedVmcompute vmcompute = machine.Vmcompute;
        DriverInfo info = DriverInfo.FullPaths;
        LayerDescriptor[] parents = SampleLayers.Parents(machine, "app", "base");
        const string Scratch = @"C:\layers\container";
        Assert.Equal(0x80070037, (uint)vmcompute.PrepareLayer(in info, @"C:\layers\app", parents.AsSpan(1), 1));
        Assert.Equal(0, vmcompute.CreateSandboxLayer(in info, Scratch, null, parents, 2));
        Assert.Equal(0x800700B7, (uint)vmcompute.CreateSandboxLayer(in info, Scratch, null, parents, 2));
        Assert.Equal(0, vmcompute.ActivateLayer(in info, Scratch));
        Assert.Equal(0x80070020, (uint)vmcompute.ActivateLayer(in info, Scratch));
        Assert.Equal(0, vmcompute.PrepareLayer(in info, Scratch, parents, 2));
        Assert.Equal(0x80070020, (uint)vmcompute.DeactivateLayer(in info, Scratch));

        nuint length = 0;
        Assert.Equal(0, vmcompute.GetLayerMountPath(in info, Scratch, ref length, []));
        Assert.Equal(49u, length);
        char[] path = new char[49];
        Assert.Equal(0, vmcompute.GetLayerMountPath(in info, Scratch, ref length, path));
        string volume = new string(path).TrimEnd('\0');
        Assert.StartsWith(@"\\?\Volume{", volume, StringComparison.Ordinal);
        Assert.NotEqual(uint.MaxValue, machine.Kernel32.GetFileAttributesW(volume + @"\sandbox.vhdx"));

        Assert.Equal(0, vmcompute.ExpandSandboxSize(in info, Scratch, 40UL << 30));
        Assert.Equal(0x80070057, (uint)vmcompute.ExpandSandboxSize(in info, Scratch, 1));
        Assert.Equal(0, vmcompute.UnprepareLayer(in info, Scratch));
        Assert.Equal(0, vmcompute.DeactivateLayer(in info, Scratch));
        Assert.Equal(0, vmcompute.DestroyLayer(in info, Scratch));
        vmcompute.LayerExists(in info, Scratch, out uint exists);
        Assert.Equal(0u, exists);
        Assert.Equal(0x80070003, (uint)vmcompute.DestroyLayer(in info, Scratch));
        Assert.True(Directory.Exists(Path.Combine(SampleLayers.Folder, "app")));
    }

    [Fact]
    public void Ids_are_version_5_and_do_not_depend_on_case()
    {
        SimulatedVmcompute vmcompute = SampleLayers.Load().Vmcompute;
        vmcompute.NameToGuid("Base", out Guid first);
        vmcompute.NameToGuid("base", out Guid second);
        Assert.Equal(first, second);
        Assert.Equal('5', first.ToString()[14]);
        Assert.Contains(first.ToString()[19], "89ab");
    }

    [Theory]
    [InlineData("{\"path\":\"a\",\"backup\":{\"offset\":1,\"size\":25}}", "$.entries[0].backup.size: expected an integer from 0 to 24")]
    [InlineData("{\"path\":\"a\",\"backup\":{\"offset\":26,\"size\":0}}", "$.entries[0].backup.offset: expected an integer from 0 to 25")]
    [InlineData("{\"path\":\"a\",\"backup\":{\"offset\":0,\"size\":24}}", "$.entries[0].backup: ")]
    [InlineData("{\"path\":\"a\",\"text\":\"x\",\"backup\":{\"offset\":0,\"size\":25}}", "$.entries[0]: 'backup' is the whole file")]
    [InlineData(
        "{\"path\":\"a\",\"attributes\":16,\"backup\":{\"offset\":0,\"size\":25}}",
        "$.entries[0]: 'attributes' and 'directory' differ")]
    public void Part_of_the_streams_is_checked(string entry, string expected)
    {
        using var layers = new LayerDirectory();
        layers.WithFile("one/layer.json", $$"""{"entries":[{{entry}}]}""");
        File.WriteAllBytes(
            Path.Combine(layers.Path, "one", "streams.bin"),
            Convert.FromHexString("01000000000000000500000000000000000000006865 6c6c6f".Replace(" ", "", StringComparison.Ordinal)));
        SimulatedLayerException error = Assert.Throws<SimulatedLayerException>(() => SampleLayers.Export(layers.Load(), "one"));
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
    }
}
