using AotLayers.Hcs;

namespace AotLayers.Simulator;

/// <summary>
/// A machine with a Host Compute Service made of plain folders. Each folder of a directory is a layer; it is found by the base name of a layer path, so
/// that <c>C:\layers\app</c> is <c>DIR/app</c>. Nothing is ever written to that directory: what calls change is kept in memory.
/// </summary>
public sealed class SimulatedMachine
{
    private SimulatedMachine(SimulatedVolume volume, SimulatorOptions options)
    {
        var machineLock = new Lock();
        Vmcompute = new SimulatedVmcompute(volume, options, machineLock);
        Kernel32 = new SimulatedKernel32(volume, options, machineLock);
        Computestorage = new SimulatedComputestorage(volume, options, machineLock);
        Layers = [.. volume.Layers.Select(layer => layer.Name)];
    }

    /// <summary>The layer exports of <c>vmcompute.dll</c>.</summary>
    public SimulatedVmcompute Vmcompute { get; }

    /// <summary>File calls on the machine's volume.</summary>
    public SimulatedKernel32 Kernel32 { get; }

    /// <summary>The exports of <c>computestorage.dll</c>.</summary>
    public SimulatedComputestorage Computestorage { get; }

    /// <summary>The machine as readers and commands take it.</summary>
    public HcsMachine Hcs => new() { Vmcompute = Vmcompute, Kernel32 = Kernel32, Computestorage = Computestorage };

    /// <summary>Names of the layers that were loaded, in ordinal order.</summary>
    public IReadOnlyList<string> Layers { get; }

    /// <summary>Loads every folder of a directory as a layer.</summary>
    /// <param name="directory">Directory of layer folders.</param>
    /// <param name="options">What the machine lacks; null for a machine that has everything.</param>
    /// <exception cref="DirectoryNotFoundException">The directory does not exist.</exception>
    /// <exception cref="InvalidDataException">A layer does not follow the format; the message names the file and the place in it.</exception>
    /// <exception cref="IOException">A folder cannot be read.</exception>
    public static SimulatedMachine Load(string directory, SimulatorOptions? options = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(directory);
        options ??= new SimulatorOptions();
        if (!Directory.Exists(directory))
        {
            throw new DirectoryNotFoundException($"'{directory}' is not a directory of simulated layers");
        }

        var volume = new SimulatedVolume(options.Home, options.TempFolder);
        foreach (string folder in Directory.GetDirectories(directory).Order(StringComparer.Ordinal))
        {
            try
            {
                volume.Add(LayerLoader.Load(folder));
            }
            catch (ArgumentException e)
            {
                throw new InvalidDataException($"{folder}: a layer of that name is there already, in another case", e);
            }
        }

        return new SimulatedMachine(volume, options);
    }
}
