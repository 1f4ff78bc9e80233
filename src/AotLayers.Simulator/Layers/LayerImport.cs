using AotLayers.Formats;
using AotLayers.Hcs;

namespace AotLayers.Simulator;

/// <summary>A streaming import in progress: the state behind the context of ImportLayerBegin (layers.md 3.4). The layer appears when it ends well.</summary>
internal sealed class LayerImport(string layerName)
{
    // Backup streams are held in memory until the end.
    private const long MaxBytes = 512L << 20;
    private const int OutOfMemory = unchecked((int)0x8007000E);

    private readonly SimulatedNode _root = new(layerName, LayerDefaults.Standard.Directory()) { Sealed = true };
    private readonly List<string> _tombstones = [];
    private MemoryStream? _stream;
    private string _path = "";
    private FileBasicInfo _info;
    private long _total;
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

        (_path, _info, _stream) = (path, given, new MemoryStream());
        return 0;
    }

    /// <summary>ImportLayerWrite.</summary>
    public int Write(ReadOnlySpan<byte> buffer)
    {
        if (_failure != 0 || _stream is null)
        {
            return _failure != 0 ? _failure : buffer.IsEmpty ? 0 : Win32Error.ToHResult(Win32Error.InvalidParameter);
        }

        _total += buffer.Length;
        if (_total > MaxBytes)
        {
            _failure = OutOfMemory;
            return _failure;
        }

        _stream.Write(buffer);
        return 0;
    }

    /// <summary>ImportLayerEnd: adds the layer to the machine, in place of an empty one that CreateLayer made.</summary>
    public int End(SimulatedVolume volume)
    {
        int hr = Finish();
        return hr < 0 ? hr : Win32Error.ToHResult(volume.AddImported(new SimulatedLayer(layerName, new LayerContent(_root) { Tombstones = _tombstones })));
    }

    private int Finish()
    {
        if (_failure != 0 || _stream is null)
        {
            return _failure;
        }

        var stream = new BytesContent(_stream.ToArray());
        _stream = null;
        var parent = WindowsPath.DirectoryName(_path).Split('\\', StringSplitOptions.RemoveEmptyEntries)
            .Aggregate((SimulatedNode?)_root, (node, part) => node?.Find(part));
        if (parent is not { File.IsDirectory: true })
        {
            return Fail(Win32Error.PathNotFound);
        }

        string name = WindowsPath.BaseName(_path);
        if (parent.Find(name) is not null)
        {
            return Fail(Win32Error.AlreadyExists);
        }

        try
        {
            parent.Add(new SimulatedNode(name, BackupStreamParser.Parse(stream, _info, _path)) { Sealed = true });
            return 0;
        }
        catch (LayerFormatException)
        {
            return Fail(Win32Error.InvalidData);
        }
    }

    private int Fail(uint error) => _failure = Win32Error.ToHResult(error);
}
