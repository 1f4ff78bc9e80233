using System.Text.Json;
using AotLayers.Interop;

namespace AotLayers.Simulator;

/// <summary>
/// Writes a layer as a folder that <see cref="LayerLoader"/> reads: <c>layer.json</c>, and every file's backup stream in
/// <c>streams.bin</c>.
/// </summary>
internal static class LayerFolderWriter
{
    private const int BufferSize = 128 * 1024;
    private const int FlushAt = 64 * 1024;

    /// <summary>Writes <c>layer.json</c>; backup streams that are not in the store yet are added to it.</summary>
    /// <param name="content">The layer.</param>
    /// <param name="store">The folder's <c>streams.bin</c>.</param>
    /// <param name="folder">Real folder.</param>
    /// <exception cref="IOException">Writing failed.</exception>
    /// <exception cref="SimulatedFaultException">A content cannot be read.</exception>
    public static void Write(LayerContent content, StreamStore store, string folder)
    {
        using var file = new FileStream(
            Path.Combine(folder, LayerLoader.MetadataFile),
            FileMode.CreateNew,
            FileAccess.Write,
            FileShare.None);
        using var json = new Utf8JsonWriter(file);
        json.WriteStartObject();
        if (content.Parents is { } parents)
        {
            json.WriteStartArray("parents");
            foreach (string parent in parents)
            {
                BoundedJsonText.WriteValue(json, parent);
            }

            json.WriteEndArray();
        }

        json.WriteBoolean("scratch", content.IsScratch);
        json.WriteBoolean("unfinished", content.IsUnfinished);
        json.WriteStartArray("tombstones");
        foreach (string tombstone in content.Tombstones)
        {
            BoundedJsonText.WriteValue(json, tombstone);
        }

        json.WriteEndArray();
        json.WriteStartArray("entries");
        var seen = new Dictionary<SimulatedFile, string>(ReferenceEqualityComparer.Instance);
        byte[] buffer = new byte[BufferSize];
        var pending = new Stack<(SimulatedNode Node, string Path)>(content.Root.ExportOrder.Reverse().Select(top => (top, top.Name)));
        while (pending.TryPop(out (SimulatedNode Node, string Path) item))
        {
            WriteEntry(json, item.Node.File, item.Path, seen, store, buffer);
            foreach (SimulatedNode? child in item.Node.ExportOrder.Reverse())
            {
                pending.Push((child, $@"{item.Path}\{child.Name}"));
            }

            if (json.BytesPending > FlushAt)
            {
                json.Flush();
            }
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WriteEntry(
        Utf8JsonWriter json, SimulatedFile file, string path, Dictionary<SimulatedFile, string> seen, StreamStore store, byte[] buffer)
    {
        json.WriteStartObject();
        BoundedJsonText.Write(json, "path", path);
        if (!file.IsDirectory && !seen.TryAdd(file, path))
        {
            BoundedJsonText.Write(json, "linkTo", seen[file]);
            json.WriteEndObject();
            return;
        }

        json.WriteBoolean("directory", file.IsDirectory);
        json.WriteNumber("attributes", file.Info.FileAttributes);
        json.WriteStartObject("times");
        json.WriteNumber("creation", file.Info.CreationTime);
        json.WriteNumber("access", file.Info.LastAccessTime);
        json.WriteNumber("write", file.Info.LastWriteTime);
        json.WriteNumber("change", file.Info.ChangeTime);
        json.WriteEndObject();
        (long offset, long length) = Store(file, store, buffer);
        json.WriteStartObject("backup");
        json.WriteNumber("offset", offset);
        json.WriteNumber("size", length);
        json.WriteEndObject();
        if (file.FailReadAt is { } at)
        {
            json.WriteNumber("failReadAt", at);
            json.WriteNumber("failCode", file.FailCode);
        }

        json.WriteEndObject();
    }

    private static (long Offset, long Length) Store(SimulatedFile file, StreamStore store, byte[] buffer)
    {
        if (file.Original is StoredContent stored && stored.Store == store)
        {
            return (stored.Start, stored.Length);
        }

        ContentSource stream = BackupStreamContent.Whole(file);
        long start = store.Length;
        for (long at = 0; at < stream.Length;)
        {
            int read = stream.Read(at, buffer);
            uint error = store.Append(buffer.AsSpan(0, read));
            at += error == 0 ? read : throw new SimulatedFaultException(error, "the layer's streams cannot be written");
        }

        return (start, stream.Length);
    }
}
