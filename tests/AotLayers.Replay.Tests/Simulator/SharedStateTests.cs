using System.Diagnostics;
using AotLayers.Hcs;
using AotLayers.Replay.Tests.Recordings;
using AotLayers.Replay.Tests.Writing;
using AotLayers.Simulator;
using Xunit;

namespace AotLayers.Replay.Tests.Simulator;

/// <summary>Processes with the same state folder are one machine, whatever happens to one of them.</summary>
public sealed class SharedStateTests
{
    private const int Layers = 12;
    private static readonly DriverInfo s_driver = DriverInfo.FullPaths;

    [Fact]
    public void What_one_process_does_the_next_one_sees()
    {
        using var state = new TempFolder();
        List<ExportedEntry> expected = SampleLayers.Export(Open(state), "app", "base");
        Import(Open(state), "copy", expected, "base");
        SameLayer.Check(expected, SampleLayers.Export(Open(state), "copy", "base"));
        Assert.Equal(0x80070057, (uint)Begin(Open(state), "copy", "app", "base"));

        LayerDescriptor[] parents = SampleLayers.Parents(Open(state), "copy", "base");
        Assert.Equal(0, Open(state).Vmcompute.CreateSandboxLayer(in s_driver, @"C:\layers\box", null, parents, 2));
        Assert.Equal(0, Open(state).Vmcompute.ActivateLayer(in s_driver, @"C:\layers\box"));
        Assert.Equal(0x80070057, (uint)Open(state).Vmcompute.PrepareLayer(in s_driver, @"C:\layers\box", parents.AsSpan(1), 1));
        Assert.Equal(0, Open(state).Vmcompute.PrepareLayer(in s_driver, @"C:\layers\box", parents, 2));
        Assert.Equal(0xC0000420, (uint)Open(state).Vmcompute.DestroyLayer(in s_driver, @"C:\layers\copy"));
        Assert.Equal(0x80070020, (uint)Open(state).Vmcompute.DestroyLayer(in s_driver, @"C:\layers\box"));
        nuint length = 0;
        Assert.Equal(0, Open(state).Vmcompute.GetLayerMountPath(in s_driver, @"C:\layers\box", ref length, []));
        Assert.Equal(49u, length);
        Assert.Equal(0, Open(state).Vmcompute.ExpandSandboxSize(in s_driver, @"C:\layers\box", 40UL << 30));
        Assert.Equal(0x80070057, (uint)Open(state).Vmcompute.ExpandSandboxSize(in s_driver, @"C:\layers\box", 30UL << 30));
        Assert.Equal(0, Open(state).Vmcompute.UnprepareLayer(in s_driver, @"C:\layers\box"));
        Assert.Equal(0, Open(state).Vmcompute.DeactivateLayer(in s_driver, @"C:\layers\box"));
        Assert.Equal(0, Open(state).Vmcompute.DestroyLayer(in s_driver, @"C:\layers\box"));
        Assert.Equal(0, Open(state).Vmcompute.DestroyLayer(in s_driver, @"C:\layers\copy"));
        Assert.Equal(0, Open(state).Vmcompute.DestroyLayer(in s_driver, @"C:\layers\lx"));
        Assert.Equal(
            (0u, 0u, 0u, 1u),
            (Exists(Open(state), "box"), Exists(Open(state), "copy"), Exists(Open(state), "lx"), Exists(Open(state), "app")));
        Assert.Empty(Directory.GetFileSystemEntries(state.File("layers")));
        Assert.True(Directory.Exists(Path.Combine(SampleLayers.Folder, "lx")));
    }

    [Fact]
    public void Machines_that_live_at_the_same_time_see_each_other()
    {
        using var state = new TempFolder();
        SimulatedMachine first = Open(state), second = Open(state);
        Assert.Equal(0, first.Vmcompute.CreateLayer(in s_driver, @"C:\layers\new", ""));
        Assert.Equal(1u, Exists(second, "new"));
        Assert.NotEqual(uint.MaxValue, second.Kernel32.GetFileAttributesW(@"C:\layers\new"));
        Assert.Equal(0, second.Vmcompute.DestroyLayer(in s_driver, @"C:\layers\new"));
        Assert.Equal(uint.MaxValue, first.Kernel32.GetFileAttributesW(@"C:\layers\new"));
        Assert.Contains("base", first.Layers);
    }

    [Fact]
    public void Folder_import_keeps_what_it_read_after_its_folder_is_gone()
    {
        using var state = new TempFolder();
        using var transport = new TempFolder();
        SimulatedMachine machine = Open(state);
        LayerDescriptor[] parents = SampleLayers.Parents(machine, "base");
        List<ExportedEntry> expected = SampleLayers.Export(machine, "deletions", "app", "base");
        Assert.Equal(
            0,
            machine.Vmcompute.ExportLayer(in s_driver, "deletions", transport.Path, SampleLayers.Parents(machine, "app", "base"), 2));
        Assert.Equal(0, Open(state).Vmcompute.ImportLayer(in s_driver, "copy", transport.Path, parents, 1));
        foreach (string entry in Directory.GetDirectories(transport.Path))
        {
            Directory.Delete(entry, recursive: true);
        }

        List<ExportedEntry> actual = SampleLayers.Export(Open(state), "copy", "base");
        Assert.Equal(expected.Select(entry => entry.Name), actual.Select(entry => entry.Name));
    }

    [Fact]
    public void Killed_import_leaves_nothing_and_the_next_one_succeeds()
    {
        using var state = new TempFolder();
        List<ExportedEntry> expected = SampleLayers.Export(Open(state), "app", "base");
        var seen = new HashSet<uint>();
        for (int kill = 0; kill < 8; kill++)
        {
            using (Process child = Start("import", SampleLayers.Folder, state.Path))
            {
                // At another place of the cycle each time.
                for (int i = 0; i <= kill * 3; i++)
                {
                    Assert.NotNull(child.StandardOutput.ReadLine());
                }

                child.Kill();
                child.WaitForExit();
            }

            SimulatedMachine machine = Open(state);
            uint exists = Exists(machine, "copy");
            seen.Add(exists);
            Assert.Empty(Directory.GetFileSystemEntries(state.File("importing")));
            Assert.Equal((int)exists, Directory.GetFileSystemEntries(state.File("layers")).Length);
            if (exists == 0)
            {
                Import(machine, "copy", expected, "base");
            }

            SameLayer.Check(expected, SampleLayers.Export(Open(state), "copy", "base"));
            Assert.Equal(0, Open(state).Vmcompute.DestroyLayer(in s_driver, @"C:\layers\copy"));
        }

        Assert.Contains(0u, seen);
    }

    /// <summary>What file calls make of a layer's folder is kept when that is closed, and by no one else seen before.</summary>
    [Theory]
    [InlineData(LayerWriterKind.Folder, "base")]
    [InlineData(LayerWriterKind.Base)]
    public void A_layer_that_is_written_by_file_calls_is_there_when_it_is_whole(LayerWriterKind kind, params string[] parents)
    {
        using var state = new TempFolder();
        var layer = new LayerLocation { Id = @"C:\layers\new", Parents = [.. parents.Select(name => @"C:\layers\" + name)] };
        byte[] tar = kind == LayerWriterKind.Base ? SampleTars.WithoutParent() : SampleTars.WithParent();
        var steps = new Progress(() => Assert.Equal(0u, Exists(Open(state), "new")));
        SimulatedMachine machine = Open(state);
        LayerImporter.Import(machine.Hcs, layer, new MemoryStream(tar), "x.tar", new ImportOptions { Progress = steps }, kind);
        Assert.True(steps.Count > 5);
        Assert.Empty(Directory.GetFileSystemEntries(state.File("importing")));
        SameLayer.Check(SampleLayers.Export(machine, "new", parents), SampleLayers.Export(Open(state), "new", parents));
        uint names = Imports.Links(Open(state).Hcs, @"C:\layers\new\Files\Windows\again.txt").Links;
        Assert.Equal(kind == LayerWriterKind.Base ? 3u : 2, names);
        Assert.Equal(0, Open(state).Vmcompute.DestroyLayer(in s_driver, layer.Id));
        Assert.Empty(Directory.GetFileSystemEntries(state.File("layers")));
    }

    private sealed class Progress(Action check) : IProgress<ImportProgress>
    {
        public int Count { get; private set; }

        public void Report(ImportProgress value)
        {
            Count++;
            check();
        }
    }

    [Fact]
    public void Draft_of_a_living_process_stays_and_one_of_a_dead_process_goes()
    {
        using var state = new TempFolder();
        SimulatedMachine machine = Open(state);
        Assert.Equal(
            0,
            machine.Vmcompute.ImportLayerBegin(in s_driver, "slow", SampleLayers.Parents(machine, "base"), 1, out nint context));
        Directory.CreateDirectory(Path.Combine(state.File("importing"), "dead"));
        Assert.Equal(0u, Exists(Open(state), "slow"));
        Assert.Single(Directory.GetFileSystemEntries(state.File("importing")));
        Assert.Equal(0, machine.Vmcompute.ImportLayerEnd(context));
        Assert.Equal(1u, Exists(Open(state), "slow"));
        Assert.Empty(Directory.GetFileSystemEntries(state.File("importing")));
    }

    [Fact]
    public void Many_processes_at_once_lose_nothing()
    {
        using var state = new TempFolder();
        Process[] children = [.. Enumerable.Range(0, 4).Select(i => Start("create", SampleLayers.Folder, state.Path, "box" + i))];
        foreach (Process child in children)
        {
            child.StandardOutput.ReadToEnd();
            child.WaitForExit();
            Assert.Equal(0, child.ExitCode);
            child.Dispose();
        }

        Assert.Equal(4 * Layers, Open(state).Layers.Count(name => name.StartsWith("box", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("{", "machine.json: ")]
    [InlineData("{\"format\":\"x\",\"version\":1,\"removed\":[],\"layers\":[]}", "not version 1 of aotlayers-simulator-state")]
    [InlineData(
        "{\"format\":\"aotlayers-simulator-state\",\"version\":1,\"removed\":[],\"layers\":[{\"name\":\"x\",\"folder\":\"../../etc\"}]}",
        "folder is none of this state")]
    [InlineData(
        "{\"format\":\"aotlayers-simulator-state\",\"version\":1,\"removed\":[],\"layers\":[{\"name\":\"x\"}]}",
        "the machine has no layer 'x'")]
    public void Damaged_state_is_one_clear_error(string json, string expected)
    {
        using var state = new TempFolder();
        File.WriteAllText(state.File("machine.json"), json);
        SimulatedLayerException error = Assert.Throws<SimulatedLayerException>(() => Exists(Open(state), "app"));
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
        Assert.Equal("LayerExists", error.Call);
    }

    /// <summary>Imports a layer and removes it, until it is killed. Tells each step.</summary>
    internal static int ImportForever(string layers, string state)
    {
        var machine = SimulatedMachine.Load(layers, new SimulatorOptions { StateFolder = state });
        List<ExportedEntry> entries = SampleLayers.Export(machine, "app", "base");
        while (true)
        {
            Import(machine, "copy", entries, "base");
            Console.WriteLine("imported");
            machine.Vmcompute.DestroyLayer(in s_driver, @"C:\layers\copy");
            Console.WriteLine("destroyed");
        }
    }

    /// <summary>Makes scratch layers and mounts them.</summary>
    internal static int CreateMany(string layers, string state, string name)
    {
        var machine = SimulatedMachine.Load(layers, new SimulatorOptions { StateFolder = state });
        LayerDescriptor[] parents = SampleLayers.Parents(machine, "base");
        int worst = 0;
        for (int i = 0; i < Layers; i++)
        {
            string layer = $@"C:\layers\{name}-{i}";
            worst = Math.Min(worst, machine.Vmcompute.CreateSandboxLayer(in s_driver, layer, null, parents, 1));
            worst = Math.Min(worst, machine.Vmcompute.ActivateLayer(in s_driver, layer));
            worst = Math.Min(worst, machine.Vmcompute.PrepareLayer(in s_driver, layer, parents, 1));
        }

        return worst;
    }

    internal static unsafe void Import(SimulatedMachine machine, string name, IReadOnlyList<ExportedEntry> entries, params string[] parents)
    {
        LayerDescriptor[] descriptors = SampleLayers.Parents(machine, parents);
        Assert.Equal(
            0,
            machine.Vmcompute.ImportLayerBegin(in s_driver, @"C:\layers\" + name, descriptors, (uint)descriptors.Length, out nint context));
        foreach (ExportedEntry entry in entries)
        {
            FileBasicInfo basic = entry.Info;
            Assert.Equal(0, machine.Vmcompute.ImportLayerNext(context, entry.Name, entry.Deleted ? null : &basic));
            for (int at = 0; at < entry.Stream.Length; at += 4096)
            {
                Span<byte> part = entry.Stream.AsSpan(at, Math.Min(4096, entry.Stream.Length - at));
                Assert.Equal(0, machine.Vmcompute.ImportLayerWrite(context, part, (uint)part.Length));
            }
        }

        Assert.Equal(0, machine.Vmcompute.ImportLayerEnd(context));
    }

    private static int Begin(SimulatedMachine machine, string name, params string[] parents)
    {
        LayerDescriptor[] descriptors = SampleLayers.Parents(machine, parents);
        return machine.Vmcompute.ExportLayerBegin(in s_driver, @"C:\layers\" + name, descriptors, (uint)descriptors.Length, out _);
    }

    private static uint Exists(SimulatedMachine machine, string name)
    {
        Assert.Equal(0, machine.Vmcompute.LayerExists(in s_driver, @"C:\layers\" + name, out uint exists));
        return exists;
    }

    private static SimulatedMachine Open(TempFolder state) => SampleLayers.Load(new SimulatorOptions { StateFolder = state.Path });

    private static Process Start(params string[] arguments)
    {
        string host = Environment.ProcessPath is string self && Path.GetFileNameWithoutExtension(self) == "dotnet" ? self : "dotnet";
        string program = Path.Combine(AppContext.BaseDirectory, "AotLayers.Replay.Tests.dll");
        return Process.Start(new ProcessStartInfo(host, ["exec", program, .. arguments]) { RedirectStandardOutput = true })!;
    }
}
