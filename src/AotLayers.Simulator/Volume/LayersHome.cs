namespace AotLayers.Simulator;

/// <summary>The folder that a machine shows its layers in. Listing it loads none of them.</summary>
internal sealed class LayersHome(string name, SimulatedVolume volume) : SimulatedNode(name, LayerDefaults.Standard.Directory())
{
    public override bool HasChildren => base.HasChildren || volume.Layers.Any();

    public override IEnumerable<SimulatedNode> Listing => base.Listing.Where(child => volume.FindByName(child.Name) is null)
        .Concat(volume.Layers.Select(layer => new SimulatedNode(layer.Name, LayerDefaults.Standard.Directory()) { Sealed = true }))
        .OrderBy(child => child.Name.ToUpperInvariant(), StringComparer.Ordinal);

    /// <exception cref="SimulatedLayerException">The name is that of a layer which cannot be used.</exception>
    public override SimulatedNode? Find(string name) => volume.FindByName(name)?.Root ?? base.Find(name);

    /// <summary>A folder that the caller made is the layer's from now on.</summary>
    public void RemoveFolder(string name)
    {
        if (base.Find(name) is { } folder)
        {
            Remove(folder);
        }
    }

    /// <summary>What is in a folder that the caller made moves into the layer, except what that has itself.</summary>
    public void MoveInto(string name, SimulatedNode root)
    {
        if (base.Find(name) is not { } folder || folder == root)
        {
            return;
        }

        foreach (SimulatedNode child in folder.ExportOrder.ToList())
        {
            if (root.Find(child.Name) is null)
            {
                folder.Remove(child);
                root.Add(child);
            }
        }
    }
}
