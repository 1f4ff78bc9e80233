using System.Text.Json;
using AotLayers.Hcs;
using AotLayers.Interop;
using AotLayers.Replay.Tests.Recordings;
using Xunit;

namespace AotLayers.Replay.Tests.Layers;

/// <summary>The second library: its documents, the same layer by it, and which one is taken when nobody says.</summary>
public sealed class StorageApiTests
{
    private static readonly Guid s_id = Guid.Parse("bd9c3ef9-f239-59b5-a27e-15c523b1d149");

    [Fact]
    public void Documents_have_the_names_that_Windows_reads()
    {
        LayerDescriptor[] parents = [new() { Id = s_id, Path = @"C:\layers\Grüße+<1>" }];
        Assert.Equal(
            """
            {"SchemaVersion":{"Major":2,"Minor":1},"Layers":[{"Id":"bd9c3ef9-f239-59b5-a27e-15c523b1d149","Path":"PATH","PathType":"AbsolutePath"}]}
            """.Replace("PATH", @"C:\\layers\\Grüße+<1>", StringComparison.Ordinal),
            StorageDocuments.LayerData(parents));
        Assert.Equal("""{"SchemaVersion":{"Major":2,"Minor":1}}""", StorageDocuments.LayerData([]));
        Assert.Equal("""{"IsWritableLayer":true}""", StorageDocuments.ExportLayerOptions(true));
        Assert.Equal("{}", StorageDocuments.ExportLayerOptions(false));
    }

    [Fact]
    public void Path_that_JSON_cannot_carry_is_refused() => Assert.All(
        new[] { "x\ud800", "\udc00", "a\ud800b" },
        path => Assert.Throws<ArgumentException>(() => StorageDocuments.LayerData([new LayerDescriptor { Path = path }])));

    [Fact]
    public void Layer_is_the_same_by_both_libraries()
    {
        string? expected = Export(Machines.Samples([.. Machines.StreamingExports]), StorageApi.Vmcompute, out List<string> vmcompute);
        Assert.Equal(expected, Export(Machines.Samples(), StorageApi.Computestorage, out List<string> computestorage));
        Assert.Contains("ExportLayer", vmcompute);
        Assert.Contains("HcsExportLayer", computestorage);
        Assert.DoesNotContain("ExportLayer", computestorage);
    }

    [Theory]
    [InlineData(StorageApi.Auto, "", "ExportLayer")]
    [InlineData(StorageApi.Auto, "HcsExportLayer", "ExportLayer")]
    [InlineData(StorageApi.Auto, "ExportLayer", "HcsExportLayer")]
    [InlineData(StorageApi.Computestorage, "", "HcsExportLayer")]
    public void Auto_takes_vmcompute_where_it_has_the_call(StorageApi api, string absent, string expected)
    {
        Export(Machines.Samples([.. Machines.StreamingExports, absent]), api, out List<string> calls);
        Assert.Contains(expected, calls);
    }

    [Theory]
    [InlineData(StorageApi.Vmcompute, "ExportLayer")]
    [InlineData(StorageApi.Computestorage, "HcsExportLayer")]
    [InlineData(StorageApi.Auto, "ExportLayer")]
    public void Call_that_neither_or_the_wanted_library_lacks_is_named(StorageApi api, string named)
    {
        HcsMachine machine = Machines.Samples([.. Machines.StreamingExports, "ExportLayer", "HcsExportLayer"]);
        Assert.Equal(named, Assert.Throws<MissingExportException>(() => Export(machine, api, out _)).Export);
        Assert.Empty(machine.TemporaryFiles());
    }

    [Fact]
    public void Failure_names_the_call_of_the_library_that_was_used()
    {
        HcsMachine machine = Machines.Samples().Faulting(new FaultPlan().Fail("HcsExportLayer", 1, 0x80070005));
        LayerException e = Assert.Throws<LayerException>(() => Export(machine, StorageApi.Computestorage, out _));
        Assert.Equal(("HcsExportLayer", 0x80070005u), (e.Call, e.Code));
        Assert.Equal([@"C:\layers\base"], e.Context.Parents);
        Assert.Empty(machine.TemporaryFiles());
    }

    [Fact]
    public void Parents_in_the_document_are_those_of_the_layer()
    {
        byte[] file = RecordingLab.Record(Machines.Samples(), machine =>
        {
            var layer = new LayerLocation { Id = @"C:\layers\deletions", Parents = [@"C:\layers\app", @"C:\layers\base"] };
            using var reader = LayerReader.Open(machine, layer with { Api = StorageApi.Computestorage });
        });
        using var stream = new MemoryStream(file);
        RecordedCall call = CallRecording.Load(stream, "memory").Calls.Single(call => call.Function == "HcsExportLayer");
        using var document = JsonDocument.Parse(call.In.GetProperty("layerData").GetString()!);
        Assert.Equal(
            [@"C:\layers\app", @"C:\layers\base"],
            document.RootElement.GetProperty("Layers").EnumerateArray().Select(layer => layer.GetProperty("Path").GetString()));
    }

    [Fact]
    public void Layer_is_looked_for_and_removed_without_vmcompute()
    {
        HcsMachine machine = Machines.Samples("LayerExists", "DestroyLayer");
        var steps = new List<LayerStep>();
        var layer = new Layer(
            machine,
            new LayerLocation { Id = @"C:\layers\scratch", Api = StorageApi.Computestorage },
            new LayerLifecycleOptions { Log = steps.Add });
        Assert.True(layer.Exists());
        layer.Remove();
        Assert.False(layer.Exists());
        Assert.Equal(["HcsDestroyLayer"], steps.Select(step => step.Call));
    }

    private static string? Export(HcsMachine machine, StorageApi api, out List<string> calls)
    {
        string? diffId = null;
        byte[] file = RecordingLab.Record(machine, recorded =>
        {
            using var reader = LayerReader.Open(recorded, Machines.App with { Api = api });
            diffId = LayerExporter.Export(reader, Stream.Null).DiffId;
        });
        using var stream = new MemoryStream(file);
        calls = [.. CallRecording.Load(stream, "memory").Calls.Select(call => call.Function)];
        return diffId;
    }
}
