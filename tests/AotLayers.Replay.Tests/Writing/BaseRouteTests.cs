using AotLayers.Formats;
using AotLayers.Hcs;
using AotLayers.Replay.Tests.Layers;
using AotLayers.Replay.Tests.Simulator;
using AotLayers.Simulator;
using Xunit;

namespace AotLayers.Replay.Tests.Writing;

/// <summary>Layers without parents, file by file and ProcessBaseImage.</summary>
public sealed class BaseRouteTests
{
    private const string New = @"C:\layers\new\";
    private const string BootFile = @"UtilityVM\Files\EFI\Microsoft\Boot\BCD";
    private readonly SimulatedMachine _machine = SampleLayers.Load();

    [Fact]
    public void The_imported_layer_exports_as_the_same_tar_but_for_the_boot_configuration_that_finishing_changes()
    {
        byte[] tar = Imports.Export(_machine.Hcs, Machines.Base, LayerReaderKind.Base);
        ImportSummary summary = Imports.Import(_machine.Hcs, Imports.NewBase, tar, LayerWriterKind.Base);
        Assert.Equal(("base", 2L), (summary.Writer, summary.HardLinks));
        Imports.AssertWhole(_machine);
        byte[] again = Imports.Export(_machine.Hcs, Imports.NewBase, LayerReaderKind.Base);
        Assert.Equal(Lines(tar), Lines(again));
        string boot = Imports.Read(_machine.Hcs, @"C:\layers\base\" + BootFile)!;
        Assert.Equal(boot + "processed", Imports.Read(_machine.Hcs, New + BootFile));
        Assert.Equal(boot, Imports.Read(_machine.Hcs, New + "bcd.bak"));
        Assert.NotEqual(uint.MaxValue, _machine.Kernel32.GetFileAttributesW(New + "blank-base.vhdx"));
        Assert.NotEqual(uint.MaxValue, _machine.Kernel32.GetFileAttributesW(New + @"UtilityVM\SystemTemplate.vhdx"));

        static List<string> Lines(byte[] tar) => [.. Imports.List(tar).Where(line => !line.Contains(BootFile, StringComparison.Ordinal))];
    }

    [Fact]
    public void Where_the_streaming_calls_are_missing_it_is_the_writer()
    {
        HcsMachine machine = Machines.Samples([.. Machines.StreamingExports, "ImportLayerBegin"]);
        byte[] tar = Imports.Export(machine, Machines.Base, LayerReaderKind.Auto);
        Assert.Equal("base", Imports.Import(machine, Imports.NewBase, tar, LayerWriterKind.Auto).Writer);
    }

    /// <summary>ProcessBaseImage over a partial earlier run answers 0x80070050; here it never gets to see one.</summary>
    [Fact]
    public void A_finish_that_fails_half_way_leaves_nothing_and_the_next_import_succeeds()
    {
        SimulatedMachine machine = SampleLayers.Load(SimulatorOptions.Parse("partial-base"));
        byte[] tar = Imports.Export(machine.Hcs, Machines.Base, LayerReaderKind.Base);
        LayerException e = Assert.Throws<LayerException>(() =>
            Imports.Import(machine.Hcs, Imports.NewBase, tar, LayerWriterKind.Base));
        Assert.Equal("ProcessBaseImage", e.Call);
        Assert.Contains("nothing was imported", e.Message, StringComparison.Ordinal);
        Imports.AssertNothingLeft(machine);

        machine = SampleLayers.Load(SimulatorOptions.Parse("fail=ProcessBaseImage:0x80070522*1"));
        Assert.Throws<LayerException>(() => Imports.Import(machine.Hcs, Imports.NewBase, tar, LayerWriterKind.Base));
        Imports.AssertNothingLeft(machine);
        Imports.Import(machine.Hcs, Imports.NewBase, tar, LayerWriterKind.Base);
        Imports.AssertWhole(machine);
    }

    [Fact]
    public void A_link_may_come_before_its_file_and_one_without_is_told()
    {
        byte[] tar = Imports.Tar(tar =>
        {
            tar.Directory("Files");
            tar.HardLink("Files/b", "Files/a");
            tar.File("Files/a", "text");
        });
        Imports.Import(_machine.Hcs, Imports.NewBase, tar, LayerWriterKind.Base);
        Assert.Equal("text", Imports.Read(_machine.Hcs, New + @"Files\b"));
        Assert.Equal(2u, Imports.Links(_machine.Hcs, New + @"Files\a").Links);

        tar = Imports.Tar(tar =>
        {
            tar.Directory("Files");
            tar.HardLink("Files/b", "Files/a");
        });
        LayerLocation other = Imports.NewBase with { Id = @"C:\layers\other" };
        LayerException e = Assert.Throws<LayerException>(() => Imports.Import(_machine.Hcs, other, tar, LayerWriterKind.Base));
        Assert.Contains(@"no 'Files\a' in the layer", e.Message, StringComparison.Ordinal);
        Imports.AssertNothingLeft(_machine, other.Id);
    }

    [Theory]
    [InlineData("Files/.wh.x", "nothing to hide")]
    [InlineData("layout", "and nothing else")]
    public void What_a_base_layer_cannot_have_imports_nothing(string name, string words)
    {
        byte[] tar = Imports.Tar(tar =>
        {
            tar.Directory("Files");
            tar.File(name);
        });
        LayerException e = Assert.Throws<LayerException>(() =>
            Imports.Import(_machine.Hcs, Imports.NewBase, tar, LayerWriterKind.Base));
        Assert.Contains(words, e.Message, StringComparison.Ordinal);
        Imports.AssertNothingLeft(_machine);
    }

    /// <summary>An archive may call a link a directory: what lies below would be written to where the link leads.</summary>
    [Theory]
    [InlineData(LayerWriterKind.Base)]
    [InlineData(LayerWriterKind.Folder)]
    [InlineData(LayerWriterKind.Stream)]
    public void Nothing_is_written_through_a_link_that_is_called_a_directory(LayerWriterKind kind)
    {
        byte[] tar = Imports.Tar(tar =>
        {
            tar.Directory("Files");
            var link = new TarHeader { Name = "Files/out", TypeFlag = TarTypeFlag.SymbolicLink, LinkName = @"C:\Windows" };
            link.Records.Set("MSWINDOWS.fileattr"u8, "16"u8);
            tar.WriteHeader(link);
            tar.File("Files/out/evil.txt", "evil");
        });
        LayerLocation layer = kind == LayerWriterKind.Base ? Imports.NewBase : Imports.NewApp;
        LayerException e = Assert.Throws<LayerException>(() => Imports.Import(_machine.Hcs, layer, tar, kind));
        Assert.Contains("a file or a link", e.Message, StringComparison.Ordinal);
        Assert.Null(Imports.Read(_machine.Hcs, @"C:\Windows\evil.txt"));
        Imports.AssertNothingLeft(_machine);
    }

    [Fact]
    public void A_sparse_file_stays_one()
    {
        byte[] tar = Imports.Export(_machine.Hcs, Machines.Base, LayerReaderKind.Base);
        Imports.Import(_machine.Hcs, Imports.NewBase, tar, LayerWriterKind.Base);
        Assert.Equal(0x220u, _machine.Kernel32.GetFileAttributesW(New + @"Files\sparse.dat"));
    }

    [Fact]
    public void Folders_on_the_way_are_made_and_taken_back()
    {
        byte[] tar = Imports.Export(_machine.Hcs, Machines.Base, LayerReaderKind.Base);
        LayerLocation deep = new() { Id = @"C:\a\b\c" };
        LayerException e = Assert.Throws<LayerException>(() =>
            Imports.Import(_machine.Hcs, deep, tar[..9000], LayerWriterKind.Base));
        Assert.Contains("entries were written before", e.Message, StringComparison.Ordinal);
        Assert.Equal(uint.MaxValue, _machine.Kernel32.GetFileAttributesW(@"C:\a"));
    }
}
