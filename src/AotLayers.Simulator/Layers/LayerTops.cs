namespace AotLayers.Simulator;

/// <summary>
/// The directories at the top of a layer that an export carries; anything else beside them (<c>layerchain.json</c>, disks) stays on the
/// machine.
/// </summary>
internal static class LayerTops
{
    public const string Files = "Files";
    public const string Hives = "Hives";
    public const string UtilityVm = "UtilityVM";

    public static bool Contains(string name) => Is(name, Files) || Is(name, Hives) || Is(name, UtilityVm);

    public static bool IsFiles(string name) => Is(name, Files);

    private static bool Is(string name, string top) => string.Equals(name, top, StringComparison.OrdinalIgnoreCase);
}
