using AotLayers.Hcs;
using AotLayers.Replay.Tests.Simulator;
using AotLayers.Simulator;
using Xunit;

namespace AotLayers.Replay.Tests.Layers;

/// <summary>Machines for tests of readers.</summary>
internal static class Machines
{
    /// <summary>The exports that released Windows does not have.</summary>
    public static IReadOnlyCollection<string> StreamingExports { get; } =
        ["ExportLayerBegin", "ExportLayerNext", "ExportLayerRead", "ExportLayerEnd"];

    /// <summary>A simulated machine of the committed sample layers.</summary>
    public static HcsMachine Samples(params string[] absentExports) =>
        Of(SampleLayers.Load(new SimulatorOptions { AbsentExports = absentExports }));

    public static HcsMachine Of(SimulatedMachine machine) => machine.Hcs;

    public static LayerLocation App { get; } = new() { Id = @"C:\layers\app", Parents = [@"C:\layers\base"] };

    public static LayerLocation Base { get; } = new() { Id = @"C:\layers\base" };

    /// <summary>What is in the machine's temporary folder.</summary>
    public static IReadOnlyList<string> TemporaryFiles(this HcsMachine machine)
    {
        ushort[] buffer = new ushort[300];
        uint length = machine.Kernel32.GetTempPathW(300, buffer);
        string folder = new([.. buffer.Take((int)length).Select(c => (char)c)]);
        var names = new List<string>();
        nint find = machine.Kernel32.FindFirstFileW(folder + "*", out Win32FindData data);
        if (find == -1)
        {
            return names;
        }

        do
        {
            string name = new string(data.FileName).TrimEnd('\0');
            if (name is not ("." or ".."))
            {
                names.Add(name);
            }
        }
        while (machine.Kernel32.FindNextFileW(find, out data) != 0);
        Assert.NotEqual(0, machine.Kernel32.FindClose(find));
        return names;
    }

    /// <summary>Names of all entries, tombstones with a minus.</summary>
    public static List<string> Names(this LayerReader reader)
    {
        var names = new List<string>();
        while (reader.GetNextEntry() is { } entry)
        {
            names.Add((entry.IsTombstone ? "-" : "") + entry.Name);
        }

        return names;
    }
}
