using AotLayers.Formats;
using AotLayers.Hcs;

namespace AotLayers.Simulator;

/// <summary>
/// A streaming import in progress: the state behind the context of ImportLayerBegin (docs/windows/vmcompute.md#streaming-import). The
/// layer appears when it ends well.
/// </summary>
internal sealed class LayerImport(string layerName, IReadOnlyList<string> parents, LayerDraft draft) : IDisposable
{
    private readonly SimulatedNode _root = new(layerName, LayerDefaults.Standard.Directory()) { Sealed = true };
    private readonly List<string> _tombstones = [];
    private string? _path;
    private FileBasicInfo _info;
    private long _start;
    private int _failure;

    /// <summary>ImportLayerNext; null info is a deletion.</summary>
    public int Next(string fileName, FileBasicInfo? info)
    {
        int hr = Finish();
        if (hr < 0)
        {
            return hr;
        }

        string path = fileName.StartsWith('\\') ? fileName[1..] : fileName;
        if (!WindowsPath.IsSafeRelative(path, out _))
        {
            return Fail(Win32Error.InvalidName);
        }

        if (info is not { } given)
        {
            _tombstones.Add(path);
            return 0;
        }

        (_path, _info, _start) = (path, given, draft.Store.Length);
        return 0;
    }

    /// <summary>ImportLayerWrite.</summary>
    public int Write(ReadOnlySpan<byte> buffer)
    {
        if (_failure != 0 || _path is null)
        {
            return _failure != 0 ? _failure : buffer.IsEmpty ? 0 : Win32Error.ToHResult(Win32Error.InvalidParameter);
        }

        uint error = draft.Store.Append(buffer);
        return error == 0 ? 0 : Fail(error);
    }

    /// <summary>ImportLayerEnd: adds the layer to the machine, in place of an empty one that CreateLayer made.</summary>
    public int End(SimulatedVolume volume)
    {
        int hr = Finish();
        if (hr < 0)
        {
            return hr;
        }

        try
        {
            return Win32Error.ToHResult(volume.AddImported(
                layerName,
                new LayerContent(_root) { Tombstones = _tombstones, Parents = parents },
                draft));
        }
        catch (SimulatedFaultException e)
        {
            return Fail(e.Code);
        }
        catch (Exception e) when (e is IOException and not SimulatedLayerException or UnauthorizedAccessException)
        {
            return Fail(Win32Error.FromDisk(e));
        }
    }

    /// <summary>Removes what is there of a layer that did not come to be.</summary>
    public void Dispose() => draft.Dispose();

    private int Finish()
    {
        if (_failure != 0 || _path is not { } path)
        {
            return _failure;
        }

        var stream = new StoredContent(draft.Store, _start, draft.Store.Length - _start);
        _path = null;
        SimulatedNode? parent = WindowsPath.DirectoryName(path).Split('\\', StringSplitOptions.RemoveEmptyEntries)
            .Aggregate((SimulatedNode?)_root, (node, part) => node?.Find(part));
        if (parent is not { File.IsDirectory: true })
        {
            return Fail(Win32Error.PathNotFound);
        }

        string name = WindowsPath.BaseName(path);
        if (parent.Find(name) is not null)
        {
            return Fail(Win32Error.AlreadyExists);
        }

        try
        {
            parent.Add(new SimulatedNode(name, BackupStreamParser.Parse(stream, _info, path)) { Sealed = true });
            return 0;
        }
        catch (LayerFormatException)
        {
            return Fail(Win32Error.InvalidData);
        }
    }

    private int Fail(uint error) => _failure = Win32Error.ToHResult(error);
}
