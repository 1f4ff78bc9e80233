using System.Buffers.Binary;
using AotLayers.Formats;

namespace AotLayers;

/// <summary>
/// A transport folder on any file system, read with System.IO. Other systems have no change time, no attributes and no creation time to
/// rely on: all four times are the modification time, so that the same folder gives the same tar everywhere
/// (docs/formats/transport-folder.md#files-with-a-prefix).
/// </summary>
internal sealed class PortableFolder : ILayerFolder
{
    public PortableFolder(string path) => Root = Path.GetFullPath(path);

    public string Root { get; }

    public bool Exists(string name) => Path.Exists(FullPath(name));

    public IReadOnlyList<LayerFolderItem> List(string directory)
    {
        var items = new List<LayerFolderItem>();
        foreach (FileSystemInfo info in new DirectoryInfo(FullPath(directory)).EnumerateFileSystemInfos("*", s_everything))
        {
            if (info.Name.Contains('\\'))
            {
                throw new LayerFormatException(
                    "a file name in a transport folder contains a backslash",
                    WindowsPath.Join(directory, info.Name));
            }

            items.Add(new LayerFolderItem(info.Name, Attributes(info), info is FileInfo { LinkTarget: null } file ? file.Length : 0));
        }

        items.Sort(static (x, y) => Utf8OrdinalComparer.Instance.Compare(x.Name, y.Name));
        return items;
    }

    public ILayerFile Open(string name) => new PortableFile(FullPath(name));

    private static readonly EnumerationOptions s_everything = new() { AttributesToSkip = 0, ReturnSpecialDirectories = false };

    private static uint Attributes(FileSystemInfo info) =>
        info.LinkTarget is not null ? WindowsFileAttributes.ReparsePoint
        : info is DirectoryInfo ? WindowsFileAttributes.Directory
        : WindowsFileAttributes.Archive;

    private string FullPath(string name) => name.Length == 0 ? Root : Path.Combine(Root, name.Replace('\\', Path.DirectorySeparatorChar));

    private sealed class PortableFile : ILayerFile
    {
        private readonly FileSystemInfo _item;
        private readonly FileStream? _content;

        public PortableFile(string path)
        {
            var directory = new DirectoryInfo(path);
            _item = directory.Exists ? directory : new FileInfo(path);
            if (_item.LinkTarget is not null)
            {
                throw new IOException($"{path} is a symbolic link; a transport folder has none");
            }

            _content = directory.Exists ? null : new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read);
        }

        public LayerFileInfo GetInfo()
        {
            long time = _item.LastWriteTimeUtc.ToFileTimeUtc();
            return new LayerFileInfo(time, time, time, time, Attributes(_item));
        }

        public LayerLinks? GetLinks() => null;

        public Stream OpenContent(long origin) => new OffsetStream(_content ?? Stream.Null, origin);

        /// <summary>What BackupRead without security gives for a plain file: one DATA record. A directory has none.</summary>
        public Stream OpenBackup(bool security)
        {
            if (_content is null)
            {
                return Stream.Null;
            }

            byte[] header = new byte[BackupStreamHeader.EncodedSize];
            BinaryPrimitives.WriteUInt32LittleEndian(header, (uint)BackupStreamId.Data);
            BinaryPrimitives.WriteInt64LittleEndian(header.AsSpan(8), _content.Length);
            return new HeadedStream(header, _content);
        }

        public void Dispose() => _content?.Dispose();
    }
}
