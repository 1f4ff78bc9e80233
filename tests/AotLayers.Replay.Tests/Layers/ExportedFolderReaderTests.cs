using AotLayers.Hcs;
using AotLayers.Interop;
using AotLayers.Replay.Tests.Recordings;
using Xunit;

namespace AotLayers.Replay.Tests.Layers;

/// <summary>
/// The temporary transport folder is gone after success, failure, cancellation and half-way
/// (docs/windows/reading-a-layer.md#temporary-folder).
/// </summary>
public sealed class ExportedFolderReaderTests
{
    private readonly HcsMachine _machine = Machines.Samples([.. Machines.StreamingExports]);

    [Fact]
    public void Gone_after_success()
    {
        var reader = LayerReader.Open(_machine, Machines.App);
        Assert.Matches("^hcs[0-9]+$", Assert.Single(_machine.TemporaryFiles()));
        ExportSummary summary = LayerExporter.Export(reader, Stream.Null);
        Assert.Equal(2, summary.Tombstones);
        Assert.Empty(summary.Warnings);
        Assert.Empty(_machine.TemporaryFiles());
    }

    [Fact]
    public void Gone_half_way()
    {
        using (var reader = LayerReader.Open(_machine, Machines.App))
        {
            reader.GetNextEntry()!.OpenBackupStream().ReadByte();
        }

        Assert.Empty(_machine.TemporaryFiles());
    }

    [Fact]
    public void Gone_when_the_export_fails()
    {
        var layer = new LayerLocation { Id = @"C:\layers\unreadable", Parents = [@"C:\layers\base"] };
        LayerException e = Assert.Throws<LayerException>(() => LayerReader.Open(_machine, layer));
        Assert.Equal("ExportLayer", e.Call);
        Assert.StartsWith("hcsshim::ExportLayer failed in Win32: ", e.Message, StringComparison.Ordinal);
        Assert.Empty(_machine.TemporaryFiles());
    }

    [Theory]
    [InlineData("NameToGuid", "vmcompute")]
    [InlineData("ExportLayer", "vmcompute")]
    [InlineData("CreateFileW", "kernel32")]
    [InlineData("ReadFile", "kernel32")]
    public void Gone_when_a_call_fails(string function, string api)
    {
        uint code = api == "kernel32" ? 5u : 0x80070005;
        HcsMachine machine = _machine.Faulting(new FaultPlan().Fail(function, 1, code));
        LayerException e = Assert.Throws<LayerException>(() =>
        {
            using var reader = LayerReader.Open(machine, Machines.App);
            reader.Names();
        });
        Assert.Equal(function, e.Call);
        Assert.Equal(0x80070005u, e.Code);
        Assert.Empty(_machine.TemporaryFiles());
    }

    [Fact]
    public void Gone_after_a_cancellation()
    {
        using var cancellation = new CancellationTokenSource();
        var reader = LayerReader.Open(_machine, Machines.App, cancellationToken: cancellation.Token);
        reader.GetNextEntry();
        cancellation.Cancel();
        Assert.Throws<OperationCanceledException>(() => LayerExporter.Export(reader, Stream.Null, null, cancellation.Token));
        Assert.Empty(_machine.TemporaryFiles());
    }

    [Fact]
    public void A_cancelled_token_creates_nothing() =>
        Assert.Throws<OperationCanceledException>(() => LayerReader.Open(
            _machine,
            Machines.App,
            cancellationToken: new CancellationToken(canceled: true)));

    [Fact]
    public void A_folder_that_cannot_be_listed_while_it_is_removed_is_a_warning()
    {
        int listings = 0;
        byte[] recording = RecordingLab.Record(
            _machine,
            machine => LayerExporter.Export(LayerReader.Open(machine, Machines.App), Stream.Null));
        using var file = new MemoryStream(recording);
        listings = CallRecording.Load(file, "memory").Calls.Count(call => call.Function == "FindNextFileW");
        HcsMachine failing = _machine.Faulting(new FaultPlan().Fail("FindNextFileW", listings, 23));
        ExportSummary summary = LayerExporter.Export(LayerReader.Open(failing, Machines.App), Stream.Null);
        Assert.Contains("FindNextFileW", Assert.Single(summary.Warnings), StringComparison.Ordinal);
    }

    [Fact]
    public void A_folder_that_cannot_be_removed_is_a_warning()
    {
        HcsMachine machine = _machine.Faulting(new FaultPlan().Fail("RemoveDirectoryW", 1, 145));
        ExportSummary summary = LayerExporter.Export(LayerReader.Open(machine, Machines.App), Stream.Null);
        Assert.Contains("could not be removed", Assert.Single(summary.Warnings), StringComparison.Ordinal);
    }

    [Fact]
    public void The_export_is_the_same_whatever_the_sizes_of_reads()
    {
        string expected = LayerExporter.Export(LayerReader.Open(_machine, Machines.App), Stream.Null).DiffId!;
        HcsMachine small = Machines.Of(AotLayers.Replay.Tests.Simulator.SampleLayers.Load(
            new AotLayers.Simulator.SimulatorOptions { AbsentExports = Machines.StreamingExports, MaxReadBytes = 3 }));
        Assert.Equal(expected, LayerExporter.Export(LayerReader.Open(small, Machines.App), Stream.Null).DiffId);
    }
}
