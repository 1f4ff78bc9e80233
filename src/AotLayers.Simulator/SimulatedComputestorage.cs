using System.Text.Json;
using AotLayers.Hcs;
using AotLayers.Interop;

namespace AotLayers.Simulator;

/// <summary>
/// The folder calls of <c>computestorage.dll</c> on a simulated machine (layers.md 1.8): export, import and destroy. There are no disks and no filters
/// to simulate, so <see cref="Probe"/> reports every other export missing.
/// </summary>
public sealed class SimulatedComputestorage : IComputestorage
{
    private static readonly string[] s_present = [nameof(HcsExportLayer), nameof(HcsImportLayer), nameof(HcsDestroyLayer)];

    private readonly SimulatedVolume _volume;
    private readonly SimulatorOptions _options;
    private readonly MachineLock _lock;

    internal SimulatedComputestorage(SimulatedVolume volume, SimulatorOptions options, MachineLock machineLock) =>
        (_volume, _options, _lock) = (volume, options, machineLock);

    /// <inheritdoc/>
    public NativeApiInfo Info => ComputestorageApi.Info;

    /// <inheritdoc/>
    public ExportStatus Probe(string export) =>
        s_present.Contains(export, StringComparer.Ordinal) && !_options.AbsentExports.Contains(export, StringComparer.Ordinal)
            ? ExportStatus.Present
            : ExportStatus.ExportMissing;

    /// <inheritdoc/>
    public int HcsImportLayer(string layerPath, string sourceFolderPath, string layerData) => Call(nameof(HcsImportLayer), () =>
    {
        uint error = CheckParents(layerData, out _);
        string name = SimulatedVolume.LayerName(layerPath);
        return error != 0 ? error : name.Length == 0 ? Win32Error.InvalidParameter : TransportImport.Read(_volume, name, sourceFolderPath);
    });

    /// <inheritdoc/>
    public int HcsExportLayer(string layerPath, string exportFolderPath, string layerData, string options) => Call(nameof(HcsExportLayer), () =>
    {
        uint error = CheckParents(layerData, out int parents);
        return error != 0 ? error
            : parents == 0 ? Win32Error.InvalidParameter
            : _volume.FindLayer(layerPath) is not { } layer ? Win32Error.PathNotFound
            : TransportExport.Write(_volume, layer, exportFolderPath);
    });

    /// <inheritdoc/>
    public int HcsDestroyLayer(string layerPath) => Call(nameof(HcsDestroyLayer), () =>
    {
        if (_volume.FindLayer(layerPath) is not { } layer)
        {
            return Win32Error.PathNotFound;
        }

        _volume.Remove(layer);
        return 0;
    });

    /// <inheritdoc/>
    public int HcsExportLegacyWritableLayer(string writableLayerMountPath, string writableLayerFolderPath, string exportFolderPath, string layerData) =>
        Missing(nameof(HcsExportLegacyWritableLayer));

    /// <inheritdoc/>
    public int HcsSetupBaseOSLayer(string layerPath, nint vhd, string options) => Missing(nameof(HcsSetupBaseOSLayer));

    /// <inheritdoc/>
    public int HcsSetupBaseOSVolume(string layerPath, string volumePath, string options) => Missing(nameof(HcsSetupBaseOSVolume));

    /// <inheritdoc/>
    public int HcsInitializeWritableLayer(string writableLayerPath, string layerData, string? options) => Missing(nameof(HcsInitializeWritableLayer));

    /// <inheritdoc/>
    public int HcsInitializeLegacyWritableLayer(string writableLayerMountPath, string writableLayerFolderPath, string layerData, string? options) =>
        Missing(nameof(HcsInitializeLegacyWritableLayer));

    /// <inheritdoc/>
    public int HcsAttachLayerStorageFilter(string layerPath, string layerData) => Missing(nameof(HcsAttachLayerStorageFilter));

    /// <inheritdoc/>
    public int HcsDetachLayerStorageFilter(string layerPath) => Missing(nameof(HcsDetachLayerStorageFilter));

    /// <inheritdoc/>
    public int HcsAttachOverlayFilter(string volumePath, string layerData) => Missing(nameof(HcsAttachOverlayFilter));

    /// <inheritdoc/>
    public int HcsDetachOverlayFilter(string volumePath, string layerData) => Missing(nameof(HcsDetachOverlayFilter));

    /// <inheritdoc/>
    public int HcsFormatWritableLayerVhd(nint vhd) => Missing(nameof(HcsFormatWritableLayerVhd));

    /// <inheritdoc/>
    public int HcsGetLayerVhdMountPath(nint vhd, out string? mountPath)
    {
        mountPath = null;
        return Missing(nameof(HcsGetLayerVhdMountPath));
    }

    private int Call(string function, Func<uint> action)
    {
        MissingExportException.ThrowUnlessPresent(Probe(function), Info.Library, function);
        using (_lock.Enter(function))
        {
            return Win32Error.ToHResult(action());
        }
    }

    private int Missing(string function) => Call(function, static () => Win32Error.NotSupported);

    // LayerData: {"SchemaVersion":{...},"Layers":[{"Id":...,"Path":...}]}, nearest parent first; no layers for a base layer.
    private uint CheckParents(string layerData, out int count)
    {
        count = 0;
        try
        {
            using var document = JsonDocument.Parse(layerData);
            if (!document.RootElement.TryGetProperty("Layers", out var layers) || layers.ValueKind == JsonValueKind.Null)
            {
                return 0;
            }

            foreach (var layer in layers.EnumerateArray())
            {
                count++;
                if (_volume.FindLayer(layer.GetProperty("Path").GetString() ?? "") is null)
                {
                    return Win32Error.PathNotFound;
                }
            }

            return 0;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or KeyNotFoundException)
        {
            return Win32Error.InvalidData;
        }
    }
}
