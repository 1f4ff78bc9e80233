using System.Buffers.Binary;
using AotLayers.Formats;
using AotLayers.Hcs;

namespace AotLayers.Simulator;

/// <summary>
/// ImportLayer: makes a layer from a transport folder of the simulated volume or of the real disk
/// (docs/formats/transport-folder.md#tree).
/// </summary>
internal static class TransportImport
{
    /// <summary>Imports. Returns a Win32 code, 0 for success.</summary>
    /// <param name="volume">Gets the layer.</param>
    /// <param name="name">The layer's name.</param>
    /// <param name="folder">The transport folder.</param>
    /// <param name="parents">Names of the parents, nearest first.</param>
    /// <param name="complete">Whether the hives and the list of deletions have to be there too, as computestorage wants it
    /// (docs/windows/computestorage.md#behaviour).</param>
    public static uint Read(SimulatedVolume volume, string name, string folder, IReadOnlyList<string> parents, bool complete)
    {
        uint error = volume.Find(folder, out SimulatedNode? source);
        bool real = error != 0 && Directory.Exists(folder);
        try
        {
            if (error != 0)
            {
                if (!real)
                {
                    return error;
                }

                source = new SimulatedNode("", LayerDefaults.Standard.Directory());
                AddReal(source, new DirectoryInfo(folder));
            }

            var root = new SimulatedNode(name, LayerDefaults.Standard.Directory()) { Sealed = true };
            foreach (SimulatedNode? top in source!.ExportOrder.Where(top => top.File.IsDirectory && LayerTops.Contains(top.Name)))
            {
                SimulatedNode? metadata = source.Find(top.Name + TransportEntry.DirectoryMetadataSuffix);
                SimulatedNode node = root.Add(new SimulatedNode(
                    top.Name,
                    metadata is null ? top.File.Copy() : Unwrap(metadata)) { Sealed = true });
                Add(node, top, LayerTops.IsFiles(top.Name));
            }

            if (root.Find(LayerTops.Files) is null
                || (complete && (root.Find(LayerTops.Hives) is null || source.Find(TombstoneFile.FileName) is null)))
            {
                return Win32Error.PathNotFound;
            }

            IReadOnlyList<string> tombstones = [];
            if (source.Find(TombstoneFile.FileName) is { File.Data: { } list })
            {
                using var text = new ContentStream(list);
                tombstones = TombstoneFile.Read(text);
            }

            // The caller removes a real folder when the import is done.
            using LayerDraft? draft = real ? volume.NewDraft() : null;
            error = draft is null ? 0 : TakeStreams(root, draft.Store);
            return error != 0
                ? error
                : volume.AddImported(name, new LayerContent(root) { Tombstones = tombstones, Parents = parents }, draft);
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
        catch (Exception e) when (e is IOException and not SimulatedLayerException or UnauthorizedAccessException)
        {
            return Win32Error.FromDisk(e);
        }
    }

    private static uint TakeStreams(SimulatedNode node, StreamStore store)
    {
        byte[] buffer = new byte[128 * 1024];
        foreach (SimulatedNode? child in node.ExportOrder.ToList())
        {
            ContentSource stream = BackupStreamContent.Whole(child.File);
            long start = store.Length;
            for (long at = 0; at < stream.Length;)
            {
                int read = stream.Read(at, buffer);
                uint error = store.Append(buffer.AsSpan(0, read));
                if (error != 0)
                {
                    return error;
                }

                at += read;
            }

            child.File = BackupStreamParser.Parse(new StoredContent(store, start, stream.Length), child.File.Info, child.Name);
            uint below = TakeStreams(child, store);
            if (below != 0)
            {
                return below;
            }
        }

        return 0;
    }

    private static void Add(SimulatedNode target, SimulatedNode source, bool wrapped)
    {
        foreach (SimulatedNode? child in source.ExportOrder.Where(child => !TransportEntry.IsDirectoryMetadata(child.Name)))
        {
            SimulatedNode? described = child.File.IsDirectory
                ? source.Find(child.Name + TransportEntry.DirectoryMetadataSuffix)
                : wrapped ? child : null;
            SimulatedNode node = target.Add(new SimulatedNode(
                child.Name,
                described is null ? child.File.Copy() : Unwrap(described)) { Sealed = true });
            if (child.File.IsDirectory)
            {
                Add(node, child, wrapped);
            }
        }
    }

    private static SimulatedFile Unwrap(SimulatedNode node)
    {
        ContentSource content = node.File.Data ?? ContentSource.Empty;
        Span<byte> prefix = stackalloc byte[TransportEntry.PrefixSize];
        int read = 0;
        while (read < prefix.Length)
        {
            int got = content.Read(read, prefix[read..]);
            read += got > 0 ? got : throw new LayerFormatException("transport file is cut before its attributes", node.Name);
        }

        FileBasicInfo info = node.File.Info;
        info.FileAttributes = BinaryPrimitives.ReadUInt32LittleEndian(prefix);
        return BackupStreamParser.Parse(new SliceContent(content, prefix.Length, content.Length - prefix.Length), info, node.Name);
    }

    private static void AddReal(SimulatedNode target, DirectoryInfo folder)
    {
        foreach (FileSystemInfo item in folder.EnumerateFileSystemInfos())
        {
            long time = item.LastWriteTimeUtc.ToFileTimeUtc();
            if (item is DirectoryInfo { LinkTarget: null } directory)
            {
                AddReal(target.Add(new SimulatedNode(item.Name, LayerDefaults.Standard.Directory(time))), directory);
            }
            else if (item is FileInfo { LinkTarget: null } file && RealFile.IsRegular(file))
            {
                target.Add(new SimulatedNode(item.Name, LayerDefaults.Standard.File(new FileContent(file.FullName, file.Length), time)));
            }
        }
    }
}
