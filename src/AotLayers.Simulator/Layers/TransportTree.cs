using System.Buffers.Binary;
using AotLayers.Formats;
using AotLayers.Hcs;

namespace AotLayers.Simulator;

/// <summary>
/// The transport folder of a layer as a tree of the simulated volume (docs/formats/transport-folder.md#tree). Its contents are made when
/// they are read.
/// </summary>
internal static class TransportTree
{
    // Windows always exports these five; a reader of the folder takes the times of "Files" and "Hives" from the first
    // (docs/formats/transport-folder.md#sizes-and-times).
    private static readonly string[] s_hives = ["System_Delta", "Software_Delta", "Sam_Delta", "Security_Delta", "DefaultUser_Delta"];

    /// <summary>Adds the transport folder of a layer to an empty directory.</summary>
    /// <exception cref="SimulatedFaultException">The layer cannot be exported.</exception>
    public static void Fill(SimulatedNode target, SimulatedLayer layer)
    {
        try
        {
            AddTombstones(target, layer);
            foreach (SimulatedNode? top in layer.Root.ExportOrder.Where(top => LayerTops.Contains(top.Name)))
            {
                SimulatedNode copy = target.Add(new SimulatedNode(top.Name, top.File.Copy()));
                if (LayerTops.IsFiles(top.Name))
                {
                    AddPrefixed(copy, top);
                }
                else
                {
                    AddPlain(copy, top);
                }
            }

            AddMissingHives(target);
        }
        catch (ArgumentException e)
        {
            throw new SimulatedFaultException(
                Win32Error.AlreadyExists,
                $"two files of the layer '{layer.Name}' have one name in the transport folder",
                e);
        }

        target.Number("transport\\" + layer.Name.ToLowerInvariant());
    }

    private static void AddTombstones(SimulatedNode target, SimulatedLayer layer)
    {
        using var text = new MemoryStream();
        TombstoneFile.Write(text, layer.Content.Tombstones.Where(name => WindowsPath.IsBelow(name, LayerTops.Files)));
        target.Add(new SimulatedNode(TombstoneFile.FileName, LayerDefaults.Standard.File(new BytesContent(text.ToArray()))));
    }

    // Below Files everything is attributes and a backup stream; a directory has them in a file beside it.
    private static void AddPrefixed(SimulatedNode target, SimulatedNode source)
    {
        foreach (SimulatedNode child in source.ExportOrder)
        {
            SimulatedFile wrapped = Wrap(child.File);
            if (!child.File.IsDirectory)
            {
                target.Add(new SimulatedNode(child.Name, wrapped));
                continue;
            }

            FileBasicInfo info = child.File.Info;
            info.FileAttributes = WindowsFileAttributes.Directory;
            target.Add(new SimulatedNode(child.Name + TransportEntry.DirectoryMetadataSuffix, wrapped));
            AddPrefixed(target.Add(new SimulatedNode(child.Name, new SimulatedFile { Info = info })), child);
        }
    }

    private static void AddPlain(SimulatedNode target, SimulatedNode source)
    {
        foreach (SimulatedNode child in source.ExportOrder)
        {
            AddPlain(target.Add(new SimulatedNode(child.Name, child.File.Copy())), child);
        }
    }

    private static SimulatedFile Wrap(SimulatedFile file)
    {
        if (file.FailReadAt is not null)
        {
            throw new SimulatedFaultException(file.FailCode, "the layer says that reading this file fails");
        }

        byte[] prefix = new byte[TransportEntry.PrefixSize];
        BinaryPrimitives.WriteUInt32LittleEndian(prefix, file.Info.FileAttributes);
        FileBasicInfo info = file.Info;
        info.FileAttributes = WindowsFileAttributes.Archive;
        return new SimulatedFile
        {
            Info = info,
            Data = new JoinedContent([new BytesContent(prefix), BackupStreamContent.Create(file, withSecurity: true)])
        };
    }

    private static void AddMissingHives(SimulatedNode target)
    {
        SimulatedNode hives = target.Find(LayerTops.Hives)
            ?? target.Add(new SimulatedNode(LayerTops.Hives, LayerDefaults.Standard.Directory()));
        foreach (string name in s_hives.Where(name => hives.Find(name) is null))
        {
            hives.Add(new SimulatedNode(name, LayerDefaults.Standard.File(ContentSource.Empty)));
        }
    }
}
