using AotLayers.Hcs;

namespace AotLayers.Simulator;

public sealed partial class SimulatedVmcompute
{
    private readonly Dictionary<nint, LayerImport> _imports = [];

    /// <inheritdoc/>
    /// <remarks>Reads a transport folder of the simulated volume or of the real disk; real files are copied.</remarks>
    public int ImportLayer(in DriverInfo info, string layerId, string importFolder, ReadOnlySpan<LayerDescriptor> parents, uint parentCount)
    {
        LayerDescriptor[] given = parents.ToArray();
        return _calls.Change(this, nameof(ImportLayer), () =>
        {
            uint error = given.Length == 0 ? Win32Error.InvalidParameter : CheckParents(given);
            string name = SimulatedVolume.LayerName(layerId);
            return error != 0 ? error
                : name.Length == 0 ? Win32Error.InvalidParameter
                : TransportImport.Read(_volume, name, importFolder, NamesOf(given), complete: false);
        });
    }

    /// <inheritdoc/>
    public int ImportLayerBegin(
        in DriverInfo info,
        string layerId,
        ReadOnlySpan<LayerDescriptor> parents,
        uint parentCount,
        out nint context)
    {
        LayerDescriptor[] given = parents.ToArray();
        nint begun = 0;
        int hr = _calls.Query(this, nameof(ImportLayerBegin), () =>
        {
            uint error = CheckParents(given);
            string name = SimulatedVolume.LayerName(layerId);
            if (error != 0 || name.Length == 0)
            {
                return error != 0 ? error : Win32Error.InvalidParameter;
            }

            begun = NewContext();
            _imports.Add(begun, new LayerImport(name, NamesOf(given), _volume.NewDraft()));
            return 0;
        });
        context = begun;
        return hr;
    }

    /// <inheritdoc/>
    public unsafe int ImportLayerNext(nint context, string fileName, FileBasicInfo* fileInfo)
    {
        LayerCalls.Require(this, nameof(ImportLayerNext));
        using (_calls.Lock.EnterHandle())
        {
            return _imports.TryGetValue(context, out LayerImport? import)
                ? import.Next(fileName, fileInfo is null ? null : *fileInfo)
                : Win32Error.ToHResult(Win32Error.InvalidHandle);
        }
    }

    /// <inheritdoc/>
    public int ImportLayerWrite(nint context, ReadOnlySpan<byte> buffer, uint length)
    {
        LayerCalls.Require(this, nameof(ImportLayerWrite));
        using (_calls.Lock.EnterHandle())
        {
            return _imports.TryGetValue(context, out LayerImport? import)
                ? import.Write(buffer[..(int)Math.Min((uint)buffer.Length, length)])
                : Win32Error.ToHResult(Win32Error.InvalidHandle);
        }
    }

    /// <inheritdoc/>
    public int ImportLayerEnd(nint context)
    {
        return _calls.Change(this, nameof(ImportLayerEnd), () =>
        {
            if (!_imports.Remove(context, out LayerImport? import))
            {
                return Win32Error.InvalidHandle;
            }

            using (import)
            {
                return (uint)import.End(_volume);
            }
        });
    }
}
