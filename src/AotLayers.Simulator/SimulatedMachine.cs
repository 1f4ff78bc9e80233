using AotLayers.Hcs;

namespace AotLayers.Simulator;

/// <summary>
/// A machine with a Host Compute Service made of plain folders. Each folder of a directory is a layer; it is found by the base name of a
/// layer path, so
/// that <c>C:\layers\app</c> is <c>DIR/app</c>. Nothing is ever written to that directory: what calls change is kept in memory,
/// or in the folder of <see cref="SimulatorOptions.StateFolder"/>.
/// </summary>
public sealed class SimulatedMachine
{
    private readonly SimulatedVolume _volume;
    private readonly MachineLock _lock;

    private SimulatedMachine(SimulatedVolume volume, SimulatorOptions options, MachineLock machineLock)
    {
        (_volume, _lock) = (volume, machineLock);
        var calls = new LayerCalls(volume, options, machineLock);
        Vmcompute = new SimulatedVmcompute(calls);
        Kernel32 = new SimulatedKernel32(volume, options, machineLock);
        Computestorage = new SimulatedComputestorage(calls, Kernel32);
    }

    /// <summary>The layer exports of <c>vmcompute.dll</c>.</summary>
    public SimulatedVmcompute Vmcompute { get; }

    /// <summary>File calls on the machine's volume.</summary>
    public SimulatedKernel32 Kernel32 { get; }

    /// <summary>The exports of <c>computestorage.dll</c>.</summary>
    public SimulatedComputestorage Computestorage { get; }

    /// <summary>The machine as readers and commands take it.</summary>
    public HcsMachine Hcs => new() { Vmcompute = Vmcompute, Kernel32 = Kernel32, Computestorage = Computestorage };

    /// <summary>Names of the layers that there are now, in ordinal order.</summary>
    public IReadOnlyList<string> Layers
    {
        get
        {
            using (_lock.Enter())
            {
                return [.. _volume.Layers.Select(layer => layer.Name)];
            }
        }
    }

    /// <summary>
    /// A machine with every folder of a directory as a layer. A layer is read when a call asks for it; one that cannot be used fails that
    /// call with a
    /// <see cref="SimulatedLayerException"/> and no other one.
    /// </summary>
    /// <param name="directory">Directory of layer folders.</param>
    /// <param name="options">What the machine lacks; null for a machine that has everything.</param>
    /// <exception cref="DirectoryNotFoundException">The directory does not exist.</exception>
    /// <exception cref="IOException">The directory cannot be listed.</exception>
    /// <exception cref="UnauthorizedAccessException">The directory cannot be listed.</exception>
    public static SimulatedMachine Load(string directory, SimulatorOptions? options = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(directory);
        options ??= new SimulatorOptions();
        if (!Directory.Exists(directory))
        {
            throw new DirectoryNotFoundException($"'{directory}' is not a directory of simulated layers");
        }

        var machineLock = new MachineLock();
        var volume = new SimulatedVolume(options.Home, options.TempFolder);
        var given = LayerDirectory.List(directory).ToDictionary(
            layer => layer.Name,
            layer => new SimulatedLayer(layer.Name, () => Load(layer.Load, machineLock)),
            StringComparer.OrdinalIgnoreCase);
        volume.Replace(new Dictionary<string, SimulatedLayer>(given, StringComparer.OrdinalIgnoreCase));
        if (options.StateFolder is { } state)
        {
            machineLock.State = volume.State = new MachineState(state, volume, given, machineLock);
        }

        return new SimulatedMachine(volume, options, machineLock);
    }

    private static LayerContent Load(Func<LayerContent> load, MachineLock machineLock)
    {
        try
        {
            return load();
        }
        catch (LayerLoadException e)
        {
            throw new SimulatedLayerException(machineLock.Call, e);
        }
    }
}
