namespace AotLayers.Hcs;

/// <summary>
/// Turns parent paths into the descriptors that layer calls take (docs/windows/vmcompute.md#parents: layerPathsToDescriptors).
/// </summary>
public static class LayerDescriptors
{
    /// <summary>Makes a descriptor per parent, in the given order: nearest parent first, base layer last.</summary>
    /// <param name="vmcompute">Gives the ids (NameToGuid).</param>
    /// <param name="parents">Paths of the parents. They are passed on exactly as given.</param>
    /// <exception cref="HcsException">NameToGuid failed.</exception>
    public static LayerDescriptor[] FromPaths(IVmcompute vmcompute, IReadOnlyList<string> parents)
    {
        ArgumentNullException.ThrowIfNull(vmcompute);
        ArgumentNullException.ThrowIfNull(parents);
        var descriptors = new LayerDescriptor[parents.Count];
        for (int i = 0; i < descriptors.Length; i++)
        {
            string path = NativeText.Require(parents[i], nameof(parents));
            int hr = vmcompute.NameToGuid(IdName(path), out Guid id);
            if (!HResult.Succeeded(hr))
            {
                throw HcsException.FromHResult("NameToGuid", hr);
            }

            descriptors[i] = new LayerDescriptor { Id = id, Flags = 0, Path = path };
        }

        return descriptors;
    }

    /// <summary>
    /// The name that identifies a layer: what follows the last separator. Separators at the end are dropped first, for with one the id
    /// would be that of the empty name (docs/windows/vmcompute.md#parents).
    /// </summary>
    public static string IdName(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        string trimmed = path.TrimEnd('\\', '/');
        return trimmed[(trimmed.LastIndexOfAny(['\\', '/']) + 1)..];
    }
}
