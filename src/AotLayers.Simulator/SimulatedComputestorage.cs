using AotLayers.Hcs;
using AotLayers.Interop;

namespace AotLayers.Simulator;

/// <summary>
/// The exports of <c>computestorage.dll</c> on a simulated machine (docs/windows/computestorage.md#functions), on the same layers as <see
/// cref="SimulatedVmcompute"/>: a layer to which the
/// storage filter is attached is a prepared one. Refusals are those that were measured (docs/windows/computestorage.md#behaviour).
/// </summary>
public sealed class SimulatedComputestorage : IComputestorage
{
    private readonly LayerCalls _calls;
    private readonly SimulatedVolume _volume;
    private readonly SimulatorOptions _options;
    private readonly SimulatedKernel32 _kernel;

    internal SimulatedComputestorage(LayerCalls calls, SimulatedKernel32 kernel) =>
        (_calls, _volume, _options, _kernel) = (calls, calls.Volume, calls.Options, kernel);

    /// <inheritdoc/>
    public NativeApiInfo Info => ComputestorageApi.Info;

    /// <inheritdoc/>
    public ExportStatus Probe(string export) =>
        _options.AbsentExports.Contains(export, StringComparer.Ordinal) ? ExportStatus.ExportMissing : ExportStatus.Present;

    /// <inheritdoc/>
    public int HcsImportLayer(string layerPath, string sourceFolderPath, string layerData) =>
        _calls.Change(this, nameof(HcsImportLayer), () =>
    {
        uint error = LayerData.Read(layerData, out LayerData? data);
        error = error != 0 ? error : CheckParents(data);
        string name = SimulatedVolume.LayerName(layerPath);
        return error != 0 ? error
            : name.Length == 0 ? Win32Error.InvalidParameter
            : TransportImport.Read(_volume, name, sourceFolderPath, data.ParentNames, complete: true);
    });

    /// <inheritdoc/>
    public int HcsExportLayer(string layerPath, string exportFolderPath, string layerData, string options) =>
        _calls.Query(this, nameof(HcsExportLayer), () =>
        Export(layerPath, exportFolderPath, layerData, options));

    /// <inheritdoc/>
    public int HcsExportLegacyWritableLayer(
        string writableLayerMountPath,
        string writableLayerFolderPath,
        string exportFolderPath,
        string layerData) =>
        _calls.Query(this, nameof(HcsExportLegacyWritableLayer), () =>
            _volume.Find(writableLayerMountPath, out _) is var error and not 0
                ? error
                : Export(writableLayerFolderPath, exportFolderPath, layerData, ""));

    /// <inheritdoc/>
    public int HcsDestroyLayer(string layerPath) => _calls.Change(this, nameof(HcsDestroyLayer), () => OnLayer(layerPath, layer =>
    {
        if (layer.IsPrepared || (layer.Activations > 0 && layer.Content.IsScratch))
        {
            return Win32Error.SharingViolation;
        }

        if (!_options.DestroyLeaves)
        {
            _volume.Remove(layer);
        }

        return 0;
    }));

    /// <inheritdoc/>
    /// <remarks>
    /// A utility VM is set up in its folder <c>UtilityVM</c>; in another one the call fails with ERROR_GEN_FAILURE, as it does on
    /// Windows.
    /// </remarks>
    public int HcsSetupBaseOSLayer(string layerPath, nint vhd, string options) => _calls.Change(this, nameof(HcsSetupBaseOSLayer), () =>
    {
        uint error = LayerData.ReadOsLayerType(options, out bool isVm);
        if (error != 0 || isVm)
        {
            return error != 0 ? error
                : vhd != 0 && _kernel.FindOpen(vhd) is null ? Win32Error.InvalidHandle
                : SetUpUtilityVm(layerPath);
        }

        return OnLayer(layerPath, layer =>
        {
            if (layer.Root.Find(LayerTops.Files) is null)
            {
                return Win32Error.PathNotFound;
            }

            if (layer.Root.Find(LayerTops.Hives) is not null || layer.Root.Find(BaseImage.Layout) is not null)
            {
                return Win32Error.FileExists;
            }

            SimulatedNode changed = layer.Root.CopyTree();
            BaseImage.AddHives(changed);
            BaseImage.AddFile(changed, BaseImage.Layout);
            _volume.Put(layer.Name, layer.Content with { Root = changed, IsUnfinished = false });
            return 0;
        });
    });

    /// <inheritdoc/>
    public int HcsSetupBaseOSVolume(string layerPath, string volumePath, string options) =>
        _calls.Query(this, nameof(HcsSetupBaseOSVolume), () =>
    {
        uint error = LayerData.ReadOsLayerType(options, out _);
        return error != 0 ? error
            : OnLayer(layerPath, layer => layer.Root.Find(LayerTops.Hives) is not null || layer.Root.Find(BaseImage.Layout) is not null
                ? Win32Error.FileExists
                : _volume.Find(volumePath, out _));
    });

    /// <inheritdoc/>
    /// <remarks>A document that is none, or parents that are not there, are ERROR_PATH_NOT_FOUND here.</remarks>
    public int HcsInitializeWritableLayer(string writableLayerPath, string layerData, string? options) =>
        _calls.Change(this, nameof(HcsInitializeWritableLayer), () => Initialize(writableLayerPath, layerData));

    /// <inheritdoc/>
    public int HcsInitializeLegacyWritableLayer(
        string writableLayerMountPath,
        string writableLayerFolderPath,
        string layerData,
        string? options) =>
        _calls.Change(this, nameof(HcsInitializeLegacyWritableLayer), () => Initialize(writableLayerFolderPath, layerData));

    /// <inheritdoc/>
    public int HcsAttachLayerStorageFilter(string layerPath, string layerData) =>
        _calls.Change(this, nameof(HcsAttachLayerStorageFilter), () =>
    {
        uint error = LayerData.Read(layerData, out LayerData? data);
        error = error != 0 ? error : CheckParents(data);
        return error != 0 ? error : OnLayer(layerPath, layer =>
        {
            if (!layer.Content.IsScratch || layer.IsPrepared || _options.NotElevated)
            {
                return _options.NotElevated
                    ? Win32Error.AccessDenied
                    : layer.IsPrepared ? Win32Error.AlreadyExists : Win32Error.PathNotFound;
            }

            if (layer.Content.Parents is { } parents && !parents.SequenceEqual(data.ParentNames, StringComparer.OrdinalIgnoreCase))
            {
                return Win32Error.InvalidParameter;
            }

            (layer.IsPrepared, layer.Activations) = (true, layer.Activations + 1);
            return 0;
        });
    });

    /// <inheritdoc/>
    public int HcsDetachLayerStorageFilter(string layerPath) =>
        _calls.Change(this, nameof(HcsDetachLayerStorageFilter), () => OnLayer(layerPath, layer =>
    {
        if (!layer.IsPrepared)
        {
            return Win32Error.NotFound;
        }

        (layer.IsPrepared, layer.Activations) = (false, layer.Activations - 1);
        return 0;
    }));

    /// <inheritdoc/>
    /// <remarks>The volume is that of a writable layer that was initialised, which leaves <c>WcSandboxState</c> on it.</remarks>
    public int HcsAttachOverlayFilter(string volumePath, string layerData) => _calls.Change(this, nameof(HcsAttachOverlayFilter), () =>
    {
        uint error = LayerData.Read(layerData, out LayerData? data);
        error = error != 0 ? error : CheckParents(data);
        return error != 0 ? error : OnLayer(volumePath, layer =>
        {
            if (layer.Root.Find(LayerData.SandboxState) is null || layer.HasOverlay)
            {
                return layer.HasOverlay ? Win32Error.AlreadyExists : Win32Error.PathNotFound;
            }

            layer.HasOverlay = true;
            return 0;
        });
    });

    /// <inheritdoc/>
    public int HcsDetachOverlayFilter(string volumePath, string layerData) => _calls.Change(this, nameof(HcsDetachOverlayFilter), () =>
    {
        uint error = LayerData.Read(layerData, out _);
        return error != 0 ? error : OnLayer(volumePath, layer =>
        {
            if (!layer.HasOverlay)
            {
                return Win32Error.NotFound;
            }

            layer.HasOverlay = false;
            return 0;
        });
    });

    /// <inheritdoc/>
    public int HcsFormatWritableLayerVhd(nint vhd) => _calls.Query(this, nameof(HcsFormatWritableLayerVhd), () =>
        FindDisk(vhd) is null ? Win32Error.InvalidHandle : _options.NotElevated ? Win32Error.AccessDenied : 0);

    /// <inheritdoc/>
    public int HcsGetLayerVhdMountPath(nint vhd, out string? mountPath)
    {
        string? path = null;
        int hr = _calls.Query(this, nameof(HcsGetLayerVhdMountPath), () =>
        {
            if (FindDisk(vhd) is not { } disk)
            {
                return Win32Error.InvalidHandle;
            }

            if (_volume.FindByName(disk.Parent!.Name) is not { Activations: > 0 } layer)
            {
                return Win32Error.DeviceNotExist;
            }

            path = $@"\\?\Volume{{{layer.Volume:D}}}";
            return 0;
        });
        mountPath = path;
        return hr;
    }

    private uint Export(string layerPath, string exportFolderPath, string layerData, string options)
    {
        uint error = LayerData.Read(layerData, out LayerData? data);
        error = error != 0 ? error : LayerData.ReadExportOptions(options, out _);
        error = error != 0 ? error : CheckParents(data);
        return error != 0 ? error
            : data.Parents.Count == 0 ? Win32Error.InvalidParameter
            : OnLayer(layerPath, layer => TransportExport.Write(_volume, layer, exportFolderPath));
    }

    private uint Initialize(string layerPath, string layerData)
    {
        string name = SimulatedVolume.LayerName(layerPath);
        if (LayerData.Read(layerData, out LayerData? data) != 0 || data.Parents.Count == 0 || CheckParents(data) != 0 || name.Length == 0)
        {
            return Win32Error.PathNotFound;
        }

        if (_volume.FindLayer(name) is { } existing && (existing.Root.HasChildren || existing.Activations > 0))
        {
            return Win32Error.AlreadyExists;
        }

        var root = new SimulatedNode(name, LayerDefaults.Standard.Directory()) { Sealed = true };
        ScratchLayer.Fill(root);
        root.Add(new SimulatedNode(LayerData.SandboxState, LayerDefaults.Standard.Directory()) { Sealed = true });
        _volume.Put(name, new LayerContent(root) { IsScratch = true, Parents = data.ParentNames });
        return 0;
    }

    private uint SetUpUtilityVm(string path)
    {
        uint error = _volume.Find(path, out SimulatedNode? node);
        if (error != 0)
        {
            return error;
        }

        if (!string.Equals(node!.Name, LayerTops.UtilityVm, StringComparison.OrdinalIgnoreCase) || node.Find(LayerTops.Files) is null
            || _volume.FindByName(node.Parent?.Name ?? "") is not { } layer || layer.Root != node.Parent)
        {
            return Win32Error.GeneralFailure;
        }

        SimulatedNode changed = layer.Root.CopyTree();
        BaseImage.FinishUtilityVm(changed.Find(node.Name)!);
        _volume.Put(layer.Name, layer.Content with { Root = changed });
        return 0;
    }

    private SimulatedNode? FindDisk(nint vhd) =>
        _kernel.FindOpen(vhd) is { Parent: not null } node && node.Name.EndsWith(".vhdx", StringComparison.OrdinalIgnoreCase) ? node : null;

    private uint CheckParents(LayerData data) =>
        data.Parents.All(path => _volume.FindLayer(path) is not null) ? 0 : Win32Error.PathNotFound;

    private uint OnLayer(string layerPath, Func<SimulatedLayer, uint> action) =>
        _volume.FindLayer(layerPath) is { } layer ? action(layer) : Win32Error.PathNotFound;
}
