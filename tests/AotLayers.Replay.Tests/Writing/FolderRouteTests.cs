using AotLayers.Formats;
using AotLayers.Hcs;
using AotLayers.Replay.Tests.Layers;
using AotLayers.Replay.Tests.Simulator;
using AotLayers.Simulator;
using Xunit;

namespace AotLayers.Replay.Tests.Writing;

/// <summary>Layers with parents, by a transport folder and ImportLayer.</summary>
public sealed class FolderRouteTests
{
    private const string New = @"C:\layers\new\";
    private const string BootFolder = @"UtilityVM\Files\EFI\Microsoft\Boot\";
    private readonly SimulatedMachine _machine = SampleLayers.Load();

    [Theory]
    [InlineData("app", "base")]
    [InlineData("deletions", "app", "base")]
    public void The_imported_layer_exports_as_the_same_tar(string layer, params string[] parents)
    {
        string[] paths = [.. parents.Select(parent => @"C:\layers\" + parent)];
        LayerLocation source = new() { Id = @"C:\layers\" + layer, Parents = paths };
        LayerLocation target = source with { Id = Imports.NewApp.Id };
        byte[] tar = Imports.Export(_machine.Hcs, source, LayerReaderKind.Folder);
        ImportSummary summary = Imports.Import(_machine.Hcs, target, tar, LayerWriterKind.Folder);
        Assert.Equal("folder", summary.Writer);
        Imports.AssertWhole(_machine);

        // Of the sample's tombstones some hide nothing, and so are none.
        string[] needless =
            [.. summary.Warnings.Select(warning => warning[..warning.IndexOf(": the tombstone", StringComparison.Ordinal)])];
        Assert.Equal(
            Imports.List(tar).Where(line => !needless.Any(name => line.StartsWith($"Tombstone {name} ", StringComparison.Ordinal))),
            Imports.List(Imports.Export(_machine.Hcs, target, LayerReaderKind.Folder)));
        Assert.True(needless.Length < summary.Tombstones || layer == "app");
    }

    [Fact]
    public void Where_the_streaming_calls_are_missing_it_is_the_writer()
    {
        HcsMachine machine = Machines.Samples([.. Machines.StreamingExports, "ImportLayerBegin"]);
        byte[] tar = Imports.Export(machine, Machines.App, LayerReaderKind.Auto);
        Assert.Equal("folder", Imports.Import(machine, Imports.NewApp, tar, LayerWriterKind.Auto).Writer);
    }

    [Fact]
    public void Links_lead_to_the_layer_or_to_the_nearest_parent_that_has_the_file()
    {
        byte[] tar = Imports.Tar(tar =>
        {
            tar.Directory("Files");
            tar.Directory("Files/Windows");
            tar.File("Files/own.txt", "own");
            tar.HardLink("Files/Windows/again.txt", "Files/own.txt");
            tar.HardLink("Files/parents.bin", "Files/Windows/System32/kernel.bin");
            tar.HardLink("Files/Windows/license.txt", "Files/License.txt");
            tar.HardLink("Files/license.TXT", "Files/License.txt");
        });
        long before = Info(@"C:\layers\base\Files\License.txt").ChangeTime;
        Imports.Import(_machine.Hcs, Imports.NewApp, tar, LayerWriterKind.Folder);
        Imports.AssertWhole(_machine);
        Assert.Equal(2u, Imports.Links(_machine.Hcs, New + @"Files\own.txt").Links);
        Assert.Equal(
            Imports.Links(_machine.Hcs, New + @"Files\own.txt"), Imports.Links(_machine.Hcs, New + @"Files\Windows\again.txt"));
        Assert.Equal("simulated\n", Imports.Read(_machine.Hcs, New + @"Files\Windows\license.txt"));
        Assert.Equal(
            Imports.Links(_machine.Hcs, New + @"Files\Windows\license.txt"), Imports.Links(_machine.Hcs, New + @"Files\license.TXT"));
        Assert.Equal(4u, Imports.Links(_machine.Hcs, @"C:\layers\base\Files\Windows\System32\kernel.bin").Links);
        Assert.Equal(before, Info(@"C:\layers\base\Files\License.txt").ChangeTime);
    }

    [Theory]
    [InlineData("Files/x", "Files/nowhere", "neither the layer nor a parent has")]
    [InlineData("Files/x", "Hives/System_Delta", "below Files and UtilityVM")]
    [InlineData("Hives/x", "Files/License.txt", "below Files and UtilityVM")]
    public void A_link_that_cannot_be_is_told(string name, string target, string words)
    {
        byte[] tar = Imports.Tar(tar =>
        {
            tar.Directory("Files");
            tar.Directory("Hives");
            tar.HardLink(name, target);
        });
        LayerException e = Assert.Throws<LayerException>(() =>
            Imports.Import(_machine.Hcs, Imports.NewApp, tar, LayerWriterKind.Folder));
        Assert.Contains(words, e.Message, StringComparison.Ordinal);
        Assert.Equal(WindowsPath.FromSlash(name), e.Context.Entry);
        Imports.AssertNothingLeft(_machine);
    }

    [Fact]
    public void Tombstones_hide_what_the_parents_have_and_a_needless_one_is_told()
    {
        byte[] tar = Imports.Tar(tar =>
        {
            tar.Directory("Files");
            tar.File("Files/.wh.License.txt");
            tar.File("Files/.wh.Users");
            tar.File("Files/.wh.nothing");
        });
        ImportSummary summary = Imports.Import(_machine.Hcs, Imports.NewApp, tar, LayerWriterKind.Folder);
        Assert.Contains(@"Files\nothing: the tombstone hides nothing", Assert.Single(summary.Warnings), StringComparison.Ordinal);
        using var reader = LayerReader.Open(_machine.Hcs, Imports.NewApp, LayerReaderKind.Folder);
        List<string> names = reader.Names();
        Assert.Contains(@"-Files\License.txt", names);
        Assert.Contains(@"-Files\Users", names);
        Assert.DoesNotContain(@"-Files\nothing", names);
    }

    [Fact]
    public void Directories_have_their_times_after_all_that_was_made_in_them()
    {
        byte[] tar = Imports.Tar(tar =>
        {
            tar.WriteHeader(new TarHeader
            {
                Name = "Files",
                TypeFlag = TarTypeFlag.Directory,
                ModificationTime = 1_500_000_000_000_000_000,
            });
            tar.File("Files/a.txt");
            tar.HardLink("Files/b.txt", "Files/a.txt");
            tar.File("Files/.wh.License.txt");
        });
        Imports.Import(_machine.Hcs, Imports.NewApp, tar, LayerWriterKind.Folder);
        Assert.Equal(FileTime.FromUnixNanoseconds(1_500_000_000_000_000_000), Info(New + "Files").LastWriteTime);
    }

    /// <summary>The parent's boot configuration is not changed with the layer's, and what a link shares is not written to.</summary>
    [Fact]
    public void A_utility_vm_begins_as_the_parents_and_leaves_that_alone()
    {
        byte[] before = Imports.Export(_machine.Hcs, Machines.Base, LayerReaderKind.Base);
        string boot = Imports.Read(_machine.Hcs, @"C:\layers\base\" + BootFolder + "BCD")!;
        byte[] tar = Imports.Tar(tar =>
        {
            tar.Directory("Files");
            tar.Directory("UtilityVM");
            tar.Directory("UtilityVM/Files");
            tar.Directory("UtilityVM/Files/Windows");
            tar.Directory("UtilityVM/Files/Windows/System32");
            tar.File("UtilityVM/Files/Windows/System32/new.bin", "new");
        });
        Imports.Import(_machine.Hcs, Imports.NewApp, tar, LayerWriterKind.Folder);
        Imports.AssertWhole(_machine);
        const string Shared = @"UtilityVM\Files\Windows\System32\kernel.bin";
        Assert.Equal(Imports.Links(_machine.Hcs, @"C:\layers\base\" + Shared).Id, Imports.Links(_machine.Hcs, New + Shared).Id);
        Assert.Equal(boot + "processed", Imports.Read(_machine.Hcs, New + BootFolder + "BCD"));
        Assert.Equal(boot, Imports.Read(_machine.Hcs, @"C:\layers\base\" + BootFolder + "BCD"));
        Assert.Equal("new", Imports.Read(_machine.Hcs, New + @"UtilityVM\Files\Windows\System32\new.bin"));
        Assert.Equal(before, Imports.Export(_machine.Hcs, Machines.Base, LayerReaderKind.Base));
    }

    [Fact]
    public void A_changed_and_a_deleted_file_of_the_utility_vm_are_the_layers_alone()
    {
        string kernel = Imports.Read(_machine.Hcs, @"C:\layers\base\UtilityVM\Files\Windows\System32\kernel.bin")!;
        byte[] tar = Imports.Tar(tar =>
        {
            tar.Directory("Files");
            tar.Directory("UtilityVM");
            tar.Directory("UtilityVM/Files");
            tar.Directory("UtilityVM/Files/EFI");
            tar.Directory("UtilityVM/Files/EFI/Microsoft");
            tar.Directory("UtilityVM/Files/EFI/Microsoft/Boot");
            tar.File("UtilityVM/Files/EFI/Microsoft/Boot/BCD", "boot");
            tar.File("UtilityVM/Files/EFI/Microsoft/Boot/BCD.LOG", "log");
            tar.File("UtilityVM/Files/.wh.Windows");
            tar.File("UtilityVM/Files/Windows", "a file in its place");
        });
        Imports.Import(_machine.Hcs, Imports.NewApp, tar, LayerWriterKind.Folder);
        Assert.Equal("bootprocessed", Imports.Read(_machine.Hcs, New + BootFolder + "BCD"));
        Assert.Equal(("boot", "log"), (Imports.Read(_machine.Hcs, New + "bcd.bak"), Imports.Read(_machine.Hcs, New + "bcd.log.bak")));
        Assert.Equal("a file in its place", Imports.Read(_machine.Hcs, New + @"UtilityVM\Files\Windows"));
        Assert.Equal(kernel, Imports.Read(_machine.Hcs, @"C:\layers\base\UtilityVM\Files\Windows\System32\kernel.bin"));
    }

    [Theory]
    [InlineData("Other", "and nothing else")]
    [InlineData("Files/dir.$wcidirs$", "no place for a name that ends with .$wcidirs$")]
    [InlineData("Files/DIR.$WCIDIRS$/x", "does not come before it")]
    [InlineData("UtilityVM/x", "and nothing else")]
    [InlineData("UtilityVM/Files/Windows/System32/../../x", "'..' part")]
    public void An_entry_without_a_place_imports_nothing(string name, string words)
    {
        byte[] tar = Imports.Tar(tar =>
        {
            tar.Directory("Files");
            tar.Directory("UtilityVM");
            tar.File(name);
        });
        LayerException e = Assert.Throws<LayerException>(() =>
            Imports.Import(_machine.Hcs, Imports.NewApp, tar, LayerWriterKind.Folder));
        Assert.Contains(words, e.Message, StringComparison.Ordinal);
        Imports.AssertNothingLeft(_machine);
    }

    private FileBasicInfo Info(string path)
    {
        nint file = _machine.Kernel32.CreateFileW(path, 0x80, 7, 0, 3, 0x02200000, 0);
        Assert.NotEqual(-1, file);
        Assert.NotEqual(0, _machine.Kernel32.GetFileBasicInfo(file, 0, out FileBasicInfo info, 40));
        _machine.Kernel32.CloseHandle(file);
        return info;
    }
}
