using AotLayers.Hcs;
using AotLayers.Simulator;
using Xunit;

namespace AotLayers.Replay.Tests.Simulator;

/// <summary>
/// What was measured on Windows machines in trouble, switched on by options (docs/windows/return-codes.md#codes-per-call).
/// </summary>
public sealed class OddityTests
{
    private static readonly DriverInfo s_driver = DriverInfo.FullPaths;

    [Fact]
    public void Caller_that_is_not_elevated_is_refused_with_the_measured_codes()
    {
        SimulatedMachine machine = Load("not-elevated");
        SimulatedVmcompute vmcompute = machine.Vmcompute;
        LayerDescriptor[] parents = SampleLayers.Parents(machine, "base");
        Assert.Equal(0, vmcompute.CreateSandboxLayer(in s_driver, "box", null, parents, 1));
        Assert.Equal(0x80070522, (uint)vmcompute.ActivateLayer(in s_driver, "box"));
        Assert.Equal(0x80070037, (uint)vmcompute.PrepareLayer(in s_driver, "box", parents, 1));
        nuint length = 0;
        Assert.Equal(0x80070037, (uint)vmcompute.GetLayerMountPath(in s_driver, "box", ref length, []));
        Assert.Equal(0x80070005, (uint)vmcompute.ExpandSandboxSize(in s_driver, "box", 40UL << 30));
        Assert.Equal(0x80070522, (uint)vmcompute.ProcessBaseImage(@"C:\layers\base"));
        Assert.Equal(0, vmcompute.DeactivateLayer(in s_driver, "box"));
        Assert.Equal(0, vmcompute.DestroyLayer(in s_driver, "box"));
    }

    [Fact]
    public void Base_image_is_processed_once()
    {
        SimulatedVmcompute vmcompute = Load("max-read=100000").Vmcompute;
        Assert.Equal(0x80070003, (uint)vmcompute.ProcessBaseImage(@"C:\layers\nothere"));
        Assert.Equal(0, vmcompute.ProcessBaseImage(@"C:\layers\base"));
        Assert.Equal(0x80070050, (uint)vmcompute.ProcessBaseImage(@"C:\layers\base"));
        Assert.Equal(0, vmcompute.ProcessUtilityImage(@"C:\layers\base\UtilityVM"));
        Assert.Equal(0x80070003, (uint)vmcompute.ProcessUtilityImage(@"C:\layers\base\Files"));
    }

    [Fact]
    public void Base_image_that_failed_half_way_is_not_processed_again()
    {
        SimulatedMachine machine = Load("partial-base");
        Assert.Equal(0x80070005, (uint)machine.Vmcompute.ProcessBaseImage(@"C:\layers\base"));
        Assert.NotEqual(uint.MaxValue, machine.Kernel32.GetFileAttributesW(@"C:\layers\base\blank-base.vhdx"));
        Assert.Equal(0x80070050, (uint)machine.Vmcompute.ProcessBaseImage(@"C:\layers\base"));
    }

    [Fact]
    public void Layer_may_stay_though_it_was_destroyed()
    {
        SimulatedVmcompute vmcompute = Load("destroy-leaves").Vmcompute;
        Assert.Equal(0, vmcompute.DestroyLayer(in s_driver, "app"));
        Assert.Equal(0, vmcompute.LayerExists(in s_driver, "app", out uint exists));
        Assert.Equal(1u, exists);
    }

    [Fact]
    public void Calls_fail_as_often_as_they_are_told_to()
    {
        SimulatedMachine machine = Load("fail=ActivateLayer:0x80070015*2&fail=HcsDestroyLayer:5");
        Assert.Equal(0x80070015, (uint)machine.Vmcompute.ActivateLayer(in s_driver, "scratch"));
        Assert.Equal(0x80070015, (uint)machine.Vmcompute.ActivateLayer(in s_driver, "scratch"));
        Assert.Equal(0, machine.Vmcompute.ActivateLayer(in s_driver, "scratch"));
        Assert.Equal(0x80070005, (uint)machine.Computestorage.HcsDestroyLayer("app"));
        Assert.Equal(0x80070005, (uint)machine.Computestorage.HcsDestroyLayer("app"));
    }

    [Fact]
    public void Base_images_are_listed_with_names_and_paths()
    {
        using var layers = new LayerDirectory();
        layers.WithFile("one/Files/a", "")
            .WithFile("two/Files/a", "")
            .WithFile("two/layer.json", """{"parents":["one"]}""")
            .WithFile("bad/layer.json", "{");
        Assert.Equal(0, layers.Load().Vmcompute.GetBaseImages(out string? json));
        Assert.Equal("""{"Images":[{"Name":"one","Path":"C:\\layers\\one"}]}""", json);
    }

    [Theory]
    [InlineData("fail=ActivateLayer")]
    [InlineData("fail=ActivateLayer:0")]
    [InlineData("fail=ActivateLayer:0x1*0")]
    [InlineData("fail=:5")]
    [InlineData("state=")]
    [InlineData("destroy-leaves=1")]
    [InlineData("max-read=0")]
    [InlineData("odd")]
    public void Option_that_is_none_is_refused(string text) => Assert.Contains(
        SimulatorOptions.Words,
        Assert.Throws<FormatException>(() => SimulatorOptions.Parse(text)).Message,
        StringComparison.Ordinal);

    private static SimulatedMachine Load(string options) => SampleLayers.Load(SimulatorOptions.Parse(options));
}
