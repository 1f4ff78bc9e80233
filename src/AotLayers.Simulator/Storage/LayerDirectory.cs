namespace AotLayers.Simulator;

/// <summary>The directory whose folders are the layers of a machine.</summary>
internal static class LayerDirectory
{
    /// <summary>
    /// Names of the folders and how to load each, none of them loaded: one that cannot be used does not keep the others from it.
    /// </summary>
    /// <exception cref="IOException">The directory cannot be listed.</exception>
    /// <exception cref="UnauthorizedAccessException">The directory cannot be listed.</exception>
    public static IEnumerable<(string Name, Func<LayerContent> Load)> List(string directory)
    {
        foreach (IGrouping<string, DirectoryInfo> same in new DirectoryInfo(directory).EnumerateDirectories()
            .GroupBy(folder => folder.Name, StringComparer.OrdinalIgnoreCase))
        {
            DirectoryInfo[] folders = [.. same.OrderBy(folder => folder.Name, StringComparer.Ordinal)];
            yield return (folders[0].Name, () => folders.Length == 1
                ? LayerLoader.Load(folders[0])
                : throw new LayerLoadException(
                    folders[0].Name,
                    Win32Error.InvalidData,
                    $"names of two folders are the same where case does not matter: "
                        + $"{string.Join(", ", folders.Select(folder => folder.FullName))}"));
        }
    }
}
