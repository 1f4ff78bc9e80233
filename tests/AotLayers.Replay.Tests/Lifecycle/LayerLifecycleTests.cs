using AotLayers.Hcs;
using AotLayers.Interop;
using AotLayers.Replay.Tests.Layers;
using AotLayers.Replay.Tests.Recordings;
using AotLayers.Replay.Tests.Simulator;
using AotLayers.Simulator;
using Xunit;

namespace AotLayers.Replay.Tests.Lifecycle;

/// <summary>
/// The verbs of a layer's life, on simulated machines: what they call, what they repeat, and what is left when a call fails.
/// </summary>
public sealed class LayerLifecycleTests
{
    private static readonly LayerLocation s_box = new() { Id = @"C:\layers\box", Parents = [@"C:\layers\app", @"C:\layers\base"] };

    [Fact]
    public void Layer_is_made_mounted_unmounted_and_removed()
    {
        var steps = new List<LayerStep>();
        Layer layer = Open(Machines.Samples(), s_box, steps);
        Assert.False(layer.Exists());
        layer.Create(40UL << 30);
        Assert.True(layer.Exists());
        string path = layer.Mount();
        Assert.StartsWith(@"\\?\Volume{", path, StringComparison.Ordinal);
        Assert.Equal(path, layer.GetMountPath());
        layer.Expand(50UL << 30);
        layer.GrantVmAccess("00000000-0000-0000-0000-000000000001");
        layer.Unmount();
        layer.Remove();
        Assert.False(layer.Exists());
        Assert.Equal(
            [
                "CreateDirectoryW", "CreateSandboxLayer", "ExpandSandboxSize", "ActivateLayer", "PrepareLayer", "ExpandSandboxSize",
                "GrantVmAccess",
                "UnprepareLayer", "DeactivateLayer", "DestroyLayer",
            ],
            steps.Select(step => step.Call).Where(call => call is not ("LayerExists" or "GetLayerMountPath")));
        Assert.All(steps, step => Assert.Equal((1, 0u, (string?)null), (step.Attempt, step.Code, step.Remark)));
    }

    [Theory]
    [InlineData("fail=ActivateLayer:0x80070015*2", "ActivateLayer ActivateLayer ActivateLayer PrepareLayer")]
    [InlineData("fail=PrepareLayer:0x8007048f*1", "ActivateLayer PrepareLayer DeactivateLayer ActivateLayer PrepareLayer")]
    public void Mount_waits_for_a_device_that_is_not_ready(string options, string calls)
    {
        var steps = new List<LayerStep>();
        Layer layer = Open(Simulated(options), s_box, steps);
        layer.Create();
        steps.Clear();
        layer.Mount();
        Assert.Equal(calls.Split(' '), steps.Select(step => step.Call).Where(call => call != "GetLayerMountPath"));
        Assert.Contains(steps, step => step.ToString().Contains("the device is not ready", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("fail=ActivateLayer:0x80070015", "ActivateLayer", 0x80070015u, 5)]
    [InlineData("fail=PrepareLayer:0x800705b4", "PrepareLayer", 0x800705b4u, 1)]
    [InlineData("fail=GetLayerMountPath:5", "GetLayerMountPath", 0x80070005u, 1)]
    [InlineData("not-elevated", "ActivateLayer", 0x80070522u, 1)]
    public void Mount_that_fails_leaves_the_layer_as_it_was(string options, string call, uint code, int attempts)
    {
        var steps = new List<LayerStep>();
        HcsMachine machine = Simulated(options);
        Layer layer = Open(machine, s_box, steps);
        layer.Create();
        LayerException error = Assert.Throws<LayerException>(() => layer.Mount());
        Assert.Equal((call, code, s_box.Id), (error.Call, error.Code, error.Context.Layer));
        Assert.Equal(attempts, steps.Where(step => step.Call == call).Max(step => step.Attempt));
        layer.Remove();
    }

    [Fact]
    public void Removed_layer_that_stays_is_an_error()
    {
        var steps = new List<LayerStep>();
        Layer layer = Open(Simulated("destroy-leaves"), s_box, steps);
        layer.Create();
        LayerException error = Assert.Throws<LayerException>(() => layer.Remove());
        Assert.Contains("the layer is still there", error.Message, StringComparison.Ordinal);
        Assert.Equal([1, 2, 3], steps.Where(step => step.Call == "DestroyLayer").Select(step => step.Attempt));
    }

    [Fact]
    public void Layer_that_something_holds_is_removed_when_it_lets_go()
    {
        var steps = new List<LayerStep>();
        Layer layer = Open(Simulated("fail=DestroyLayer:32*2"), s_box, steps);
        layer.Create();
        layer.Remove();
        Assert.Equal([1, 2, 3], steps.Where(step => step.Call == "DestroyLayer").Select(step => step.Attempt));
    }

    [Theory]
    [InlineData(@"C:\", "no layer's folder")]
    [InlineData(@"C:", "no layer's folder")]
    [InlineData(@"\\?\C:\", "no layer's folder")]
    [InlineData(@"C:\layers\..", "no layer's folder")]
    [InlineData(@"C:\layers\nothere", "there is no such layer")]
    [InlineData(@"C:\layers\odd", "does not look like a layer")]
    public void What_is_no_layer_is_not_removed(string id, string expected)
    {
        HcsMachine machine = Machines.Samples();
        Assert.Equal(0, machine.Vmcompute.CreateLayer(DriverInfo.FullPaths, @"C:\layers\odd", ""));
        LayerException error = Assert.Throws<LayerException>(() => new Layer(machine, new LayerLocation { Id = id }).Remove());
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
        Assert.True(new Layer(machine, new LayerLocation { Id = @"C:\layers\odd" }).Exists());
        new Layer(machine, new LayerLocation { Id = @"C:\layers\odd\" }).Remove(force: true);
        Assert.False(new Layer(machine, new LayerLocation { Id = @"C:\layers\odd" }).Exists());
    }

    [Fact]
    public void Verbs_that_need_parents_say_so()
    {
        var layer = new Layer(Machines.Samples(), new LayerLocation { Id = @"C:\layers\box" });
        Assert.Contains("needs at least one parent", Assert.Throws<LayerException>(() => layer.Create()).Message, StringComparison.Ordinal);
        Assert.Contains("needs at least one parent", Assert.Throws<LayerException>(() => layer.Mount()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Base_layer_is_finished_once()
    {
        var steps = new List<LayerStep>();
        HcsMachine machine = Machines.Samples();
        Layer layer = Open(machine, new LayerLocation { Id = @"C:\layers\lx" }, steps);
        layer.MakeBase();
        Assert.Equal(["ProcessBaseImage"], steps.Select(step => step.Call));
        LayerException error = Assert.Throws<LayerException>(layer.MakeBase);
        Assert.Equal(("ProcessBaseImage", 0x80070050u), (error.Call, error.Code));
        Assert.Contains("an earlier run", error.Hint, StringComparison.Ordinal);
        Assert.Contains(
            "Files of the layer is missing",
            Assert.Throws<LayerException>(() => Open(machine, s_box, steps).MakeBase()).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Utility_VM_is_finished_with_the_base_layer()
    {
        using var layers = new LayerDirectory();
        layers.WithFile("new/Files/a.txt", "a").WithFile("new/UtilityVM/Files/b.txt", "b");
        var steps = new List<LayerStep>();
        var location = new LayerLocation { Id = @"C:\layers\new" };
        Assert.Contains(
            "BCD",
            Assert.Throws<LayerException>(() => Open(layers.Load().Hcs, location, steps).MakeBase()).Message,
            StringComparison.Ordinal);
        layers.WithFile("new/UtilityVM/Files/EFI/Microsoft/Boot/BCD", "bcd");
        Open(layers.Load().Hcs, location, steps).MakeBase();
        Assert.Equal(["ProcessBaseImage", "ProcessUtilityImage"], steps.Select(step => step.Call));
    }

    [Fact]
    public void Cancellation_stops_a_mount_between_attempts()
    {
        HcsMachine machine = Simulated("fail=ActivateLayer:0x80070015");
        using var source = new CancellationTokenSource();
        var options = new LayerLifecycleOptions
        {
            MountRetryDelay = TimeSpan.FromHours(1),
            Log = step => { if (step.Call == "ActivateLayer") { source.Cancel(); } }
        };
        new Layer(machine, s_box).Create();
        Assert.Throws<OperationCanceledException>(() => new Layer(machine, s_box, options, source.Token).Mount());
    }

    /// <summary>Every call of every verb fails once, in turn.</summary>
    [Theory]
    [InlineData("create")]
    [InlineData("mount")]
    [InlineData("unmount")]
    [InlineData("remove")]
    [InlineData("make-base")]
    public void Any_call_may_fail(string verb)
    {
        List<string> calls = Calls(verb);
        Assert.True(calls.Count >= 2);
        for (int call = 1; call <= calls.Count; call++)
        {
            HcsMachine machine = Machines.Samples();
            Prepare(machine, verb);
            FaultPlan plan = new FaultPlan().FailCall(call, 0x80070057);
            LayerException? error = null;
            try
            {
                Do(machine.Faulting(plan), verb);
            }
            catch (LayerException e)
            {
                error = e;
                Assert.Equal((calls[call - 1], (uint?)0x80070057), (e.Call, e.Code));
            }

            // A verb that failed left nothing behind, one that went well did its work.
            Layer layer = new(machine, s_box);
            bool exists = layer.Exists();
            switch (verb)
            {
                case "create":
                    Assert.Equal(error is null, exists);
                    Assert.Equal(exists, machine.Kernel32.GetFileAttributesW(s_box.Id) != uint.MaxValue);
                    break;
                case "mount":
                    Assert.Equal(error is null, IsMounted(machine));
                    break;
                case "unmount":
                    Assert.False(error is null && IsMounted(machine));
                    break;
                case "remove":
                    Assert.False(error is null && exists);
                    break;
                default:
                    Assert.True(error is not null
                        || machine.Kernel32.GetFileAttributesW(@"C:\layers\base\UtilityVM\SystemTemplate.vhdx") != uint.MaxValue);
                    break;
            }
        }
    }

    private static bool IsMounted(HcsMachine machine)
    {
        // A scratch layer is active once, or not at all.
        int hr = machine.Vmcompute.ActivateLayer(DriverInfo.FullPaths, s_box.Id);
        return hr < 0;
    }

    private static List<string> Calls(string verb)
    {
        HcsMachine machine = Machines.Samples();
        Prepare(machine, verb);
        using var file = new MemoryStream(RecordingLab.Record(machine, recorded => Do(recorded, verb)));
        return [.. CallRecording.Load(file, "memory").Calls.Select(call => call.Function)];
    }

    private static void Prepare(HcsMachine machine, string verb)
    {
        if (verb is "mount" or "unmount" or "remove")
        {
            new Layer(machine, s_box).Create();
        }

        if (verb == "unmount")
        {
            new Layer(machine, s_box).Mount();
        }
    }

    private static void Do(HcsMachine machine, string verb)
    {
        Layer layer = Open(machine, verb == "make-base" ? new LayerLocation { Id = @"C:\layers\base" } : s_box, []);
        switch (verb)
        {
            case "create":
                layer.Create(40UL << 30);
                break;
            case "mount":
                layer.Mount();
                break;
            case "unmount":
                layer.Unmount();
                break;
            case "remove":
                layer.Remove();
                break;
            default:
                layer.MakeBase();
                break;
        }
    }

    private static Layer Open(HcsMachine machine, LayerLocation location, List<LayerStep> steps) => new(
        machine, location, new LayerLifecycleOptions
        {
            Log = steps.Add,
            MountRetryDelay = TimeSpan.FromMilliseconds(1),
            RemoveRetryDelay = TimeSpan.FromMilliseconds(1)
        });

    private static HcsMachine Simulated(string options) => SampleLayers.Load(SimulatorOptions.Parse(options)).Hcs;
}
