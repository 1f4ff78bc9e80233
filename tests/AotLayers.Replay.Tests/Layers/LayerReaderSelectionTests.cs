using AotLayers.Hcs;
using AotLayers.Interop;
using AotLayers.Replay.Tests.Simulator;
using AotLayers.Simulator;
using Xunit;

namespace AotLayers.Replay.Tests.Layers;

/// <summary>
/// Which reader a layer gets (docs/windows/reading-a-layer.md#which-reader), and that the machine looks the same afterwards.
/// </summary>
public sealed class LayerReaderSelectionTests
{
    [Fact]
    public void Streaming_where_the_exports_are()
    {
        HcsMachine machine = Machines.Samples();
        Assert.Equal("stream", Kind(machine, Machines.App));
        Assert.Equal("stream", Kind(machine, Machines.Base));
    }

    [Fact]
    public void Folder_for_a_layer_with_parents_and_base_for_one_without_where_they_are_not()
    {
        HcsMachine machine = Machines.Samples([.. Machines.StreamingExports]);
        Assert.Equal("folder", Kind(machine, Machines.App));
        Assert.Equal("base", Kind(machine, Machines.Base));
        Assert.Empty(machine.TemporaryFiles());
    }

    [Theory]
    [InlineData(LayerReaderKind.Stream, "stream")]
    [InlineData(LayerReaderKind.Folder, "folder")]
    public void A_wish_is_followed(LayerReaderKind wish, string kind) => Assert.Equal(kind, Kind(Machines.Samples(), Machines.App, wish));

    [Fact]
    public void A_wish_for_exports_that_are_not_there_is_told_as_such()
    {
        HcsMachine machine = Machines.Of(SampleLayers.Load(new SimulatorOptions { AbsentExports = Machines.StreamingExports }))
            .Faulting(new FaultPlan());
        Assert.ThrowsAny<Exception>(() => LayerReader.Open(machine, Machines.App, LayerReaderKind.Stream));
    }

    [Fact]
    public void The_base_reader_refuses_parents()
    {
        LayerException e = Assert.Throws<LayerException>(() => LayerReader.Open(Machines.Samples(), Machines.App, LayerReaderKind.Base));
        Assert.Contains("without parents", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_driver_info_form_names_home_and_id()
    {
        var layer = new LayerLocation { Id = "base", Driver = new DriverInfo { Flavour = 1, HomeDir = @"C:\layers\" } };
        using var reader = LayerReader.Open(Machines.Samples(), layer, LayerReaderKind.Base);
        Assert.Equal("Files", reader.GetNextEntry()!.Name);
    }

    [Theory]
    [InlineData("")]
    [InlineData("C:\\layers\\a\0b")]
    public void Impossible_paths_are_refused(string layer) =>
        Assert.Throws<ArgumentException>(() => LayerReader.Open(Machines.Samples(), new LayerLocation { Id = layer }));

    private static string Kind(HcsMachine machine, LayerLocation layer, LayerReaderKind kind = LayerReaderKind.Auto)
    {
        using var reader = LayerReader.Open(machine, layer, kind);
        Assert.NotEmpty(reader.Names());
        return reader.Kind;
    }
}
