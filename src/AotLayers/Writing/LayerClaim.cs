using System.Globalization;
using AotLayers.Formats;
using AotLayers.Hcs;
using static AotLayers.Win32Constants;

namespace AotLayers;

/// <summary>
/// The folder of a layer while it is made, and the mark beside it that says so: <c>LAYER.importing</c>, open and locked as long as the
/// import runs. An import that was killed leaves the mark unlocked; the next one of the same layer finds it, and removes what the mark
/// names before it begins (docs/formats/import-rules.md#killed-imports).
/// </summary>
internal sealed class LayerClaim
{
    private const string Suffix = ".importing";
    private const string Heading = "aotlayers import";
    private const string FolderKey = "folder ";
    private const string TransportKey = "transport ";
    private const int MaxMarkBytes = 256 * 1024;

    private readonly HcsMachine _machine;
    private readonly LayerLocation _layer;
    private readonly LayerErrorContext _place;
    private readonly string _path;
    private readonly string _markPath;
    private readonly Stack<string> _madeParents = [];
    private bool _madeFolder;
    private bool _owned;
    private bool _marked;
    private Win32File? _mark;
    private Win32File? _folder;

    private LayerClaim(HcsMachine machine, LayerLocation layer)
    {
        _machine = machine;
        _layer = layer;
        _place = layer.ErrorContext;
        _path = LongPath.Absolute(machine.Kernel32, layer.Path.TrimEnd('\\', '/'), _place).TrimEnd('\\');
        _markPath = MarkOf(_path);
        Root = new Win32WritableFolder(machine.Kernel32, _path, _place);
    }

    /// <summary>The layer's folder.</summary>
    public Win32WritableFolder Root { get; }

    /// <summary>A call that makes a layer of the folder was made: what is there is to be destroyed by the like, too.</summary>
    public bool Processed { get; set; }

    private IKernel32 Kernel32 => _machine.Kernel32;

    /// <summary>Marks the layer as being made, removes what a killed import left of it, and makes its folder.</summary>
    /// <exception cref="LayerException">The layer is there already, another import of it runs, or a call failed. Nothing is
    /// left.</exception>
    public static LayerClaim Take(HcsMachine machine, LayerLocation layer)
    {
        var claim = new LayerClaim(machine, layer);
        try
        {
            claim.Begin();
            return claim;
        }
        catch
        {
            claim.GiveUp();
            throw;
        }
    }

    /// <summary>Path of the mark of a layer's import.</summary>
    public static string MarkOf(string path) => path.TrimEnd('\\', '/') + Suffix;

    /// <summary>Writes the transport folder's path into the mark.</summary>
    public void NoteTransport(string path) => Note(TransportKey + path);

    /// <summary>The layer is whole: closes its folder and removes the mark.</summary>
    public void Complete()
    {
        _folder?.Close();
        _folder = null;
        RemoveMark();
        (_owned, _madeFolder) = (false, false);
        _madeParents.Clear();
    }

    /// <summary>Removes all that was made. The mark stays when that fails, for the next import.</summary>
    /// <returns>What could not be removed, and why; null when nothing is left.</returns>
    public string? GiveUp()
    {
        string? problem = null;
        try
        {
            problem = _owned ? RemoveLayer() : null;
            _folder?.Dispose();
            _folder = null;
            problem ??= _madeFolder ? RemoveDirectory(_path) : null;
            if (problem is null && _marked)
            {
                RemoveMark();
            }
        }
        catch (LayerException e)
        {
            problem = e.Message;
        }

        _folder?.Dispose();
        _mark?.Dispose();
        (_folder, _mark) = (null, null);
        while (problem is null && _madeParents.TryPop(out string? parent))
        {
            problem = RemoveDirectory(parent);
        }

        return problem;
    }

    private void Begin()
    {
        MakeParents(_path);
        bool leftover = TakeMark(out _mark);
        if (leftover)
        {
            try
            {
                Recover();
            }
            catch
            {
                // The mark stays for the next one.
                _mark.Dispose();
                _mark = null;
                throw;
            }
        }

        _marked = true;
        Note(Heading);
        if (Look(_path) is not { } attributes)
        {
            CreateDirectory(_path);
            _madeFolder = true;
        }
        else if (!_madeFolder
            && (!new LayerFolderItem("", attributes, 0).IsRealDirectory || Win32Listing.Read(Kernel32, _path, _place).Count > 0))
        {
            throw new LayerException("the layer is there already", _place, hint: "remove it first, or give the new one another name");
        }

        _owned = true;
        _folder = Win32File.OpenFolder(Kernel32, _path, _place);
        Note(string.Create(CultureInfo.InvariantCulture, $"{FolderKey}{_folder.GetId():x32}"));
    }

    /// <summary>Creates the mark, or takes one that a killed import left.</summary>
    /// <returns>Whether it was left.</returns>
    private bool TakeMark(out Win32File mark)
    {
        try
        {
            mark = Win32File.CreateMark(Kernel32, _markPath, isNew: true, _place);
            return false;
        }
        catch (LayerException e) when (e.Code == (0x80070000 | FileExists))
        {
            // Left by an import that was killed, or by one that runs.
        }

        try
        {
            mark = Win32File.CreateMark(Kernel32, _markPath, isNew: false, _place);
            return true;
        }
        catch (LayerException e) when (e.Code == (0x80070000 | SharingViolation))
        {
            throw new LayerException(
                "another import of this layer is under way",
                _place,
                e,
                $"wait for its end; its mark is {_layer.Path}{Suffix}");
        }
    }

    /// <summary>Removes what the mark of a killed import names.</summary>
    private void Recover()
    {
        string text = ReadMark();
        if (text.Length > 0 && !text.StartsWith(Heading, StringComparison.Ordinal))
        {
            throw new LayerException(
                $"{_layer.Path}{Suffix} is in the way: it has the name of an import's mark and is none",
                _place,
                hint: "rename or remove it");
        }

        string? folder = null;
        foreach (string line in text.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            if (line.StartsWith(FolderKey, StringComparison.Ordinal))
            {
                folder = line[FolderKey.Length..];
            }
            else if (line.StartsWith(TransportKey, StringComparison.Ordinal)
                && TemporaryTransportFolder.Find(Kernel32, line[TransportKey.Length..], _place)?.Remove() is { } problem)
            {
                throw new LayerException($"what a killed import left could not be removed: {problem}", _place);
            }
        }

        // Another folder than the one that was made then is somebody else's layer.
        if (folder is not null && Look(_path) is not null && folder == FolderId())
        {
            Processed = true;
            if (RemoveLayer() is { } left)
            {
                throw new LayerException($"what a killed import left could not be removed: {left}", _place);
            }

            // What is left is empty, and was made by that import.
            (Processed, _madeFolder) = (false, true);
        }
    }

    private string FolderId()
    {
        using var file = Win32File.OpenFolder(Kernel32, _path, _place);
        return file.GetId().ToString("x32", CultureInfo.InvariantCulture);
    }

    private string ReadMark()
    {
        using Stream content = _mark!.OpenContent(0);
        if (content.Length > MaxMarkBytes)
        {
            return "?";
        }

        byte[] bytes = new byte[content.Length];
        int read = content.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
        return Wtf8.GetString(bytes.AsSpan(0, read));
    }

    /// <summary>Destroys the layer where there may be one, and empties its folder.</summary>
    private string? RemoveLayer()
    {
        if (Processed)
        {
            // Success does not prove that it is gone, and a failure is followed by a removal file by file
            // (docs/windows/return-codes.md#codes-per-call).
            DriverInfo driver = _layer.Driver;
            _machine.Vmcompute.DestroyLayer(in driver, _layer.Id);
        }

        return Look(_path) is null ? null : Win32Tree.Remove(Kernel32, _path, _place, keepTop: true)?.Message;
    }

    private void MakeParents(string path)
    {
        string parent = WindowsPath.DirectoryName(path);
        if (IsRoot(parent))
        {
            return;
        }

        if (Look(parent) is null)
        {
            MakeParents(parent);
            CreateDirectory(parent);
            _madeParents.Push(parent);
        }
    }

    private void CreateDirectory(string path) =>
        Win32Error.Check(Kernel32.CreateDirectoryW(path, 0), "CreateDirectoryW", path, _place);

    /// <summary>Removes an empty directory that was made; DestroyLayer may have done so.</summary>
    private string? RemoveDirectory(string path)
    {
        if (Kernel32.RemoveDirectoryW(path) != 0)
        {
            return null;
        }

        uint error = Win32Error.Last;
        return error is FileNotFound or PathNotFound ? null : Win32Error.Of("RemoveDirectoryW", error, path, _place).Message;
    }

    private void RemoveMark()
    {
        Win32File? mark = _mark;
        _mark = null;
        try
        {
            mark?.Close();
        }
        finally
        {
            Win32Error.Check(Kernel32.DeleteFileW(_markPath), "DeleteFileW", _markPath, _place);
            _marked = false;
        }
    }

    private void Note(string line) => _mark!.Write(Wtf8.GetBytes(line + "\r\n"));

    private uint? Look(string path)
    {
        uint attributes = Kernel32.GetFileAttributesW(path);
        return attributes != InvalidAttributes ? attributes
            : Win32Error.Last is FileNotFound or PathNotFound ? null
            : throw Win32Error.Of("GetFileAttributesW", path, _place);
    }

    /// <summary>Whether a long path is that of a drive, a volume or a share, which nobody makes.</summary>
    private static bool IsRoot(string path)
    {
        const string Prefix = @"\\?\";
        const string Network = @"\\?\UNC\";
        int parts = path.StartsWith(Network, StringComparison.OrdinalIgnoreCase) ? 3 : 1;
        return path.Length <= Prefix.Length || path[Prefix.Length..].Split('\\').Length <= parts;
    }
}
