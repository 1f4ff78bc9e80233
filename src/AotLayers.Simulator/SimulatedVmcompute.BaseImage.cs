namespace AotLayers.Simulator;

/// <content>Finishing base layers and utility VMs that were written file by file.</content>
public sealed partial class SimulatedVmcompute
{
    /// <inheritdoc/>
    /// <remarks>
    /// Makes the artefacts that were seen on Windows, without contents: <c>blank-base.vhdx</c>, <c>blank.vhdx</c>, <c>layout</c> and the
    /// base hives. Over those of
    /// an earlier run, also of one that failed, it is refused (docs/windows/return-codes.md#codes-per-call).
    /// </remarks>
    public int ProcessBaseImage(string layerPath) => _calls.Change(this, nameof(ProcessBaseImage), () =>
    {
        _volume.Adopt(layerPath);
        return OnLayer(layerPath, FinishBase);
    });

    private uint FinishBase(SimulatedLayer layer)
    {
        SimulatedNode root = layer.Root;
        if (root.Find(LayerTops.Files) is not { File.IsDirectory: true })
        {
            return Win32Error.PathNotFound;
        }

        if (_options.NotElevated)
        {
            return Win32Error.PrivilegeNotHeld;
        }

        if (root.Find(BaseImage.BlankBase) is not null)
        {
            return Win32Error.FileExists;
        }

        SimulatedNode changed = layer.IsPending ? root : root.CopyTree();
        if (_options.PartialBase)
        {
            BaseImage.AddFile(changed, BaseImage.BlankBase);
            _volume.Put(layer.Name, layer.Content with { Root = changed });
            return Win32Error.AccessDenied;
        }

        BaseImage.Finish(changed);
        _volume.Put(layer.Name, layer.Content with { Root = changed, IsUnfinished = false });
        return 0;
    }

    /// <inheritdoc/>
    public int ProcessUtilityImage(string utilityVmPath) => _calls.Change(this, nameof(ProcessUtilityImage), () =>
    {
        uint error = _volume.Find(utilityVmPath, out SimulatedNode? node);
        if (error != 0 || node!.Find(LayerTops.Files) is not { File.IsDirectory: true } || node.Parent is null)
        {
            return error != 0 ? error : Win32Error.PathNotFound;
        }

        if (_options.NotElevated)
        {
            return Win32Error.PrivilegeNotHeld;
        }

        if (_volume.FindByName(node.Parent.Name) is not { } layer || layer.Root != node.Parent)
        {
            return Win32Error.PathNotFound;
        }

        // The boot configuration is changed where it is: a layer that has it by a hard link to a parent's changes that.
        SimulatedNode changed = layer.IsPending ? layer.Root : layer.Root.CopyTree();
        BaseImage.FinishUtilityVm(changed.Find(node.Name)!);
        _volume.Put(layer.Name, layer.Content with { Root = changed });
        return 0;
    });
}
