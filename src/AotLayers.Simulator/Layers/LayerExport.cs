using AotLayers.Formats;
using AotLayers.Hcs;

namespace AotLayers.Simulator;

/// <summary>
/// A streaming export in progress: the state behind the context of ExportLayerBegin (docs/windows/vmcompute.md#streaming-export).
/// </summary>
internal sealed class LayerExport
{
    private readonly IEnumerator<(string Path, SimulatedFile? File)> _entries;
    private ContentSource _stream = ContentSource.Empty;
    private long _position;
    private bool _ended;
    private int _failure;

    private readonly int _maxReadBytes;

    public LayerExport(SimulatedLayer layer, int maxReadBytes) =>
        (_entries, _maxReadBytes) = (Enumerate(layer).GetEnumerator(), maxReadBytes);

    /// <summary>ExportLayerNext. What is unread of the previous entry is dropped.</summary>
    public int Next(out string? fileName, out FileBasicInfo info, out long size, out uint deleted)
    {
        (fileName, info, size, deleted) = (null, default, 0, 0);
        (_stream, _position) = (ContentSource.Empty, 0);
        if (_failure != 0)
        {
            return _failure;
        }

        if (_ended || !_entries.MoveNext())
        {
            _ended = true;
            return Win32Error.ToHResult(Win32Error.NoMoreFiles);
        }

        fileName = @"\" + _entries.Current.Path;
        if (_entries.Current.File is not { } file)
        {
            deleted = 1;
            return 0;
        }

        (info, size) = (file.Info, file.Size);
        _stream = BackupStreamContent.Create(file, withSecurity: true);
        return 0;
    }

    /// <summary>ExportLayerRead.</summary>
    public int Read(Span<byte> buffer, out uint bytesRead)
    {
        bytesRead = 0;
        if (_failure != 0)
        {
            return _failure;
        }

        try
        {
            int read = _stream.Read(_position, _maxReadBytes > 0 && buffer.Length > _maxReadBytes ? buffer[.._maxReadBytes] : buffer);
            _position += read;
            bytesRead = (uint)read;
            return 0;
        }
        catch (SimulatedFaultException e)
        {
            _failure = Win32Error.ToHResult(e.Code);
            return _failure;
        }
    }

    /// <summary>
    /// ExportLayerEnd: the error of a failed read again, or ERROR_OPERATION_ABORTED when the end of the layer was not reached.
    /// </summary>
    public int End()
    {
        _entries.Dispose();
        return _failure != 0 ? _failure : _ended ? 0 : Win32Error.ToHResult(Win32Error.OperationAborted);
    }

    // Parents before children, the deletions in a directory right after it. A deletion whose directory is not in the layer comes last.
    private static IEnumerable<(string Path, SimulatedFile? File)> Enumerate(SimulatedLayer layer)
    {
        var waiting = layer.Content.Tombstones.GroupBy(WindowsPath.DirectoryName, StringComparer.OrdinalIgnoreCase)
            .ToDictionary(group => group.Key, group => group.ToList(), StringComparer.OrdinalIgnoreCase);
        var pending = new Stack<(string Path, SimulatedNode Node)>();
        foreach (SimulatedNode? top in layer.Root.ExportOrder.Reverse().Where(top => LayerTops.Contains(top.Name)))
        {
            pending.Push((top.Name, top));
        }

        while (pending.TryPop(out (string Path, SimulatedNode Node) item))
        {
            yield return (item.Path, item.Node.File);
            if (waiting.Remove(item.Path, out List<string>? deleted))
            {
                foreach (string tombstone in deleted)
                {
                    yield return (tombstone, null);
                }
            }

            foreach (SimulatedNode? child in item.Node.ExportOrder.Reverse())
            {
                pending.Push(($@"{item.Path}\{child.Name}", child));
            }
        }

        foreach (string tombstone in layer.Content.Tombstones.Where(name => waiting.ContainsKey(WindowsPath.DirectoryName(name))))
        {
            yield return (tombstone, null);
        }
    }
}
