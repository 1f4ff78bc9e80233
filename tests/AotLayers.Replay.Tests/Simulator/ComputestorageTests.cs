using AotLayers.Replay.Tests.Recordings;
using AotLayers.Simulator;
using Xunit;

namespace AotLayers.Replay.Tests.Simulator;

/// <summary>
/// The documented storage calls, with the refusals that were measured on Windows (docs/windows/computestorage.md#behaviour).
/// </summary>
public sealed class ComputestorageTests
{
    private const string Id = "00000000-0000-0000-0000-000000000000";
    private const string OnBase = $$"""{"SchemaVersion":{"Major":2,"Minor":1},"Layers":[{"Id":"{{Id}}","Path":"C:\\layers\\base"}]}""";

    [Fact]
    public void Writable_layer_is_initialised_attached_and_detached()
    {
        SimulatedMachine machine = SampleLayers.Load();
        SimulatedComputestorage storage = machine.Computestorage;
        const string Box = @"C:\layers\box";
        Assert.Equal(0x80070003, (uint)storage.HcsInitializeWritableLayer(Box, "not JSON", ""));
        Assert.Equal(0x80070003, (uint)storage.HcsInitializeWritableLayer(Box, "{}", ""));
        Assert.Equal(0, storage.HcsInitializeWritableLayer(Box, OnBase, ""));
        Assert.Equal(0x800700B7, (uint)storage.HcsInitializeWritableLayer(Box, OnBase, null));
        Assert.Equal(0x80070490, (uint)storage.HcsDetachLayerStorageFilter(Box));
        Assert.Equal(0x80070057, (uint)storage.HcsAttachLayerStorageFilter(Box, OnBase.Replace("base", "app", StringComparison.Ordinal)));
        Assert.Equal(0, storage.HcsAttachLayerStorageFilter(Box, OnBase));
        Assert.Equal(0x80070020, (uint)storage.HcsDestroyLayer(Box));

        nint disk = machine.Kernel32.CreateFileW(Box + @"\sandbox.vhdx", 0x80000000, 1, 0, 3, 0x02200000, 0);
        Assert.Equal(0, storage.HcsGetLayerVhdMountPath(disk, out string? path));
        Assert.StartsWith(@"\\?\Volume{", path, StringComparison.Ordinal);
        Assert.Equal(0, storage.HcsFormatWritableLayerVhd(disk));
        Assert.Equal(0x80070006, (uint)storage.HcsFormatWritableLayerVhd(1));
        machine.Kernel32.CloseHandle(disk);

        Assert.Equal(0, storage.HcsAttachOverlayFilter(path!, OnBase));
        Assert.Equal(0x800700B7, (uint)storage.HcsAttachOverlayFilter(path!, OnBase));
        Assert.Equal(0, storage.HcsDetachOverlayFilter(path!, """{"FilterType":"UnionFS"}"""));
        Assert.Equal(0, storage.HcsDetachLayerStorageFilter(Box));
        Assert.Equal(0, storage.HcsDestroyLayer(Box));
        Assert.Equal(0x80070003, (uint)storage.HcsAttachOverlayFilter(@"C:\layers\scratch", OnBase));
    }

    [Fact]
    public void Base_layer_is_set_up_once()
    {
        using var layers = new LayerDirectory();
        layers.WithFile("new/Files/a.txt", "a").WithFile("new/UtilityVM/Files/b.txt", "b");
        SimulatedMachine machine = layers.Load();
        SimulatedComputestorage storage = machine.Computestorage;
        Assert.Equal(0x8007000D, (uint)storage.HcsSetupBaseOSLayer(@"C:\layers\new", 0, """{"Type":"Other"}"""));
        Assert.Equal(0x8007001F, (uint)storage.HcsSetupBaseOSLayer(@"C:\layers\new\UtilityVM\Files", 0, """{"Type":"Vm"}"""));
        Assert.Equal(0, storage.HcsSetupBaseOSLayer(@"C:\layers\new\UtilityVM", 0, """{"Type":"Vm"}"""));
        Assert.Equal(0, storage.HcsSetupBaseOSVolume(@"C:\layers\new", @"C:\", """{"Type":"Container"}"""));
        Assert.Equal(0, storage.HcsSetupBaseOSLayer(@"C:\layers\new", 0, """{"Type":"Container"}"""));
        Assert.Equal(0x80070050, (uint)storage.HcsSetupBaseOSLayer(@"C:\layers\new", 0, """{"Type":"Container"}"""));
        Assert.Equal(0x80070050, (uint)storage.HcsSetupBaseOSVolume(@"C:\layers\new", @"C:\", ""));
        Assert.NotEqual(uint.MaxValue, machine.Kernel32.GetFileAttributesW(@"C:\layers\new\Hives\SYSTEM_BASE"));
        Assert.NotEqual(uint.MaxValue, machine.Kernel32.GetFileAttributesW(@"C:\layers\new\UtilityVM\SystemTemplate.vhdx"));
    }

    [Fact]
    public void Import_wants_a_complete_transport_folder()
    {
        using var transport = new TempFolder();
        Directory.CreateDirectory(transport.File("Files"));
        SimulatedComputestorage storage = SampleLayers.Load().Computestorage;
        Assert.Equal(0x80070003, (uint)storage.HcsImportLayer("new", transport.Path, OnBase));
        Directory.CreateDirectory(transport.File("Hives"));
        File.WriteAllText(transport.File("tombstones.txt"), "\ufeffVersion 1.0\n");
        Assert.Equal(0, storage.HcsImportLayer("new", transport.Path, OnBase));
    }

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("""{"Layer":[]}""")]
    [InlineData("""{"Layers":[{"Id":"x","Path":"C:\\layers\\base"}]}""")]
    [InlineData("""{"Layers":[{"Id":"00000000-0000-0000-0000-000000000000"}]}""")]
    public void Document_with_other_names_is_refused(string document) =>
        Assert.Equal(0x8007000D, (uint)SampleLayers.Load().Computestorage.HcsExportLayer("app", @"C:\x", document, ""));
}
