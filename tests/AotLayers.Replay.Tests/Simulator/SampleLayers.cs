using System.Text;
using AotLayers.Hcs;
using AotLayers.Simulator;
using Xunit;

namespace AotLayers.Replay.Tests.Simulator;

/// <summary>The committed sample layers, and layers that a test writes for itself.</summary>
internal static class SampleLayers
{
    public static string RepositoryRoot { get; } = FindRoot();

    public static string Folder => Path.Combine(RepositoryRoot, "recordings", "layers");

    public static SimulatedMachine Load(SimulatorOptions? options = null) => SimulatedMachine.Load(Folder, options);

    public static LayerDescriptor[] Parents(SimulatedMachine machine, params string[] names) =>
        LayerDescriptors.FromPaths(machine.Vmcompute, [.. names.Select(name => @"C:\layers\" + name)]);

    /// <summary>Everything that a streaming export tells, with the stream of every entry.</summary>
    public static List<ExportedEntry> Export(SimulatedMachine machine, string layer, params string[] parents)
    {
        LayerDescriptor[] descriptors = Parents(machine, parents);
        DriverInfo info = DriverInfo.FullPaths;
        Assert.Equal(
            0,
            machine.Vmcompute.ExportLayerBegin(in info, @"C:\layers\" + layer, descriptors, (uint)descriptors.Length, out nint context));
        var entries = new List<ExportedEntry>();
        byte[] buffer = new byte[1000];
        while (true)
        {
            int hr = machine.Vmcompute.ExportLayerNext(context, out string? name, out FileBasicInfo basic, out long size, out uint deleted);
            if (hr == unchecked((int)0x80070012))
            {
                break;
            }

            Assert.Equal(0, hr);
            var stream = new MemoryStream();
            while (machine.Vmcompute.ExportLayerRead(context, buffer, (uint)buffer.Length, out uint read) is var result && read > 0)
            {
                Assert.Equal(0, result);
                stream.Write(buffer, 0, (int)read);
            }

            entries.Add(new ExportedEntry(name!, basic, size, deleted != 0, stream.ToArray()));
        }

        Assert.Equal(0, machine.Vmcompute.ExportLayerEnd(context));
        return entries;
    }

    private static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "AotLayers.sln")))
            {
                return folder.FullName;
            }
        }

        throw new InvalidOperationException("the tests run outside of the repository");
    }
}

internal sealed record ExportedEntry(string Name, FileBasicInfo Info, long Size, bool Deleted, byte[] Stream);

/// <summary>A directory of layers that a test writes, removed at its end.</summary>
internal sealed class LayerDirectory : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("aotlayers-").FullName;

    public LayerDirectory WithFile(string path, string text) => WithFile(path, Encoding.UTF8.GetBytes(text));

    public LayerDirectory WithFile(string path, byte[] content)
    {
        string full = System.IO.Path.Combine(Path, path);
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(full)!);
        File.WriteAllBytes(full, content);
        return this;
    }

    public SimulatedMachine Load(SimulatorOptions? options = null) => SimulatedMachine.Load(Path, options);

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
