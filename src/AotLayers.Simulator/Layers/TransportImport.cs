using System.Buffers.Binary;
using AotLayers.Formats;

namespace AotLayers.Simulator;

/// <summary>ImportLayer: makes a layer from a transport folder of the simulated volume or of the real disk (layers.md 4.1).</summary>
internal static class TransportImport
{
    /// <summary>Imports. Returns a Win32 code, 0 for success.</summary>
    public static uint Read(SimulatedVolume volume, string name, string folder)
    {
        uint error = volume.Find(folder, out var source);
        try
        {
            if (error != 0)
            {
                if (!Directory.Exists(folder))
                {
                    return error;
                }

                source = new SimulatedNode("", LayerDefaults.Standard.Directory());
                AddReal(source, new DirectoryInfo(folder));
            }

            var root = new SimulatedNode(name, LayerDefaults.Standard.Directory()) { Sealed = true };
            foreach (var top in source!.ExportOrder.Where(top => top.File.IsDirectory && LayerTops.Contains(top.Name)))
            {
                var metadata = source.Find(top.Name + TransportEntry.DirectoryMetadataSuffix);
                var node = root.Add(new SimulatedNode(top.Name, metadata is null ? top.File.Copy() : Unwrap(metadata)) { Sealed = true });
                Add(node, top, LayerTops.IsFiles(top.Name));
            }

            if (root.Find(LayerTops.Files) is null)
            {
                return Win32Error.PathNotFound;
            }

            IReadOnlyList<string> tombstones = [];
            if (source.Find(TombstoneFile.FileName) is { File.Data: { } list })
            {
                using var text = new ContentStream(list);
                tombstones = TombstoneFile.Read(text);
            }

            return volume.AddImported(new SimulatedLayer(name, new LayerContent(root) { Tombstones = tombstones }));
        }
        catch (SimulatedFaultException e)
        {
            return e.Code;
        }
        catch (LayerFormatException)
        {
            return Win32Error.InvalidData;
        }
        catch (ArgumentException)
        {
            // Two names that differ only in case.
            return Win32Error.AlreadyExists;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return Win32Error.ReadFault;
        }
    }

    private static void Add(SimulatedNode target, SimulatedNode source, bool wrapped)
    {
        foreach (var child in source.ExportOrder.Where(child => !TransportEntry.IsDirectoryMetadata(child.Name)))
        {
            var described = child.File.IsDirectory ? source.Find(child.Name + TransportEntry.DirectoryMetadataSuffix) : wrapped ? child : null;
            var node = target.Add(new SimulatedNode(child.Name, described is null ? child.File.Copy() : Unwrap(described)) { Sealed = true });
            if (child.File.IsDirectory)
            {
                Add(node, child, wrapped);
            }
        }
    }

    private static SimulatedFile Unwrap(SimulatedNode node)
    {
        var content = node.File.Data ?? ContentSource.Empty;
        Span<byte> prefix = stackalloc byte[TransportEntry.PrefixSize];
        int read = 0;
        while (read < prefix.Length)
        {
            int got = content.Read(read, prefix[read..]);
            read += got > 0 ? got : throw new LayerFormatException("transport file is cut before its attributes", node.Name);
        }

        var info = node.File.Info;
        info.FileAttributes = BinaryPrimitives.ReadUInt32LittleEndian(prefix);
        return BackupStreamParser.Parse(new SliceContent(content, prefix.Length, content.Length - prefix.Length), info, node.Name);
    }

    private static void AddReal(SimulatedNode target, DirectoryInfo folder)
    {
        foreach (var item in folder.EnumerateFileSystemInfos())
        {
            long time = item.LastWriteTimeUtc.ToFileTimeUtc();
            if (item is DirectoryInfo { LinkTarget: null } directory)
            {
                AddReal(target.Add(new SimulatedNode(item.Name, LayerDefaults.Standard.Directory(time))), directory);
            }
            else if (item is FileInfo { LinkTarget: null } file)
            {
                target.Add(new SimulatedNode(item.Name, LayerDefaults.Standard.File(new FileContent(file.FullName, file.Length), time)));
            }
        }
    }
}
