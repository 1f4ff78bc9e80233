using AotLayers.Hcs;

namespace AotLayers.Simulator;

public sealed partial class SimulatedVmcompute
{
    private readonly Dictionary<nint, LayerImport> _imports = [];

    /// <inheritdoc/>
    /// <remarks>Reads a transport folder of the simulated volume or of the real disk; the layer it makes lives in memory.</remarks>
    public int ImportLayer(in DriverInfo info, string layerId, string importFolder, ReadOnlySpan<LayerDescriptor> parents, uint parentCount)
    {
        LayerDescriptor[] given = parents.ToArray();
        return Locked(nameof(ImportLayer), () =>
        {
            uint error = given.Length == 0 ? Win32Error.InvalidParameter : CheckParents(given);
            string name = SimulatedVolume.LayerName(layerId);
            return error != 0 ? error
                : name.Length == 0 ? Win32Error.InvalidParameter
                : TransportImport.Read(_volume, name, importFolder);
        });
    }

    /// <inheritdoc/>
    public unsafe int ImportLayerBegin(in DriverInfo info, string layerId, ReadOnlySpan<LayerDescriptor> parents, uint parentCount, out nint context)
    {
        context = 0;
        Require(nameof(ImportLayerBegin));
        using (_lock.Enter())
        {
            uint error = CheckParents(parents);
            string name = SimulatedVolume.LayerName(layerId);
            if (error != 0 || name.Length == 0)
            {
                return Win32Error.ToHResult(error != 0 ? error : Win32Error.InvalidParameter);
            }

            context = NewContext();
            _imports.Add(context, new LayerImport(name));
            return 0;
        }
    }

    /// <inheritdoc/>
    public unsafe int ImportLayerNext(nint context, string fileName, FileBasicInfo* fileInfo)
    {
        Require(nameof(ImportLayerNext));
        using (_lock.Enter())
        {
            return _imports.TryGetValue(context, out var import)
                ? import.Next(fileName, fileInfo is null ? null : *fileInfo)
                : Win32Error.ToHResult(Win32Error.InvalidHandle);
        }
    }

    /// <inheritdoc/>
    public int ImportLayerWrite(nint context, ReadOnlySpan<byte> buffer, uint length)
    {
        Require(nameof(ImportLayerWrite));
        using (_lock.Enter())
        {
            return _imports.TryGetValue(context, out var import)
                ? import.Write(buffer[..(int)Math.Min((uint)buffer.Length, length)])
                : Win32Error.ToHResult(Win32Error.InvalidHandle);
        }
    }

    /// <inheritdoc/>
    public int ImportLayerEnd(nint context)
    {
        Require(nameof(ImportLayerEnd));
        using (_lock.Enter())
        {
            return _imports.Remove(context, out var import) ? import.End(_volume) : Win32Error.ToHResult(Win32Error.InvalidHandle);
        }
    }
}
