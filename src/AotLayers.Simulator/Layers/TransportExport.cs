namespace AotLayers.Simulator;

/// <summary>ExportLayer: puts the transport folder of a layer where the caller wants it.</summary>
internal static class TransportExport
{
    /// <summary>Exports. Returns a Win32 code, 0 for success.</summary>
    public static uint Write(SimulatedVolume volume, SimulatedLayer layer, string folder)
    {
        uint error = volume.Find(folder, out SimulatedNode? target);
        try
        {
            if (error == 0)
            {
                if (!target!.File.IsDirectory || target.HasChildren || target.Sealed)
                {
                    return target.HasChildren
                        ? Win32Error.DirectoryNotEmpty
                        : target.Sealed ? Win32Error.AccessDenied : Win32Error.DirectoryName;
                }

                TransportTree.Fill(target, layer);
                return 0;
            }

            if (Directory.Exists(folder))
            {
                SimulatedNode tree = NewFolder("");
                TransportTree.Fill(tree, layer);
                TransportDisk.Write(tree, folder);
                return 0;
            }

            error = volume.FindParent(folder, out SimulatedNode? parent, out string name);
            if (error != 0)
            {
                return error;
            }

            SimulatedNode created = NewFolder(name);
            TransportTree.Fill(created, layer);
            parent!.Add(created);
            return 0;
        }
        catch (SimulatedFaultException e)
        {
            return e.Code;
        }
        catch (Exception e) when (e is IOException and not SimulatedLayerException or UnauthorizedAccessException)
        {
            return e.HResult < 0 && (e.HResult & 0x1FFF0000) == 0x00070000 ? (uint)(e.HResult & 0xFFFF) : Win32Error.AccessDenied;
        }
    }

    private static SimulatedNode NewFolder(string name) => new(name, LayerDefaults.Standard.Directory());
}
