namespace AotLayers.Simulator;

/// <summary>The directories at the top of a layer that an export carries; anything else beside them (<c>layerchain.json</c>, disks) stays on the machine.</summary>
internal static class LayerTops
{
    public const string Files = "Files";
    public const string Hives = "Hives";
    public const string UtilityVm = "UtilityVM";

    public static bool Contains(string name) => Is(name, Files) || Is(name, Hives) || Is(name, UtilityVm);

    /// <summary>Adds an imported layer. An empty layer of that name gives way to it; one with contents does not. Returns a Win32 code, 0 for success.</summary>
    public static uint Replace(SimulatedVolume volume, SimulatedLayer layer)
    {
        if (volume.FindLayer(layer.Name) is { } existing)
        {
            if (existing.Root.HasChildren)
            {
                return Win32Error.AlreadyExists;
            }

            volume.Remove(existing);
        }

        layer.Root.Number(layer.Name.ToLowerInvariant());
        volume.Add(layer);
        return 0;
    }

    public static bool IsFiles(string name) => Is(name, Files);

    private static bool Is(string name, string top) => string.Equals(name, top, StringComparison.OrdinalIgnoreCase);
}
