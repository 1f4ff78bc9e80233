using AotLayers.Formats;
using AotLayers.Hcs;
using AotLayers.Replay.Tests.Recordings;
using AotLayers.Simulator;
using CsCheck;
using Xunit;

namespace AotLayers.Replay.Tests.Simulator;

/// <summary>
/// Import, create, mount, export, import: whatever a layer holds, it is the same layer. Layers are random and have every kind of stream.
/// </summary>
public sealed class RoundTripTests
{
    private static readonly DriverInfo s_driver = DriverInfo.FullPaths;

    [Fact]
    public void Every_byte_and_attribute_survives()
    {
        using var layers = new LayerDirectory();
        layers.WithFile("base/Files/a.txt", "base");
        RandomLayers.Entry.Array[0, 12].Sample(
            entries =>
            {
                using var state = new TempFolder();
                List<ExportedEntry> expected = Layer(entries);
                SharedStateTests.Import(Open(layers, state), "one", expected, "base");
                List<ExportedEntry> first = SampleLayers.Export(Open(layers, state), "one", "base");
                Assert.Equal(expected.Count, first.Count);
                foreach (ExportedEntry entry in expected)
                {
                    ExportedEntry actual = Assert.Single(first, other => other.Name == entry.Name && other.Deleted == entry.Deleted);
                    Assert.Equal(entry.Deleted ? default : entry.Info, actual.Info);
                    Assert.Equal(entry.Stream, actual.Stream);
                }

                Mount(layers, state);
                SharedStateTests.Import(Open(layers, state), "two", SampleLayers.Export(Open(layers, state), "one", "base"), "base");
                SameLayer.Check(first, SampleLayers.Export(Open(layers, state), "two", "base"));
                FolderRoundTrip(layers, state, first);
            },
            iter: 60);
    }

    [Fact]
    public void Hard_links_survive_a_copy_in_another_process()
    {
        using var state = new TempFolder();
        var options = new SimulatorOptions { StateFolder = state.Path };
        Assert.Equal(0, SampleLayers.Load(options).Vmcompute.CopyLayer(in s_driver, "base", "linked", [], 0));
        SimulatedKernel32 kernel = SampleLayers.Load(options).Kernel32;
        Assert.Equal(Links(kernel, "base"), Links(kernel, "linked"));
        Assert.Equal(3u, Links(kernel, "linked"));
    }

    private static uint Links(SimulatedKernel32 kernel, string layer)
    {
        nint file = kernel.CreateFileW($@"C:\layers\{layer}\Files\Windows\System32\kernel.bin", 0x80000000, 1, 0, 3, 0x02200000, 0);
        Assert.NotEqual(-1, file);
        Assert.Equal(1, kernel.GetFileStandardInfo(file, 1, out FileStandardInfo standard, 24));
        kernel.CloseHandle(file);
        return standard.NumberOfLinks;
    }

    // The layer is the parent of a container's scratch while it is exported.
    private static void Mount(LayerDirectory layers, TempFolder state)
    {
        LayerDescriptor[] parents = SampleLayers.Parents(Open(layers, state), "one", "base");
        Assert.Equal(0, Open(layers, state).Vmcompute.CreateSandboxLayer(in s_driver, "box", null, parents, 2));
        Assert.Equal(0, Open(layers, state).Vmcompute.ActivateLayer(in s_driver, "box"));
        Assert.Equal(0, Open(layers, state).Vmcompute.PrepareLayer(in s_driver, "box", parents, 2));
    }

    // Through a transport folder deletions go by the list of the folder, everything else byte by byte.
    private static void FolderRoundTrip(LayerDirectory layers, TempFolder state, List<ExportedEntry> expected)
    {
        const string Folder = @"C:\Windows\SystemTemp\transport";
        SimulatedMachine machine = Open(layers, state);
        LayerDescriptor[] parents = SampleLayers.Parents(machine, "base");
        Assert.Equal(0, machine.Vmcompute.ExportLayer(in s_driver, "two", Folder, parents, 1));
        Assert.Equal(0, machine.Vmcompute.ImportLayer(in s_driver, "three", Folder, parents, 1));
        var actual = SampleLayers.Export(Open(layers, state), "three", "base")
            .Where(entry => !entry.Name.StartsWith(@"\Hives", StringComparison.Ordinal))
            .ToList();
        SameLayer.Check(expected, actual);
    }

    private static List<ExportedEntry> Layer(
        (string Name, int Parent, bool Directory, bool Deleted, FileBasicInfo Info, byte[] Stream)[] entries)
    {
        var top = new FileBasicInfo { CreationTime = 1, LastAccessTime = 2, LastWriteTime = 3, ChangeTime = 4, FileAttributes = 0x10 };
        var layer = new List<ExportedEntry> { new(@"\Files", top, 0, false, []) };
        var directories = new List<string> { @"\Files" };
        var names = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        foreach ((string? name, int parent, bool directory, bool deleted, FileBasicInfo info, byte[]? stream) in entries)
        {
            string path = $@"{directories[parent % directories.Count]}\{name}";
            if (!names.Add(path))
            {
                continue;
            }

            FileBasicInfo attributes = info;
            attributes.FileAttributes |= directory && !deleted ? 0x10u : 0;
            layer.Add(new ExportedEntry(path, attributes, 0, deleted, deleted ? [] : stream));
            if (directory && !deleted)
            {
                directories.Add(path);
            }
        }

        return layer;
    }

    private static SimulatedMachine Open(LayerDirectory layers, TempFolder state) =>
        layers.Load(new SimulatorOptions { StateFolder = state.Path });
}
