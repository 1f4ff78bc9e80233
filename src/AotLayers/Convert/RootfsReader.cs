using System.Buffers;
using System.Globalization;
using AotLayers.Formats;

namespace AotLayers;

/// <summary>
/// A layer of Windows made of a tar of a Linux root (docs/commands/convert.md#from-linux): everything below <c>Files</c>, with security
/// descriptors and attributes, whiteouts carried over; <c>Hives</c> at the end. The tar is read twice: once for its names.
/// </summary>
public sealed class RootfsReader : LayerReader
{
    private readonly Stream _content;
    private readonly RootfsTree _tree;
    private readonly RootfsOptions _options;
    private readonly TarReader _tar;
    private readonly NameTree _made = new();
    private readonly Queue<LayerEntry> _ready = [];
    private readonly byte[] _fileSecurity;
    private readonly byte[] _directorySecurity;
    private long _time = -1;
    private bool _ended;

    private RootfsReader(
        Stream content, RootfsTree tree, RootfsOptions options, LayerErrorContext context, CancellationToken cancellationToken)
        : base(context, cancellationToken)
    {
        _content = content;
        _tree = tree;
        _options = options;
        _tar = new TarReader(content);
        _fileSecurity = options.FileSecurity.Encode(SecurityDescriptorLayout.Stored);
        _directorySecurity = options.DirectorySecurity.Encode(SecurityDescriptorLayout.Stored);
    }

    /// <inheritdoc/>
    public override string Kind => "rootfs";

    /// <summary>Opens a root.</summary>
    /// <param name="open">Opens its tar, plain or compressed, at its start; called twice.</param>
    /// <param name="name">What to call it in errors.</param>
    /// <param name="options">How; null for the defaults.</param>
    /// <param name="cancellationToken">Stops reading.</param>
    /// <exception cref="LayerException">The tar cannot be read.</exception>
    public static RootfsReader Open(
        Func<Stream> open, string name, RootfsOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(open);
        var context = new LayerErrorContext { Layer = name };
        try
        {
            RootfsTree tree;
            using (Stream names = DecompressedStream.Open(open()))
            {
                tree = RootfsTree.Read(names, cancellationToken);
            }

            return new RootfsReader(DecompressedStream.Open(open()), tree, options ?? new RootfsOptions(), context, cancellationToken);
        }
        catch (Exception e) when (LayerErrors.IsPlaceable(e))
        {
            throw LayerException.From(e, context);
        }
    }

    private protected override LayerEntry? ReadNextEntry()
    {
        try
        {
            while (_ready.Count == 0 && !_ended)
            {
                ReadHeader();
            }

            return _ready.TryDequeue(out LayerEntry? entry) ? entry : null;
        }
        catch (Exception e) when (LayerErrors.IsPlaceable(e))
        {
            throw LayerException.From(e, ErrorContext);
        }
    }

    private protected override void CloseCore(bool reportErrors) => _content.Dispose();

    private void ReadHeader()
    {
        TarHeader? header = _tar.GetNextEntry(CancellationToken);
        if (header is null)
        {
            _ended = true;
            if (!_tar.EndMarkerSeen)
            {
                throw new LayerFormatException("invalid tar: no end marker, the archive is cut", offset: _tar.Position);
            }

            MakeFiles(0);
            _ready.Enqueue(Entry("Hives", WindowsFileAttributes.Directory, _time, []));
            return;
        }

        string name = RootfsName.Normalize(header.Name);
        long time = FileTime.FromUnixNanoseconds(header.ModificationTime ?? 0);
        MakeFiles(time);
        if (name.Length == 0)
        {
            return;
        }

        if (FindProblem(header, name) is { } problem)
        {
            Refuse(name, problem);
            return;
        }

        Convert(header, name, time);
    }

    /// <summary>The top directory has the time of the root, or of the first entry where the root has none.</summary>
    private void MakeFiles(long time)
    {
        if (_time < 0)
        {
            _time = time;
            _ready.Enqueue(Entry("Files", WindowsFileAttributes.Directory, time, _directorySecurity));
        }
    }

    private void Convert(TarHeader header, string name, long time)
    {
        string path = @"Files\" + WindowsPath.FromSlash(name);
        if (WhiteoutName.TryParse(path, out string hidden))
        {
            _ready.Enqueue(new LayerEntry(hidden));
            return;
        }

        int node = _made.Add(path, out bool same);
        bool directory = header.TypeFlag == TarTypeFlag.Directory;
        if ((_made[node] & NameFlags.Present) != 0)
        {
            if (directory && same && (_made[node] & NameFlags.Directory) != 0)
            {
                return;
            }

            Refuse(name, same ? "it comes twice" : $"Windows does not tell it from '{_made.PathOf(node)}', which came before");
            return;
        }

        if (!MakeParents(node, name, time))
        {
            return;
        }

        if (header.TypeFlag == TarTypeFlag.HardLink && !IsFile(TargetOf(header)))
        {
            Refuse(name, $"it is a hard link to '{header.LinkName}', which is no file that came before");
            return;
        }

        _made[node] |= header.TypeFlag switch
        {
            TarTypeFlag.Directory => NameFlags.Present | NameFlags.Directory,
            TarTypeFlag.SymbolicLink => NameFlags.Present | NameFlags.ReparsePoint,
            _ => NameFlags.Present,
        };
        TellLosses(header, path);
        _ready.Enqueue(header.TypeFlag switch
        {
            TarTypeFlag.Directory => Entry(path, WindowsFileAttributes.Directory, time, _directorySecurity),
            TarTypeFlag.HardLink => Link(header, path, time),
            TarTypeFlag.SymbolicLink => Symlink(header, name, path, time),
            _ => File(header, path, time),
        });
    }

    /// <summary>Directories without an entry of their own get one: importers make none in passing.</summary>
    private bool MakeParents(int node, string name, long time)
    {
        var missing = new Stack<int>();
        for (int parent = _made.ParentOf(node); parent != NameTree.Root; parent = _made.ParentOf(parent))
        {
            NameFlags flags = _made[parent];
            if ((flags & NameFlags.Present) == 0)
            {
                missing.Push(parent);
            }
            else if ((flags & NameFlags.Directory) == 0)
            {
                Refuse(name, $"it lies below '{_made.PathOf(parent)}', which is no directory");
                return false;
            }
        }

        while (missing.TryPop(out int parent))
        {
            _made[parent] |= NameFlags.Present | NameFlags.Directory;
            string path = _made.PathOf(parent);
            if (path != "Files")
            {
                _ready.Enqueue(Entry(path, WindowsFileAttributes.Directory, time, _directorySecurity));
            }
        }

        return true;
    }

    private LayerEntry File(TarHeader header, string path, long time)
    {
        var prefix = new ArrayBufferWriter<byte>(256);
        WriteRecord(prefix, BackupStreamId.SecurityData, _fileSecurity);
        WriteHeader(prefix, new BackupStreamHeader(BackupStreamId.Data, header.Size));
        byte[] head = prefix.WrittenSpan.ToArray();
        return new LayerEntry(
            path, header.Size, Info(time, WindowsFileAttributes.Archive), null, () => new HeadedStream(head, _tar.Data));
    }

    private LayerEntry Symlink(TarHeader header, string name, string path, long time)
    {
        bool directory = _tree.LeadsToDirectory(name, header.LinkName);
        var prefix = new ArrayBufferWriter<byte>(512);
        WriteRecord(prefix, BackupStreamId.SecurityData, directory ? _directorySecurity : _fileSecurity);
        var point = ReparsePoint.FromTarget(WindowsPath.FromSlash(header.LinkName), isMountPoint: false);
        WriteRecord(prefix, BackupStreamId.ReparseData, point.Encode());
        uint attributes = WindowsFileAttributes.ReparsePoint
            | (directory ? WindowsFileAttributes.Directory : WindowsFileAttributes.Archive);
        return Entry(path, attributes, time, prefix.WrittenSpan.ToArray(), isStream: true);
    }

    private static LayerEntry Link(TarHeader header, string path, long time) =>
        new(path, 0, Info(time, WindowsFileAttributes.Archive), null, () => Stream.Null)
        {
            HardLinkTarget = TargetOf(header),
        };

    private static string TargetOf(TarHeader header) => @"Files\" + WindowsPath.FromSlash(RootfsName.Normalize(header.LinkName));

    private bool IsFile(string path)
    {
        int node = _made.Find(path);
        return node >= 0 && (_made[node] & (NameFlags.Present | NameFlags.Directory | NameFlags.ReparsePoint)) == NameFlags.Present;
    }

    private static LayerEntry Entry(string path, uint attributes, long time, byte[] content, bool isStream = false)
    {
        byte[] stream = content;
        if (!isStream && content.Length > 0)
        {
            var prefix = new ArrayBufferWriter<byte>(256);
            WriteRecord(prefix, BackupStreamId.SecurityData, content);
            stream = prefix.WrittenSpan.ToArray();
        }

        return new LayerEntry(path, 0, Info(time, attributes), null, () => new MemoryStream(stream, writable: false));
    }

    private static LayerFileInfo Info(long time, uint attributes) => new(time, time, time, time, attributes);

    private static string? FindProblem(TarHeader header, string name)
    {
        string last = name[(name.LastIndexOf('/') + 1)..];
        if (last == WhiteoutName.Opaque || last == WhiteoutName.Prefix || last.StartsWith(".wh..wh.", StringComparison.Ordinal))
        {
            return "Windows layers have no such whiteout";
        }

        return header.TypeFlag switch
        {
            TarTypeFlag.CharacterDevice or TarTypeFlag.BlockDevice => "it is a device",
            TarTypeFlag.Fifo => "it is a FIFO",
            TarTypeFlag.HardLink => RootfsName.FindProblem(RootfsName.Normalize(header.LinkName)) ?? RootfsName.FindProblem(name),
            TarTypeFlag.RegularFile or TarTypeFlag.ContiguousFile or TarTypeFlag.Directory => RootfsName.FindProblem(name),
            TarTypeFlag.SymbolicLink => header.LinkName.Length == 0 ? "it is a link without a target" : RootfsName.FindProblem(name),
            _ => $"it is of type '{(char)header.TypeFlag}'",
        };
    }

    private void Refuse(string name, string problem)
    {
        if (!_options.SkipUnsupported)
        {
            throw new LayerFormatException($"it has no form in a layer of Windows: {problem}", name, offset: _tar.HeaderOffset);
        }

        AddLoss(new LayerLossRecord(name, "unsupportedEntry", $"{name} is left out: {problem}"));
    }

    private void TellLosses(TarHeader header, string path)
    {
        if (header.UserId != 0 || header.GroupId != 0)
        {
            Lose(path, "ownership", string.Create(CultureInfo.InvariantCulture, $"owner {header.UserId} and group {header.GroupId}"));
        }

        long usual = header.TypeFlag switch
        {
            TarTypeFlag.Directory => 0x1ED, // 0755
            TarTypeFlag.SymbolicLink => 0x1FF, // 0777
            _ => 0x1A4, // 0644
        };
        long mode = header.Mode & 0xFFF;
        if (mode != usual && header.TypeFlag is not TarTypeFlag.HardLink)
        {
            Lose(path, "permissions", "permissions 0" + System.Convert.ToString(mode, 8));
        }

        for (int i = 0; i < header.Records.Count; i++)
        {
            if (header.Records.KeyAt(i).StartsWith("SCHILY.xattr."u8))
            {
                Lose(path, "extendedAttribute", Wtf8.GetString(header.Records.KeyAt(i)["SCHILY.xattr.".Length..]));
            }
        }
    }

    private void Lose(string path, string reason, string what) =>
        AddLoss(new LayerLossRecord(path, reason, $"{path}: {what} is lost: Windows has nothing like it"));

    private static void WriteRecord(ArrayBufferWriter<byte> output, BackupStreamId id, ReadOnlySpan<byte> payload)
    {
        WriteHeader(output, new BackupStreamHeader(id, payload.Length));
        output.Write(payload);
    }

    private static void WriteHeader(ArrayBufferWriter<byte> output, in BackupStreamHeader header) =>
        output.Advance(BackupStreamWriter.Encode(header, output.GetSpan(BackupStreamWriter.EncodedLength(header))));
}
