using AotLayers.Hcs;

namespace AotLayers.Simulator;

public sealed partial class SimulatedVmcompute
{
    private readonly Dictionary<nint, LayerExport> _exports = [];
    private nint _lastContext = 0x1000;

    /// <summary>Streaming exports and imports that have begun and not ended: a test asserts that it is zero.</summary>
    public int OpenContexts
    {
        get
        {
            using (_calls.Lock.EnterHandle())
            {
                return _exports.Count + _imports.Count;
            }
        }
    }

    /// <inheritdoc/>
    /// <remarks>
    /// A folder that exists on this machine's real disk is filled there. Any other one is a folder of the simulated volume and holds no
    /// bytes:
    /// its contents are made when they are read. A layer without parents is refused with 0x80070057, as Windows does
    /// (docs/formats/base-layer.md).
    /// </remarks>
    public int ExportLayer(in DriverInfo info, string layerId, string exportFolder, ReadOnlySpan<LayerDescriptor> parents, uint parentCount)
    {
        ArgumentNullException.ThrowIfNull(exportFolder);
        LayerDescriptor[] given = parents.ToArray();
        return _calls.Query(this, nameof(ExportLayer), () => OnLayer(layerId, layer =>
        {
            uint error = given.Length == 0 ? Win32Error.InvalidParameter : CheckParents(layer, given);
            error = error == 0 && layer.IsPrepared ? Win32Error.SharingViolation : error;
            return error != 0 ? error : TransportExport.Write(_volume, layer, exportFolder);
        }));
    }

    /// <inheritdoc/>
    public int ExportLayerBegin(
        in DriverInfo info,
        string layerId,
        ReadOnlySpan<LayerDescriptor> parents,
        uint parentCount,
        out nint context)
    {
        LayerDescriptor[] given = parents.ToArray();
        nint begun = 0;
        int hr = _calls.Query(this, nameof(ExportLayerBegin), () => OnLayer(layerId, layer =>
        {
            uint error = CheckParents(layer, given);
            if (error == 0)
            {
                begun = NewContext();
                _exports.Add(begun, new LayerExport(layer, _options.MaxReadBytes));
            }

            return error;
        }));
        context = begun;
        return hr;
    }

    /// <inheritdoc/>
    public int ExportLayerNext(nint context, out string? fileName, out FileBasicInfo fileInfo, out long fileSize, out uint deleted)
    {
        (fileName, fileInfo, fileSize, deleted) = (null, default, 0, 0);
        LayerCalls.Require(this, nameof(ExportLayerNext));
        using (_calls.Lock.EnterHandle())
        {
            int result = _exports.TryGetValue(context, out LayerExport? export)
                ? export.Next(out fileName, out fileInfo, out fileSize, out deleted)
                : Win32Error.ToHResult(Win32Error.InvalidHandle);
            StructPadding.Clear(ref fileInfo, fields: 36);
            return result;
        }
    }

    /// <inheritdoc/>
    public int ExportLayerRead(nint context, Span<byte> buffer, uint length, out uint bytesRead)
    {
        bytesRead = 0;
        LayerCalls.Require(this, nameof(ExportLayerRead));
        using (_calls.Lock.EnterHandle())
        {
            return _exports.TryGetValue(context, out LayerExport? export)
                ? export.Read(buffer[..(int)Math.Min((uint)buffer.Length, length)], out bytesRead)
                : Win32Error.ToHResult(Win32Error.InvalidHandle);
        }
    }

    /// <inheritdoc/>
    public int ExportLayerEnd(nint context)
    {
        LayerCalls.Require(this, nameof(ExportLayerEnd));
        using (_calls.Lock.EnterHandle())
        {
            return _exports.Remove(context, out LayerExport? export) ? export.End() : Win32Error.ToHResult(Win32Error.InvalidHandle);
        }
    }

    private nint NewContext() => _lastContext += 0x10;
}
