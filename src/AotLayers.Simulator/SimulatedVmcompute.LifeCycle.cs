using AotLayers.Hcs;

namespace AotLayers.Simulator;

/// <content>Layers come, are mounted, and go.</content>
public sealed partial class SimulatedVmcompute
{
    // An exception that comes through the real call (docs/windows/return-codes.md#codes-per-call); here its code.
    private const uint ParentInUse = 0xC0000420;

    /// <inheritdoc/>
    public int CreateLayer(in DriverInfo info, string layerId, string parentId) => _calls.Change(this, nameof(CreateLayer), () =>
        _volume.FindLayer(layerId) is not null ? Win32Error.AlreadyExists
        : !string.IsNullOrEmpty(parentId) && _volume.FindLayer(parentId) is null ? Win32Error.PathNotFound
        : AddEmpty(layerId, string.IsNullOrEmpty(parentId) ? [] : [SimulatedVolume.LayerName(parentId)], scratch: false));

    /// <inheritdoc/>
    public int CreateSandboxLayer(
        in DriverInfo info,
        string layerId,
        string? parentId,
        ReadOnlySpan<LayerDescriptor> parents,
        uint parentCount)
    {
        LayerDescriptor[] given = parents.ToArray();
        return _calls.Change(this, nameof(CreateSandboxLayer), () =>
        {
            uint error = given.Length == 0 ? Win32Error.InvalidParameter : CheckParents(given);
            return error != 0 ? error
                : _volume.FindLayer(layerId) is not null ? Win32Error.AlreadyExists
                : AddEmpty(layerId, NamesOf(given), scratch: true);
        });
    }

    /// <inheritdoc/>
    public int CopyLayer(in DriverInfo info, string sourceId, string targetId, ReadOnlySpan<LayerDescriptor> parents, uint parentCount)
    {
        LayerDescriptor[] given = parents.ToArray();
        return _calls.Change(this, nameof(CopyLayer), () => OnLayer(sourceId, source =>
        {
            uint error = CheckParents(given);
            string name = SimulatedVolume.LayerName(targetId);
            if (error != 0 || name.Length == 0 || _volume.FindLayer(name) is not null)
            {
                return error != 0 ? error : name.Length == 0 ? Win32Error.InvalidParameter : Win32Error.AlreadyExists;
            }

            _volume.Put(name, source.Content with { Root = source.Root.CopyTree(name) });
            return 0;
        }));
    }

    /// <inheritdoc/>
    public int ActivateLayer(in DriverInfo info, string layerId) =>
        _calls.Change(this, nameof(ActivateLayer), () => OnLayer(layerId, layer =>
    {
        if (_options.NotElevated)
        {
            return Win32Error.PrivilegeNotHeld;
        }

        if (layer.Activations > 0 && layer.Content.IsScratch)
        {
            return Win32Error.SharingViolation;
        }

        layer.Activations++;
        return 0;
    }));

    /// <inheritdoc/>
    /// <remarks>A layer that is not active stays so, with success (docs/windows/return-codes.md#codes-per-call).</remarks>
    public int DeactivateLayer(in DriverInfo info, string layerId) =>
        _calls.Change(this, nameof(DeactivateLayer), () => OnLayer(layerId, layer =>
    {
        if (layer.IsPrepared)
        {
            return Win32Error.SharingViolation;
        }

        layer.Activations = Math.Max(layer.Activations - 1, 0);
        return 0;
    }));

    /// <inheritdoc/>
    public int PrepareLayer(in DriverInfo info, string layerId, ReadOnlySpan<LayerDescriptor> parents, uint parentCount)
    {
        LayerDescriptor[] given = parents.ToArray();
        return _calls.Change(this, nameof(PrepareLayer), () => OnLayer(layerId, layer =>
        {
            uint error = CheckParents(layer, given);
            error = error != 0 ? error
                : layer.Activations == 0 ? Win32Error.DeviceNotExist
                : _options.NotElevated ? Win32Error.AccessDenied
                : 0;
            layer.IsPrepared |= error == 0;
            return error;
        }));
    }

    /// <inheritdoc/>
    public int UnprepareLayer(in DriverInfo info, string layerId) =>
        _calls.Change(this, nameof(UnprepareLayer), () => OnLayer(layerId, layer =>
    {
        if (!layer.IsPrepared)
        {
            return Win32Error.DeviceNotExist;
        }

        layer.IsPrepared = false;
        return 0;
    }));

    /// <inheritdoc/>
    public int DestroyLayer(in DriverInfo info, string layerId) => _calls.Change(this, nameof(DestroyLayer), () => OnLayer(layerId, layer =>
    {
        if (layer.IsPrepared || (layer.Activations > 0 && layer.Content.IsScratch))
        {
            return Win32Error.SharingViolation;
        }

        if (_volume.Layers.Any(other => other.IsPrepared
            && (other.Content.Parents?.Contains(layer.Name, StringComparer.OrdinalIgnoreCase) ?? false)))
        {
            return ParentInUse;
        }

        if (!_options.DestroyLeaves)
        {
            _volume.Remove(layer);
        }

        return 0;
    }));

    /// <inheritdoc/>
    public int ExpandSandboxSize(in DriverInfo info, string layerId, ulong sizeBytes) =>
        _calls.Change(this, nameof(ExpandSandboxSize), () => OnLayer(layerId, layer =>
    {
        if (_options.NotElevated)
        {
            return Win32Error.AccessDenied;
        }

        if (!layer.Content.IsScratch || sizeBytes < layer.ScratchSize || sizeBytes > long.MaxValue)
        {
            return Win32Error.InvalidParameter;
        }

        layer.ScratchSize = sizeBytes;
        return 0;
    }));

    private uint AddEmpty(string layerId, IReadOnlyList<string> parents, bool scratch)
    {
        string name = SimulatedVolume.LayerName(layerId);
        if (name.Length == 0)
        {
            return Win32Error.InvalidParameter;
        }

        var root = new SimulatedNode(name, LayerDefaults.Standard.Directory()) { Sealed = true };
        if (scratch)
        {
            ScratchLayer.Fill(root);
        }

        _volume.Put(name, new LayerContent(root) { IsScratch = scratch, Parents = scratch || parents.Count > 0 ? parents : null });
        return 0;
    }
}
