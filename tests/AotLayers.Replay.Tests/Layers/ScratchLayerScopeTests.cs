using AotLayers.Hcs;
using AotLayers.Interop;
using AotLayers.Replay.Tests.Recordings;
using Xunit;

namespace AotLayers.Replay.Tests.Layers;

/// <summary>The calls around the export of a scratch layer (docs/windows/reading-a-layer.md#scratch-layers).</summary>
public sealed class ScratchLayerScopeTests
{
    [Fact]
    public void Activate_prepare_unprepare_and_at_the_end_deactivate() =>
        Assert.Equal(["ActivateLayer", "PrepareLayer", "UnprepareLayer", "DeactivateLayer"], Calls(null));

    [Theory]
    [InlineData("ActivateLayer", new[] { "ActivateLayer" })]
    [InlineData("PrepareLayer", new[] { "ActivateLayer", "PrepareLayer", "DeactivateLayer" })]
    [InlineData("UnprepareLayer", new[] { "ActivateLayer", "PrepareLayer", "UnprepareLayer", "DeactivateLayer" })]
    public void What_was_activated_is_deactivated_whatever_fails(string failing, string[] calls) => Assert.Equal(calls, Calls(failing));

    private static IEnumerable<string> Calls(string? failing)
    {
        var plan = new FaultPlan();
        HcsMachine machine = Machines.Samples().Faulting(failing is null ? plan : plan.Fail(failing, 1, 0x80070020));
        byte[] recording = RecordingLab.Record(machine, recorded =>
        {
            Action enter = () => ScratchLayerScope.Enter(recorded.Vmcompute, Machines.App).Dispose();
            if (failing is null)
            {
                enter();
            }
            else
            {
                Assert.Equal(failing, Assert.Throws<LayerException>(enter).Call);
            }
        });
        using var file = new MemoryStream(recording);
        return [.. CallRecording.Load(file, "memory").Calls.Select(call => call.Function).Where(name => name != "NameToGuid")];
    }
}
