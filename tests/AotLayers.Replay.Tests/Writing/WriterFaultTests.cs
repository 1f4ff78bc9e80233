using AotLayers.Hcs;
using AotLayers.Interop;
using AotLayers.Replay.Tests.Layers;
using AotLayers.Replay.Tests.Recordings;
using AotLayers.Replay.Tests.Simulator;
using AotLayers.Simulator;
using Xunit;

namespace AotLayers.Replay.Tests.Writing;

/// <summary>
/// Calls of an import fail, one at a time, for each writer: the error names the call, and nothing is open or left; what cannot be removed
/// because of that very failure is told.
/// </summary>
public sealed class WriterFaultTests
{
    [Theory]
    [InlineData(LayerWriterKind.Stream)]
    [InlineData(LayerWriterKind.Folder)]
    [InlineData(LayerWriterKind.Base)]
    public void Any_call_may_fail(LayerWriterKind kind)
    {
        (LayerLocation layer, byte[] tar) = Sample(kind);
        List<string> calls = Calls(layer, tar, kind);
        Assert.True(calls.Count > 8, $"{calls.Count} calls");
        SimulatedMachine good = SampleLayers.Load();
        Imports.Import(good.Hcs, layer, tar, kind);
        byte[] whole = Export(good, layer);
        for (int call = 1; call <= calls.Count; call++)
        {
            string? problem = Check(layer, tar, kind, call, calls[call - 1], whole);
            Assert.True(problem is null, $"{kind}, call {call} of {calls.Count}, {calls[call - 1]}: {problem}");
        }
    }

    /// <summary>Where the user stops it makes no difference.</summary>
    [Theory]
    [InlineData(LayerWriterKind.Stream)]
    [InlineData(LayerWriterKind.Folder)]
    [InlineData(LayerWriterKind.Base)]
    public void A_cancelled_import_leaves_nothing(LayerWriterKind kind)
    {
        (LayerLocation layer, byte[] tar) = Sample(kind);
        int entries = Imports.List(tar).Count;
        for (int entry = 1; entry <= entries; entry += 3)
        {
            SimulatedMachine machine = SampleLayers.Load();
            using var cancellation = new CancellationTokenSource();
            var options = new ImportOptions { Progress = new CancelAt(cancellation, entry) };
            Assert.Throws<OperationCanceledException>(() => LayerImporter.Import(
                machine.Hcs, layer, new MemoryStream(tar), "x.tar", options, kind, cancellation.Token));
            Imports.AssertNothingLeft(machine);
        }
    }

    [Theory]
    [InlineData(LayerWriterKind.Stream)]
    [InlineData(LayerWriterKind.Folder)]
    [InlineData(LayerWriterKind.Base)]
    public void A_cut_archive_leaves_nothing(LayerWriterKind kind)
    {
        (LayerLocation layer, byte[] tar) = Sample(kind);
        for (int length = 0; length < tar.Length - 1024; length += tar.Length / 23)
        {
            SimulatedMachine machine = SampleLayers.Load();
            LayerException e = Assert.Throws<LayerException>(() => Imports.Import(machine.Hcs, layer, tar[..length], kind));
            Assert.Contains("nothing was imported", e.Message, StringComparison.Ordinal);
            Imports.AssertNothingLeft(machine);
        }
    }

    private static string? Check(LayerLocation layer, byte[] tar, LayerWriterKind kind, int call, string function, byte[] whole)
    {
        SimulatedMachine machine = SampleLayers.Load();
        string? problem = null;
        byte[] recording = RecordingLab.Record(machine.Hcs.Faulting(new FaultPlan().FailCall(call, 0x80070005)), recorded =>
        {
            try
            {
                ImportSummary summary = Imports.Import(recorded, layer, tar, kind);

                // What only tidies up behind reading may fail without being the import's failure.
                problem = !Export(machine, layer).AsSpan().SequenceEqual(whole) ? "another layer without an error"
                    : machine.Hcs.TemporaryFiles().Count > 0 && summary.Warnings.Count == 0 ? "a temporary folder without a warning"
                    : null;
            }
            catch (LayerException e)
            {
                string name = function is "SetFileBasicInfo" ? "SetFileInformationByHandle"
                    : function.StartsWith("GetFile", StringComparison.Ordinal) && function.EndsWith("Info", StringComparison.Ordinal)
                        ? "GetFileInformationByHandleEx"
                    : function;
                problem = e.Call != name || e.Code != 0x80070005 ? $"the error names {e.Call} and 0x{e.Code:x}: {e.Message}"
                    : e.Context.Layer != layer.Path ? "the error does not name the layer"
                    : machine.Layers.Contains("new") ? "a layer is left"
                    : machine.Kernel32.GetFileAttributesW(layer.Path) != uint.MaxValue ? "a folder is left"
                    : machine.Kernel32.GetFileAttributesW(layer.Path + ".importing") != uint.MaxValue ? "the mark is left"
                    : machine.Hcs.TemporaryFiles().Count > 0 ? "the temporary folder is left"
                    : null;
            }
        });
        if (machine.Kernel32.OpenHandles + machine.Vmcompute.OpenContexts > 0 && function != "CloseHandle" && function != "FindClose")
        {
            return "a handle is open";
        }

        if (problem is not null)
        {
            return problem;
        }

        using var file = new MemoryStream(recording);
        return RecordingCheck.Run(CallRecording.Load(file, "memory"), [VmcomputeApi.Info, Kernel32Api.Info])
            .FirstOrDefault(finding => function is not ("CloseHandle" or "FindClose"))?.Message;
    }

    private static byte[] Export(SimulatedMachine machine, LayerLocation layer)
    {
        using var output = new MemoryStream();
        LayerExporter.Export(LayerReader.Open(machine.Hcs, layer, LayerReaderKind.Stream), output);
        return output.ToArray();
    }

    private static (LayerLocation Layer, byte[] Tar) Sample(LayerWriterKind kind) => kind == LayerWriterKind.Base
        ? (Imports.NewBase, SampleTars.WithoutParent())
        : kind == LayerWriterKind.Folder ? (Imports.NewApp, SampleTars.WithParent())
        : (Imports.NewApp, SampleTars.WithoutLinks());

    private static List<string> Calls(LayerLocation layer, byte[] tar, LayerWriterKind kind)
    {
        using var file = new MemoryStream(RecordingLab.Record(
            SampleLayers.Load().Hcs, machine => Imports.Import(machine, layer, tar, kind)));
        return [.. CallRecording.Load(file, "memory").Calls.Select(call => call.Function)];
    }

    private sealed class CancelAt(CancellationTokenSource cancellation, long count) : IProgress<ImportProgress>
    {
        public void Report(ImportProgress value)
        {
            if (value.Entries >= count)
            {
                cancellation.Cancel();
            }
        }
    }
}
