using AotLayers.Formats;
using AotLayers.Hcs;

namespace AotLayers;

/// <summary>
/// Writes a layer without parents: its files right into its folder, and ProcessBaseImage, which makes a layer of them
/// (docs/formats/import-rules.md#base-layers).
/// </summary>
public sealed class BaseLayerWriter : FileLayerWriter
{
    private bool _utilityVm;

    private BaseLayerWriter(HcsMachine machine, LayerLocation layer, LayerClaim claim, CancellationToken cancellationToken)
        : base(machine, layer, claim, cancellationToken)
    {
    }

    /// <inheritdoc/>
    public override string Kind => "base";

    /// <summary>Makes the layer's folder.</summary>
    /// <param name="machine">
    /// The calls. SeBackupPrivilege and SeRestorePrivilege are needed, and an elevated administrator at the end.
    /// </param>
    /// <param name="layer">The layer to make, which must not be there; it has no parents.</param>
    /// <param name="cancellationToken">Stops between entries and between pieces of data.</param>
    /// <exception cref="LayerException">The layer is there already, or a call failed.</exception>
    public static BaseLayerWriter Begin(HcsMachine machine, LayerLocation layer, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(machine);
        ArgumentNullException.ThrowIfNull(layer);
        return layer.Parents.Count == 0
            ? new BaseLayerWriter(machine, layer, LayerClaim.Take(machine, layer), cancellationToken)
            : throw new LayerException(
                "the base writer makes a layer without parents", layer.ErrorContext, hint: "use the folder writer, or give no parent");
    }

    private protected override void WriteEntryCore(string name, in LayerFileInfo info, Stream backupStream)
    {
        LayerTops.RequireKnown(name);
        WriteInLayer(name, info, backupStream, exists: false);
        _utilityVm |= LayerTops.AreSame(name, LayerTops.UtilityVmFiles);
    }

    private protected override void WriteTombstoneCore(string name) => throw new LayerException(
        "a layer without parents has nothing to hide: a tombstone", Place with { Entry = name }, hint: "name its parents, nearest first");

    private protected override void CommitCore()
    {
        foreach (PendingLink link in Links)
        {
            if (!HasEntry(link.Target))
            {
                throw new LayerException(
                    $"there is no '{link.Target}' in the layer to make a hard link to", Place with { Entry = link.Name });
            }

            Claim.Root.Link(link.Name, Claim.Root, link.Target);
        }

        RestoreDirectoryTimes();
        CancellationToken.ThrowIfCancellationRequested();
        Claim.Processed = true;
        LayerErrors.Check("ProcessBaseImage", Machine.Vmcompute.ProcessBaseImage(Layer.Path), Place);
        if (_utilityVm)
        {
            ProcessUtilityVm();
        }

        Claim.Complete();
        ReturnBuffer();
    }
}
