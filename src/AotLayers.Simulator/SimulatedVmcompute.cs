using AotLayers.Hcs;
using AotLayers.Interop;

namespace AotLayers.Simulator;

/// <summary>
/// The layer exports of <c>vmcompute.dll</c> on a simulated machine. Misuse is answered with the HRESULT that Windows gives, where one is known
/// (layers.md 1.5, demand.md 0). Calls change the machine in memory only.
/// </summary>
public sealed partial class SimulatedVmcompute : IVmcompute
{
    private readonly SimulatedVolume _volume;
    private readonly SimulatorOptions _options;
    private readonly MachineLock _lock;

    internal SimulatedVmcompute(SimulatedVolume volume, SimulatorOptions options, MachineLock machineLock) =>
        (_volume, _options, _lock) = (volume, options, machineLock);

    /// <inheritdoc/>
    public NativeApiInfo Info => VmcomputeApi.Info;

    /// <inheritdoc/>
    public ExportStatus Probe(string export) =>
        _options.VmcomputeMissing ? ExportStatus.LibraryMissing
        : _options.AbsentExports.Contains(export, StringComparer.Ordinal) ? ExportStatus.ExportMissing
        : ExportStatus.Present;

    /// <inheritdoc/>
    public int ActivateLayer(in DriverInfo info, string layerId) => OnLayer(nameof(ActivateLayer), layerId, layer =>
    {
        if (layer.Activations > 0 && layer.Content.IsScratch)
        {
            return Win32Error.SharingViolation;
        }

        layer.Activations++;
        return 0;
    });

    /// <inheritdoc/>
    public int DeactivateLayer(in DriverInfo info, string layerId) => OnLayer(nameof(DeactivateLayer), layerId, layer =>
    {
        if (layer.Activations == 0 || layer.IsPrepared)
        {
            return layer.IsPrepared ? Win32Error.SharingViolation : Win32Error.NotReady;
        }

        layer.Activations--;
        return 0;
    });

    /// <inheritdoc/>
    public int PrepareLayer(in DriverInfo info, string layerId, ReadOnlySpan<LayerDescriptor> parents, uint parentCount)
    {
        LayerDescriptor[] given = parents.ToArray();
        return OnLayer(nameof(PrepareLayer), layerId, layer =>
        {
            uint parentError = CheckParents(given);
            if (parentError != 0 || layer.Activations == 0)
            {
                return parentError != 0 ? parentError : Win32Error.NotReady;
            }

            layer.IsPrepared = true;
            return 0;
        });
    }

    /// <inheritdoc/>
    public int UnprepareLayer(in DriverInfo info, string layerId) => OnLayer(nameof(UnprepareLayer), layerId, layer =>
    {
        if (!layer.IsPrepared)
        {
            return Win32Error.NotReady;
        }

        layer.IsPrepared = false;
        return 0;
    });

    /// <inheritdoc/>
    public int CreateLayer(in DriverInfo info, string layerId, string parentId) => Locked(nameof(CreateLayer), () =>
        _volume.FindLayer(layerId) is not null ? Win32Error.AlreadyExists
        : !string.IsNullOrEmpty(parentId) && _volume.FindLayer(parentId) is null ? Win32Error.PathNotFound
        : AddLayer(layerId, scratch: false));

    /// <inheritdoc/>
    public int CreateSandboxLayer(in DriverInfo info, string layerId, string? parentId, ReadOnlySpan<LayerDescriptor> parents, uint parentCount)
    {
        LayerDescriptor[] given = parents.ToArray();
        return Locked(nameof(CreateSandboxLayer), () =>
        {
            uint parentError = given.Length == 0 ? Win32Error.InvalidParameter : CheckParents(given);
            return parentError != 0 ? parentError
                : _volume.FindLayer(layerId) is not null ? Win32Error.AlreadyExists
                : AddLayer(layerId, scratch: true);
        });
    }

    /// <inheritdoc/>
    public int CopyLayer(in DriverInfo info, string sourceId, string targetId, ReadOnlySpan<LayerDescriptor> parents, uint parentCount)
    {
        LayerDescriptor[] given = parents.ToArray();
        return OnLayer(nameof(CopyLayer), sourceId, source =>
        {
            uint parentError = CheckParents(given);
            string name = SimulatedVolume.LayerName(targetId);
            if (parentError != 0 || name.Length == 0 || _volume.FindLayer(name) is not null)
            {
                return parentError != 0 ? parentError : name.Length == 0 ? Win32Error.InvalidParameter : Win32Error.AlreadyExists;
            }

            var root = new SimulatedNode(name, source.Root.File.Copy()) { Sealed = true };
            CopyChildren(source.Root, root);
            root.Number(name.ToLowerInvariant());
            _volume.Add(new SimulatedLayer(name, source.Content with { Root = root }));
            return 0;
        });
    }

    /// <inheritdoc/>
    public int DestroyLayer(in DriverInfo info, string layerId) => OnLayer(nameof(DestroyLayer), layerId, layer =>
    {
        if (layer.IsPrepared || (layer.Activations > 0 && layer.Content.IsScratch))
        {
            return Win32Error.SharingViolation;
        }

        _volume.Remove(layer);
        return 0;
    });

    /// <inheritdoc/>
    public int ExpandSandboxSize(in DriverInfo info, string layerId, ulong sizeBytes) => OnLayer(nameof(ExpandSandboxSize), layerId, layer =>
    {
        if (!layer.Content.IsScratch || sizeBytes < layer.ScratchSize)
        {
            return Win32Error.InvalidParameter;
        }

        layer.ScratchSize = sizeBytes;
        return 0;
    });

    /// <inheritdoc/>
    public int GetLayerMountPath(in DriverInfo info, string layerId, ref nuint length, Span<char> buffer)
    {
        nuint room = Math.Min(length, (nuint)buffer.Length);
        string path = "";
        int hr = OnLayer(nameof(GetLayerMountPath), layerId, layer =>
        {
            path = !layer.Content.IsScratch ? layerId : layer.Activations > 0 ? $@"\\?\Volume{{{layer.Volume:D}}}" : "";
            return layer.Content.IsScratch && path.Length == 0 ? Win32Error.NotReady : 0;
        });
        if (hr < 0)
        {
            return hr;
        }

        length = (nuint)path.Length + 1;
        if (buffer.IsEmpty)
        {
            return 0;
        }

        if (room < length)
        {
            const uint InsufficientBuffer = 122;
            return Win32Error.ToHResult(InsufficientBuffer);
        }

        path.CopyTo(buffer);
        buffer[path.Length] = '\0';
        return 0;
    }

    /// <inheritdoc/>
    public int GetBaseImages(out string? json)
    {
        json = null;
        Require(nameof(GetBaseImages));
        json = """{"Images":[]}""";
        return 0;
    }

    /// <inheritdoc/>
    public int LayerExists(in DriverInfo info, string layerId, out uint exists)
    {
        Require(nameof(LayerExists));
        using (_lock.Enter())
        {
            exists = _volume.FindLayer(layerId) is null ? 0u : 1;
            return 0;
        }
    }

    /// <inheritdoc/>
    public int NameToGuid(string name, out Guid id)
    {
        Require(nameof(NameToGuid));
        id = NameGuid.Create(name);
        return 0;
    }

    /// <inheritdoc/>
    public int ProcessBaseImage(string layerPath) => NeedsDirectory(nameof(ProcessBaseImage), layerPath);

    /// <inheritdoc/>
    public int ProcessUtilityImage(string utilityVmPath) => NeedsDirectory(nameof(ProcessUtilityImage), utilityVmPath);

    /// <inheritdoc/>
    public int GrantVmAccess(string vmId, string filePath) => Locked(nameof(GrantVmAccess), () => _volume.Find(filePath, out _));

    private int NeedsDirectory(string function, string path) => Locked(function, () =>
    {
        uint error = _volume.Find(path, out var node);
        return error != 0 ? error : node!.Find(LayerTops.Files) is { File.IsDirectory: true } ? 0 : Win32Error.PathNotFound;
    });

    private int OnLayer(string function, string layerId, Func<SimulatedLayer, uint> action) =>
        Locked(function, () => _volume.FindLayer(layerId) is { } layer ? action(layer) : Win32Error.PathNotFound);

    private int Locked(string function, Func<uint> action)
    {
        Require(function);
        using (_lock.Enter(function))
        {
            return Win32Error.ToHResult(action());
        }
    }

    // The native binding looks an export up before it calls it, and so does this.
    private void Require(string function) => MissingExportException.ThrowUnlessPresent(Probe(function), Info.Library, function);

    private uint AddLayer(string layerId, bool scratch)
    {
        string name = SimulatedVolume.LayerName(layerId);
        if (name.Length == 0)
        {
            return Win32Error.InvalidParameter;
        }

        var root = new SimulatedNode(name, LayerDefaults.Standard.Directory()) { Sealed = true };
        if (scratch)
        {
            root.Add(new SimulatedNode("sandbox.vhdx", LayerDefaults.Standard.File(ContentSource.Empty)) { Sealed = true });
        }

        root.Number(name.ToLowerInvariant());
        _volume.Add(new SimulatedLayer(name, new LayerContent(root) { IsScratch = scratch }));
        return 0;
    }

    private static void CopyChildren(SimulatedNode source, SimulatedNode target)
    {
        foreach (var child in source.ExportOrder)
        {
            CopyChildren(child, target.Add(new SimulatedNode(child.Name, child.File.Copy()) { Sealed = true }));
        }
    }

    // Parents have to be layers of this machine, with the ids that NameToGuid gives them.
    private uint CheckParents(ReadOnlySpan<LayerDescriptor> parents)
    {
        foreach (ref readonly var parent in parents)
        {
            if (string.IsNullOrEmpty(parent.Path) || _volume.FindLayer(parent.Path) is null)
            {
                return Win32Error.PathNotFound;
            }

            if (parent.Id != NameGuid.Create(SimulatedVolume.LayerName(parent.Path)))
            {
                return Win32Error.InvalidParameter;
            }
        }

        return 0;
    }

    // A layer that names its parents is exported with just these, nearest first.
    private uint CheckParents(SimulatedLayer layer, ReadOnlySpan<LayerDescriptor> parents)
    {
        uint error = CheckParents(parents);
        if (error != 0 || layer.Content.Parents is not { } expected)
        {
            return error;
        }

        bool same = expected.Count == parents.Length;
        for (int i = 0; same && i < parents.Length; i++)
        {
            same = string.Equals(expected[i], SimulatedVolume.LayerName(parents[i].Path), StringComparison.OrdinalIgnoreCase);
        }

        return same ? 0 : Win32Error.InvalidParameter;
    }
}
