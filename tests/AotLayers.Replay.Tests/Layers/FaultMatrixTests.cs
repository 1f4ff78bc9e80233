using AotLayers.Hcs;
using AotLayers.Interop;
using AotLayers.Replay.Tests.Recordings;
using Xunit;

namespace AotLayers.Replay.Tests.Layers;

/// <summary>
/// Calls of an export fail, one at a time, for every reader. Whatever fails: the error is one of the layer and names the call, no output
/// appears, every handle is ended once, and nothing stays in the temporary folder but what could not be removed.
/// </summary>
public sealed class FaultMatrixTests
{
    [Theory]
    [InlineData(LayerReaderKind.Stream)]
    [InlineData(LayerReaderKind.Folder)]
    [InlineData(LayerReaderKind.Base)]
    public void Any_call_may_fail(LayerReaderKind kind)
    {
        LayerLocation layer = kind == LayerReaderKind.Base ? Machines.Base : Machines.App;
        int calls = CountCalls(layer, kind);
        Assert.True(calls > 50);
        string? expected = Export(Machines.Samples(), layer, kind, out _).DiffId;
        foreach (int call in Choose(calls))
        {
            HcsMachine machine = Machines.Samples();
            string? problem = Check(machine, machine.Faulting(new FaultPlan().FailCall(call, 0x80070005)), layer, kind, expected);
            Assert.True(problem is null, $"{kind}, call {call} of {calls}: {problem}");
        }
    }

    /// <summary>The beginning and the end, where every call is another one, and a sample of what repeats between them.</summary>
    private static IEnumerable<int> Choose(int calls) =>
        Enumerable.Range(1, calls).Where(call => call <= 40 || call > calls - 20 || call % 13 == 0);

    private static string? Check(HcsMachine machine, HcsMachine faulty, LayerLocation layer, LayerReaderKind kind, string? expected)
    {
        string? problem = null;
        byte[] bytes = RecordingLab.Record(faulty, recorded =>
        {
            try
            {
                ExportSummary summary = Export(recorded, layer, kind, out int files);
                problem = summary.DiffId != expected ? "another tar without an error" : files != 1 ? "no output" : null;
                if (machine.TemporaryFiles().Count > 0 && summary.Warnings.Count == 0)
                {
                    problem = "the temporary folder stayed without a warning";
                }
            }
            catch (LayerException e)
            {
                problem = e.Call is null || e.Code != 0x80070005 ? "the error has no call or another code: " + e.Message
                    : machine.TemporaryFiles().Count > 0 ? "the temporary folder stayed"
                    : null;
            }
        });
        if (problem is not null)
        {
            return problem;
        }

        using var file = new MemoryStream(bytes);
        return RecordingCheck.Run(CallRecording.Load(file, "memory"), [VmcomputeApi.Info, Kernel32Api.Info]) is [var finding, ..]
            ? finding.Message
            : null;
    }

    private static ExportSummary Export(HcsMachine machine, LayerLocation layer, LayerReaderKind kind, out int files)
    {
        using var folder = new TempFolder();
        files = 0;
        try
        {
            ExportSummary summary = LayerExporter.ExportToFile(LayerReader.Open(machine, layer, kind), folder.File("layer.tar"));
            files = Directory.GetFileSystemEntries(folder.Path).Length;
            return summary;
        }
        catch
        {
            Assert.Empty(Directory.GetFileSystemEntries(folder.Path));
            throw;
        }
    }

    private static int CountCalls(LayerLocation layer, LayerReaderKind kind)
    {
        using var file = new MemoryStream(RecordingLab.Record(Machines.Samples(), machine => Export(machine, layer, kind, out _)));
        return CallRecording.Load(file, "memory").Calls.Count;
    }
}
