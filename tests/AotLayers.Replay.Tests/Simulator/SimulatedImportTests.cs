using AotLayers.Hcs;
using AotLayers.Simulator;
using Xunit;

namespace AotLayers.Replay.Tests.Simulator;

/// <summary>What is exported and imported again is the same layer.</summary>
public class SimulatedImportTests
{
    [Fact]
    public unsafe void Streaming_import_makes_the_same_layer()
    {
        SimulatedMachine machine = SampleLayers.Load();
        DriverInfo info = DriverInfo.FullPaths;
        List<ExportedEntry> entries = SampleLayers.Export(machine, "app", "base");
        Assert.Equal(
            0,
            machine.Vmcompute.ImportLayerBegin(in info, @"C:\layers\copy", SampleLayers.Parents(machine, "base"), 1, out nint context));
        foreach (ExportedEntry entry in entries)
        {
            FileBasicInfo basic = entry.Info;
            Assert.Equal(0, machine.Vmcompute.ImportLayerNext(context, entry.Name, entry.Deleted ? null : &basic));
            Assert.Equal(0, machine.Vmcompute.ImportLayerWrite(context, entry.Stream, (uint)entry.Stream.Length));
        }

        Assert.Equal(0, machine.Vmcompute.ImportLayerEnd(context));
        SameLayer.Check(entries, SampleLayers.Export(machine, "copy", "base"));
    }

    [Fact]
    public void Folder_import_makes_the_same_layer()
    {
        SimulatedMachine machine = SampleLayers.Load();
        DriverInfo info = DriverInfo.FullPaths;
        LayerDescriptor[] parents = SampleLayers.Parents(machine, "base");
        const string Folder = @"C:\Windows\SystemTemp\transport";
        Assert.Equal(0, machine.Vmcompute.ExportLayer(in info, @"C:\layers\app", Folder, parents, 1));
        Assert.Equal(0, machine.Vmcompute.ImportLayer(in info, @"C:\layers\copy", Folder, parents, 1));

        // A hard link arrives as a file of its own, which no stream shows.
        SameLayer.Check(SampleLayers.Export(machine, "app", "base"), SampleLayers.Export(machine, "copy", "base"));
        Assert.Equal(0x800700B7, (uint)machine.Vmcompute.ImportLayer(in info, @"C:\layers\copy", Folder, parents, 1));
    }

    [Fact]
    public void Documented_calls_export_and_import_a_folder()
    {
        const string Parents =
            """{"SchemaVersion":{"Major":2,"Minor":1},"Layers":[{"Id":"00000000-0000-0000-0000-000000000000","Path":"C:\\layers\\base"}]}""";
        const string Folder = @"C:\Windows\SystemTemp\transport";
        SimulatedMachine machine = SampleLayers.Load();
        SimulatedComputestorage storage = machine.Computestorage;
        Assert.Equal(0x80070057, (uint)storage.HcsExportLayer(@"C:\layers\base", Folder, "{}", ""));
        Assert.Equal(0x8007000D, (uint)storage.HcsExportLayer(@"C:\layers\app", Folder, "not JSON", ""));
        Assert.Equal(0, storage.HcsExportLayer(@"C:\layers\app", Folder, Parents, ""));
        Assert.Equal(0, storage.HcsImportLayer(@"C:\layers\copy", Folder, Parents));
        SameLayer.Check(SampleLayers.Export(machine, "app", "base"), SampleLayers.Export(machine, "copy", "base"));
        Assert.Equal(0, storage.HcsDestroyLayer(@"C:\layers\copy"));
        Assert.Equal(0x80070003, (uint)storage.HcsDestroyLayer(@"C:\layers\copy"));
        SimulatedComputestorage older =
            SampleLayers.Load(new AotLayers.Simulator.SimulatorOptions { AbsentExports = ["HcsFormatWritableLayerVhd"] }).Computestorage;
        Assert.Throws<AotLayers.Interop.MissingExportException>(() => older.HcsFormatWritableLayerVhd(0));
    }

    [Fact]
    public unsafe void Misuse_is_refused()
    {
        SimulatedMachine machine = SampleLayers.Load();
        DriverInfo info = DriverInfo.FullPaths;
        var basic = new FileBasicInfo { FileAttributes = 0x20 };
        machine.Vmcompute.ImportLayerBegin(in info, "new", [], 0, out nint context);
        Assert.Equal(0, machine.Vmcompute.ImportLayerNext(context, @"\Files\orphan.txt", &basic));
        Assert.Equal(0x80070003, (uint)machine.Vmcompute.ImportLayerEnd(context));
        Assert.Equal(0x80070006, (uint)machine.Vmcompute.ImportLayerEnd(context));
        machine.Vmcompute.ImportLayerBegin(in info, "new", [], 0, out context);
        Assert.Equal(0x8007007B, (uint)machine.Vmcompute.ImportLayerNext(context, @"\..\escape", &basic));
        machine.Vmcompute.ImportLayerEnd(context);
        machine.Vmcompute.LayerExists(in info, "new", out uint exists);
        Assert.Equal(0u, exists);
    }
}
