using System.Security.Cryptography;
using AotLayers.Formats;
using AotLayers.Hcs;
using AotLayers.Replay.Tests.Layers;
using AotLayers.Replay.Tests.Recordings;
using AotLayers.Simulator;
using Xunit;

namespace AotLayers.Replay.Tests.Writing;

/// <summary>What tests of the writers share: machines, tars, and what is in a layer or a tar.</summary>
internal static class Imports
{
    public static LayerLocation NewApp { get; } = new() { Id = @"C:\layers\new", Parents = [@"C:\layers\base"] };

    public static LayerLocation NewBase { get; } = new() { Id = @"C:\layers\new" };

    public static byte[] Export(HcsMachine machine, LayerLocation layer, LayerReaderKind kind, bool lossless = false)
    {
        using var output = new MemoryStream();
        var options = new ExportOptions
        {
            Tar = new LayerTarWriterOptions
            {
                Lossless = lossless,
                UnknownReparsePoints = lossless ? UnknownReparsePoints.Keep : UnknownReparsePoints.Fail,
            },
        };
        LayerExporter.Export(LayerReader.Open(machine, layer, kind), output, options);
        return output.ToArray();
    }

    public static ImportSummary Import(HcsMachine machine, LayerLocation layer, byte[] tar, LayerWriterKind kind) =>
        LayerImporter.Import(machine, layer, new MemoryStream(tar), "x.tar", kind: kind);

    public static byte[] Tar(Action<TarWriter> write)
    {
        using var output = new MemoryStream();
        var writer = new TarWriter(output);
        write(writer);
        writer.Finish();
        return output.ToArray();
    }

    public static void Directory(this TarWriter tar, string name) =>
        tar.WriteHeader(new TarHeader { Name = name, TypeFlag = TarTypeFlag.Directory });

    public static void File(this TarWriter tar, string name, string text = "")
    {
        tar.WriteHeader(new TarHeader { Name = name, TypeFlag = TarTypeFlag.RegularFile, Size = text.Length });
        tar.Write(System.Text.Encoding.ASCII.GetBytes(text));
    }

    public static void HardLink(this TarWriter tar, string name, string target) =>
        tar.WriteHeader(new TarHeader { Name = name, TypeFlag = TarTypeFlag.HardLink, LinkName = target });

    /// <summary>One line for each entry of a layer tar: all that it says.</summary>
    public static List<string> List(byte[] tar)
    {
        var lines = new List<string>();
        var reader = new LayerTarReader(new MemoryStream(tar));
        while (reader.GetNextEntry() is { } entry)
        {
            using var stream = new MemoryStream();
            reader.WriteBackupStream(stream);
            lines.Add($"{entry.Kind} {RecordingScenario.Escape(entry.Name)} {entry.Info} {entry.Size} {entry.LinkTarget} "
                + Convert.ToHexStringLower(SHA256.HashData(stream.ToArray())));
        }

        return lines;
    }

    /// <summary>The content of a file of the machine.</summary>
    public static string? Read(HcsMachine machine, string path)
    {
        nint file = machine.Kernel32.CreateFileW(path, 0x80000000, 7, 0, 3, 0x02200000, 0);
        if (file == -1)
        {
            return null;
        }

        byte[] buffer = new byte[10000];
        Assert.NotEqual(0, machine.Kernel32.ReadFile(file, buffer, (uint)buffer.Length, out uint read, 0));
        machine.Kernel32.CloseHandle(file);
        return System.Text.Encoding.Latin1.GetString(buffer, 0, (int)read);
    }

    public static (uint Links, UInt128 Id) Links(HcsMachine machine, string path)
    {
        nint file = machine.Kernel32.CreateFileW(path, 0x80, 7, 0, 3, 0x02200000, 0);
        Assert.NotEqual(-1, file);
        Assert.NotEqual(0, machine.Kernel32.GetFileStandardInfo(file, 1, out FileStandardInfo info, 24));
        Assert.NotEqual(0, machine.Kernel32.GetFileIdInfo(file, 18, out FileIdInfo id, 24));
        machine.Kernel32.CloseHandle(file);
        return (info.NumberOfLinks, new UInt128(id.FileIdHigh, id.FileIdLow));
    }

    /// <summary>Nothing is open, nothing is left: no layer, no folder, no mark, no temporary folder.</summary>
    public static void AssertNothingLeft(SimulatedMachine machine, string layer = @"C:\layers\new")
    {
        Assert.Equal((0, 0), (machine.Kernel32.OpenHandles, machine.Vmcompute.OpenContexts));
        Assert.DoesNotContain(layer[(layer.LastIndexOf('\\') + 1)..], machine.Layers);
        Assert.Equal(uint.MaxValue, machine.Kernel32.GetFileAttributesW(layer));
        Assert.Equal(uint.MaxValue, machine.Kernel32.GetFileAttributesW(layer + ".importing"));
        Assert.Empty(machine.Hcs.TemporaryFiles());
    }

    /// <summary>The layer is there, and nothing else that the import made.</summary>
    public static void AssertWhole(SimulatedMachine machine)
    {
        Assert.Equal((0, 0), (machine.Kernel32.OpenHandles, machine.Vmcompute.OpenContexts));
        Assert.Contains("new", machine.Layers);
        Assert.Equal(uint.MaxValue, machine.Kernel32.GetFileAttributesW(@"C:\layers\new.importing"));
        Assert.Empty(machine.Hcs.TemporaryFiles());
    }
}
