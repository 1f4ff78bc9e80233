using AotLayers.Formats;
using AotLayers.Hcs;

namespace AotLayers;

/// <summary>
/// Reads a transport folder, as ExportLayer writes it (docs/formats/transport-folder.md#tree). Below <c>Files\</c> the metadata is inside
/// the files and their streams can seek; everything else is an ordinary file that is its own metadata.
/// </summary>
public sealed class TransportFolderReader : FolderLayerReader
{
    private const string Files = "Files";
    private const string Hives = "Hives";
    private const string SystemDelta = @"Hives\System_Delta";

    private readonly Dictionary<string, List<string>> _tombstones;

    private Dictionary<string, TransportSidecarEntry>? _beside;

    /// <summary>Folders made for an import have the metadata of these two beside them; an export makes none.</summary>
    private bool _forImport;

    private TransportFolderReader(ILayerFolder folder, LayerErrorContext context, CancellationToken cancellationToken)
        : base(folder, context, cancellationToken) => _tombstones = ReadTombstones();

    /// <inheritdoc/>
    public override string Kind => "folder";

    /// <summary>Opens a transport folder on any operating system, with ordinary file calls.</summary>
    /// <param name="path">The folder.</param>
    /// <param name="cancellationToken">Stops reading between entries and between reads.</param>
    /// <exception cref="LayerException">The folder or its <c>tombstones.txt</c> cannot be read.</exception>
    public static TransportFolderReader Open(string path, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        var reader = new TransportFolderReader(new PortableFolder(path), new LayerErrorContext { Layer = path }, cancellationToken);
        reader._beside = reader.ReadSidecar();
        reader._forImport = reader.Folder.Exists(Files + TransportEntry.DirectoryMetadataSuffix);
        if (reader._beside is null)
        {
            reader.AddWarning("creation, access and change times are not kept by this file system: the modification time stands for them");
        }

        return reader;
    }

    /// <summary>Opens a transport folder with Win32 calls.</summary>
    /// <param name="kernel32">The calls.</param>
    /// <param name="path">The folder; a relative one is looked up in the current directory.</param>
    /// <param name="context">Layer and parents, for errors.</param>
    /// <param name="cancellationToken">Stops reading between entries and between reads.</param>
    /// <exception cref="LayerException">The folder or its <c>tombstones.txt</c> cannot be read.</exception>
    public static TransportFolderReader Open(
        IKernel32 kernel32,
        string path,
        LayerErrorContext? context = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(kernel32);
        ArgumentException.ThrowIfNullOrEmpty(path);
        context ??= new LayerErrorContext { Layer = path };
        return new TransportFolderReader(new Win32Folder(kernel32, path, context), context, cancellationToken);
    }

    private protected override IEnumerable<LayerFolderEntry> Walk()
    {
        foreach (LayerFolderEntry entry in Below(""))
        {
            if (entry.Name == TombstoneFile.FileName
                || TransportEntry.IsDirectoryMetadata(entry.Name)
                || (_beside is not null && entry.Name == TransportSidecar.FileName))
            {
                continue;
            }

            yield return entry;
            if (entry.Item!.Value.IsRealDirectory && _tombstones.Remove(entry.Name, out List<string>? gone))
            {
                foreach (string name in gone)
                {
                    yield return new LayerFolderEntry(name, null);
                }
            }
        }
    }

    /// <summary>A directory below Files keeps its metadata in a file beside it.</summary>
    private protected override string FileOf(LayerFolderEntry entry) =>
        IsPrefixed(entry) && entry.Item!.Value.IsRealDirectory
            ? entry.Name + TransportEntry.DirectoryMetadataSuffix
            : entry.Name;

    private protected override LayerEntry Describe(LayerFolderEntry entry, ILayerFile file)
    {
        TransportSidecarEntry? beside = _beside?.GetValueOrDefault(entry.Name);
        if (beside is { Target.Length: > 0 })
        {
            return new LayerEntry(entry.Name, 0, beside.Info, null, () => Stream.Null) { HardLinkTarget = beside.Target };
        }

        LayerFileInfo info = beside?.Info ?? file.GetInfo();
        if (IsPrefixed(entry))
        {
            return DescribePrefixed(entry, file, info);
        }

        if (beside is not null)
        {
            return new LayerEntry(
                entry.Name,
                entry.Item!.Value.Size,
                info,
                null,
                () => new HeadedStream(beside.Head, file.OpenBackup(security: false)));
        }

        if (entry.Name is Hives or Files)
        {
            // The directories' own times differ from export to export; those of the system hive do not.
            using ILayerFile hive = Folder.Open(SystemDelta);
            info = hive.GetInfo() with { FileAttributes = info.FileAttributes };
        }

        info = info with { CreationTime = info.LastWriteTime, LastAccessTime = info.LastWriteTime };
        return new LayerEntry(entry.Name, entry.Item!.Value.Size, info, null, () => file.OpenBackup(security: false));
    }

    /// <summary>The original writer of this order drops such tombstones without a word; so does the tar, but not the report.</summary>
    private protected override void OnEnd()
    {
        foreach (List<string> gone in _tombstones.Values)
        {
            foreach (string name in gone)
            {
                AddLoss(new LayerLossRecord(
                    name,
                    "tombstoneWithoutParent",
                    $"{name}: the tombstone is not in the tar: its directory '{WindowsPath.DirectoryName(name)}' is not in the export"));
            }
        }

        _tombstones.Clear();
    }

    private bool IsPrefixed(LayerFolderEntry entry) => TransportEntry.HasPrefix(entry.Name)
        || (_forImport && entry.Name is Hives or Files && Folder.Exists(entry.Name + TransportEntry.DirectoryMetadataSuffix));

    private static LayerEntry DescribePrefixed(LayerFolderEntry entry, ILayerFile file, LayerFileInfo info)
    {
        Stream content = file.OpenContent(0);
        uint attributes = TransportEntry.ReadAttributes(content, entry.Name);
        content.Dispose();
        Stream stream = file.OpenContent(TransportEntry.PrefixSize);
        long size = 0;
        if (!entry.Item!.Value.IsRealDirectory)
        {
            size = DataSize(stream, entry.Name);
            stream.Position = 0;
        }

        return new LayerEntry(entry.Name, size, info with { FileAttributes = attributes }, null, () => stream);
    }

    private static long DataSize(Stream stream, string name)
    {
        var reader = new BackupStreamReader(stream) { EntryName = name };
        while (reader.NextHeader(out BackupStreamHeader header))
        {
            if (header.Id == BackupStreamId.Data)
            {
                return header.Size;
            }
        }

        return 0;
    }

    /// <summary>What this program has kept beside; null where it has not.</summary>
    private Dictionary<string, TransportSidecarEntry>? ReadSidecar()
    {
        if (!Folder.Exists(TransportSidecar.FileName))
        {
            return null;
        }

        LayerErrorContext context = ErrorContext with { Entry = TransportSidecar.FileName };
        try
        {
            using ILayerFile file = Folder.Open(TransportSidecar.FileName);
            using Stream content = file.OpenContent(0);
            return TransportSidecar.Read(content);
        }
        catch (Exception e) when (LayerErrors.IsPlaceable(e))
        {
            throw LayerException.From(e, context);
        }
    }

    private Dictionary<string, List<string>> ReadTombstones()
    {
        LayerErrorContext context = ErrorContext with { Entry = TombstoneFile.FileName };
        try
        {
            using ILayerFile file = Folder.Open(TombstoneFile.FileName);
            using Stream content = file.OpenContent(0);
            var byParent = new Dictionary<string, List<string>>(StringComparer.Ordinal);
            foreach (string name in TombstoneFile.Read(content))
            {
                string parent = WindowsPath.DirectoryName(name);
                if (!byParent.TryGetValue(parent, out List<string>? gone))
                {
                    byParent.Add(parent, gone = []);
                }

                gone.Add(name);
            }

            return byParent;
        }
        catch (LayerFormatException e)
        {
            throw LayerErrors.FromFormat(e, context);
        }
        catch (Exception e) when (e is IOException and not LayerException or UnauthorizedAccessException)
        {
            throw new LayerException(
                e.Message,
                context,
                e,
                "this is not a transport folder: those hold tombstones.txt beside Files and Hives");
        }
    }
}
