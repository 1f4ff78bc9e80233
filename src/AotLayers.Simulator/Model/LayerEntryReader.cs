using System.Buffers.Binary;
using System.Text;
using AotLayers.Formats;
using AotLayers.Hcs;
using AotLayers.Interop;

namespace AotLayers.Simulator;

/// <summary>The real file or directory that an entry of <c>layer.json</c> adds to.</summary>
/// <param name="IsDirectory">Whether it is a directory.</param>
/// <param name="Content">Content of a file; null for a directory or link.</param>
/// <param name="LinkTarget">Target of a real symbolic link, with backslashes.</param>
/// <param name="Time">Modification time as FILETIME.</param>
internal sealed record RealEntry(bool IsDirectory, ContentSource? Content, string? LinkTarget, long Time);

/// <summary>
/// Makes files from elements of <c>entries</c> of <c>layer.json</c>. recordings/README.md describes the format for people.
/// </summary>
internal static class LayerEntryReader
{
    private const long MaxLogicalSize = 1L << 50;
    private const int MaxDepth = 512;

    /// <summary>Members of an entry.</summary>
    private static readonly string[] s_members =
    [
        "path", "directory", "linkTo", "attributes", "time", "times", "security", "eas", "easAfterData", "streams", "reparse",
        "sparse", "text", "base64",
        "pattern", "size", "noData", "objectId", "rawStreams", "backup", "failReadAt", "failCode",
    ];

    /// <summary>Members that say what a backup stream holds.</summary>
    private static readonly string[] s_contentMembers =
        [
            "security", "eas", "easAfterData", "streams", "reparse", "sparse", "text", "base64", "pattern", "size", "noData",
            "objectId", "rawStreams"
        ];

    /// <summary>The entry's path as written, checked to be a Windows path below the layer.</summary>
    public static string Path(BoundedJsonValue entry) => RelativePath(entry.Object(s_members).Required("path"));

    /// <summary>A path below the layer: separators unified, no empty or dot parts, names of at most 255 units.</summary>
    public static string RelativePath(BoundedJsonValue node)
    {
        string path = WindowsPath.FromSlash(node.Text());
        if (!WindowsPath.IsSafeRelative(path, out string? problem))
        {
            throw node.Error(problem!);
        }

        string[] parts = path.Split('\\');
        if (parts.Length > MaxDepth || parts.Any(part => part.Length > 255))
        {
            throw node.Error(parts.Length > MaxDepth ? $"more than {MaxDepth} directories deep" : "a name longer than 255 characters");
        }

        return path;
    }

    /// <summary>Target of a hard link; null when the entry is not one.</summary>
    public static string? LinkTo(BoundedJsonValue entry) => entry.Member("linkTo") is { } link ? RelativePath(link) : null;

    /// <summary>Makes the file of an entry.</summary>
    /// <param name="entry">The element, its members already checked by <see cref="Path"/>.</param>
    /// <param name="real">The real file below it, if there is one.</param>
    /// <param name="defaults">What the entry leaves open.</param>
    /// <param name="stored">The layer's <c>streams.bin</c>, if it has one.</param>
    public static SimulatedFile Read(BoundedJsonValue entry, RealEntry? real, LayerDefaults defaults, ContentSource? stored)
    {
        if (entry.Member("backup") is { } backup)
        {
            return ReadBackup(entry, backup, real, defaults, stored);
        }

        bool directory = entry.Member("directory")?.Bool() ?? real?.IsDirectory ?? false;
        if (real is { LinkTarget: null } && real.IsDirectory != directory)
        {
            throw entry.Error($"the real entry is a {(real.IsDirectory ? "directory" : "file")}");
        }

        byte[]? reparse = entry.Member("reparse") is { } point ? ReadReparse(point) : RealLink(real);
        ContentSource? content = ReadContent(entry);
        if (content is not null && (directory || real?.Content is not null))
        {
            throw entry.Error(directory ? "a directory has no content" : "the real file is the content already");
        }

        SparseLayout? sparse = entry.Member("sparse") is { } layout ? ReadSparse(layout, out content) : null;
        content ??= real?.Content;
        bool noData = entry.Member("noData")?.Bool() ?? (directory || reparse is not null);
        uint attributes = entry.Member("attributes")?.UInt32()
            ?? (directory ? WindowsFileAttributes.Directory : WindowsFileAttributes.Archive);
        attributes |= (directory ? WindowsFileAttributes.Directory : 0) | (reparse is not null ? WindowsFileAttributes.ReparsePoint : 0)
            | (sparse is not null ? WindowsFileAttributes.SparseFile : 0);
        var file = new SimulatedFile
        {
            Info = ReadTimes(entry, defaults.Info(attributes, real?.Time)),
            Security = entry.Member("security") is { } security
                ? ReadSecurity(security)
                : directory ? defaults.DirectorySecurity : defaults.FileSecurity,
            ExtendedAttributes = entry.Member("eas") is { } eas ? ReadExtendedAttributes(eas) : null,
            ExtendedAttributesAfterData = entry.Member("easAfterData")?.Bool() ?? false,
            Reparse = reparse,
            Data = content ?? (noData ? null : ContentSource.Empty),
            Sparse = sparse,
            Streams = entry.Member("streams") is { } streams ? [.. streams.Items().Select(ReadStream)] : [],
            RawStreams = entry.Member("rawStreams") is { } raw ? [.. raw.Items().Select(ReadRawStream)] : [],
            ObjectId = entry.Member("objectId") is { } id ? ReadObjectId(id) : null,
            FailReadAt = entry.Member("failReadAt")?.Int64(0, long.MaxValue),
            FailCode = entry.Member("failCode")?.UInt32() ?? Win32Error.FileCorrupt,
        };
        return file.Streams.Select(stream => stream.Content)
            .Concat(file.RawStreams.Select(raw => raw.Content))
            .Sum(content => (double)content.Length) <= MaxLogicalSize
            ? file
            : throw entry.Error($"streams of more than {MaxLogicalSize} bytes together");
    }

    /// <summary>Security descriptor: SDDL, <c>base64:...</c>, or the empty text for none.</summary>
    public static byte[]? ReadSecurity(BoundedJsonValue node)
    {
        string text = node.Text();
        try
        {
            return text.Length == 0 ? null
                : text.StartsWith("base64:", StringComparison.Ordinal) ? Convert.FromBase64String(text["base64:".Length..])
                : SecurityDescriptor.FromSddl(text).Encode(SecurityDescriptorLayout.Stored);
        }
        catch (Exception e) when (e is FormatException and not BoundedJsonException or LayerFormatException)
        {
            throw node.Error($"not a security descriptor: {e.Message}");
        }
    }

    private static SimulatedFile ReadBackup(
        BoundedJsonValue entry,
        BoundedJsonValue backup,
        RealEntry? real,
        LayerDefaults defaults,
        ContentSource? streams)
    {
        backup.Object("offset", "size");
        long length = streams?.Length ?? throw backup.Error($"the layer has no {LayerLoader.StreamsFile}");
        long offset = backup.Required("offset").Int64(0, length);
        long size = backup.Required("size").Int64(0, length - offset);
        if (real is not null || s_contentMembers.Any(member => entry.Member(member) is not null))
        {
            throw entry.Error($"'backup' is the whole file: no real file, and none of {string.Join(", ", s_contentMembers)}");
        }

        bool directory = entry.Member("directory")?.Bool() ?? false;
        uint attributes = entry.Member("attributes")?.UInt32()
            ?? (directory ? WindowsFileAttributes.Directory : WindowsFileAttributes.Archive);
        if (directory != ((attributes & WindowsFileAttributes.Directory) != 0))
        {
            throw entry.Error("'attributes' and 'directory' differ");
        }

        try
        {
            FileBasicInfo info = ReadTimes(entry, defaults.Info(attributes, realTime: null));
            SimulatedFile file = BackupStreamParser.Parse(new SliceContent(streams, offset, size), info, Path(entry));
            file.FailReadAt = entry.Member("failReadAt")?.Int64(0, long.MaxValue);
            file.FailCode = entry.Member("failCode")?.UInt32() ?? Win32Error.FileCorrupt;
            return file;
        }
        catch (LayerFormatException e)
        {
            throw backup.Error(e.Message);
        }
        catch (SimulatedFaultException e)
        {
            throw backup.Error(e.Message);
        }
    }

    private static FileBasicInfo ReadTimes(BoundedJsonValue entry, FileBasicInfo info)
    {
        if (entry.Member("time") is { } all)
        {
            long time = all.Int64(long.MinValue, long.MaxValue);
            (info.CreationTime, info.LastAccessTime, info.LastWriteTime, info.ChangeTime) = (time, time, time, time);
        }

        if (entry.Member("times") is { } times)
        {
            times.Object("creation", "access", "write", "change");
            info.CreationTime = Time("creation") ?? info.CreationTime;
            info.LastAccessTime = Time("access") ?? info.LastAccessTime;
            info.LastWriteTime = Time("write") ?? info.LastWriteTime;
            info.ChangeTime = Time("change") ?? info.ChangeTime;
            long? Time(string name) => times.Member(name)?.Int64(long.MinValue, long.MaxValue);
        }

        return info;
    }

    private static byte[]? RealLink(RealEntry? real) =>
        real?.LinkTarget is { } target ? ReparsePoint.FromTarget(target, isMountPoint: false).Encode() : null;

    private static byte[] ReadReparse(BoundedJsonValue node)
    {
        node.Object("symlink", "junction", "printName", "substituteName", "tag", "base64");
        if (node.Member("tag") is { } tag)
        {
            byte[] data = node.Member("base64")?.Base64() ?? [];
            if (data.Length > ushort.MaxValue)
            {
                throw node.Error($"reparse data of {data.Length} bytes; at most {ushort.MaxValue}");
            }

            byte[] buffer = new byte[8 + data.Length];
            BinaryPrimitives.WriteUInt32LittleEndian(buffer, tag.UInt32());
            BinaryPrimitives.WriteUInt16LittleEndian(buffer.AsSpan(4), (ushort)data.Length);
            data.CopyTo(buffer, 8);
            return buffer;
        }

        BoundedJsonValue? link = node.Member("symlink");
        BoundedJsonValue target = link ?? node.Member("junction") ?? throw node.Error("needs one of 'symlink', 'junction' and 'tag'");
        var point = ReparsePoint.FromTarget(target.Text(), isMountPoint: link is null);
        point = point with
        {
            PrintName = node.Member("printName")?.Text() ?? point.PrintName,
            SubstituteName = node.Member("substituteName")?.Text() ?? point.SubstituteName,
        };
        try
        {
            return point.Encode();
        }
        catch (LayerFormatException e)
        {
            throw node.Error(e.Message);
        }
    }

    private static byte[] ReadExtendedAttributes(BoundedJsonValue node)
    {
        var list = new List<ExtendedAttribute>();
        int room = ushort.MaxValue;
        foreach (BoundedJsonValue item in node.Items())
        {
            item.Object("name", "text", "base64", "pattern", "size", "flags");
            byte[] value = Materialise(item);
            room = value.Length <= room
                ? room - value.Length
                : throw node.Error($"values of more than {ushort.MaxValue} bytes together, which NTFS does not keep");
            list.Add(new ExtendedAttribute(
                Encoding.UTF8.GetBytes(item.Required("name").Text()),
                value,
                (byte)(item.Member("flags")?.Int64(0, 255) ?? 0)));
        }

        try
        {
            return ExtendedAttributes.Encode(list);
        }
        catch (LayerFormatException e)
        {
            throw node.Error(e.Message);
        }
    }

    private static AlternateStream ReadStream(BoundedJsonValue node)
    {
        node.Object("name", "attributes", "text", "base64", "pattern", "size");
        string name = node.Required("name").Text();
        return name.Length is > 0 and <= 255 && name.AsSpan().IndexOfAny(@":\/" + '\0') < 0
            ? new AlternateStream(name, node.Member("attributes")?.UInt32() ?? 0, ReadContent(node) ?? ContentSource.Empty)
            : throw node.Required("name").Error(@"a stream name has 1 to 255 characters, none of them : \ / or NUL");
    }

    private static RawStream ReadRawStream(BoundedJsonValue node)
    {
        node.Object("id", "attributes", "name", "text", "base64", "pattern", "size", "afterData");
        string name = node.Member("name")?.Text() ?? "";
        return name.Length <= 32767
            ? new RawStream(
                node.Required("id").UInt32(),
                node.Member("attributes")?.UInt32() ?? 0,
                name,
                ReadContent(node) ?? ContentSource.Empty,
                node.Member("afterData")?.Bool() ?? false)
            : throw node.Error("stream name is longer than 32767 characters");
    }

    private static SparseLayout ReadSparse(BoundedJsonValue node, out ContentSource content)
    {
        node.Object("size", "ranges", "representation");
        long size = node.Required("size").Int64(0, MaxLogicalSize);
        var ranges = new List<SparseRange>();
        long end = 0;
        foreach (BoundedJsonValue item in node.Member("ranges")?.Items() ?? [])
        {
            item.Object("offset", "text", "base64", "pattern", "size");
            long offset = item.Required("offset").Int64(end, size);
            ContentSource data = ReadContent(item) ?? throw item.Error("needs one of 'text', 'base64' and 'pattern'");
            end = data.Length <= size - offset ? offset + data.Length : throw item.Error("the range ends after the file");
            ranges.Add(new SparseRange(offset, data));
        }

        content = new SparseContent(size, ranges);
        BoundedJsonValue? kind = node.Member("representation");
        return new SparseLayout(ranges, kind?.Text() switch
        {
            null or "auto" => SparseRepresentation.Auto,
            "noData" => SparseRepresentation.NoData,
            "emptyData" => SparseRepresentation.EmptyData,
            "whole" => SparseRepresentation.Whole,
            "blocks" => SparseRepresentation.Blocks,
            _ => throw kind.Value.Error("known are auto, noData, emptyData, whole, blocks"),
        });
    }

    private static byte[] ReadObjectId(BoundedJsonValue node)
    {
        byte[] id = node.Base64();
        return id.Length == 64 ? id : throw node.Error($"FILE_OBJECTID_BUFFER has 64 bytes, this has {id.Length}");
    }

    /// <summary>Content from <c>text</c> (UTF-8), <c>base64</c>, or <c>pattern</c> with <c>size</c>; null without any.</summary>
    private static ContentSource? ReadContent(BoundedJsonValue node)
    {
        BoundedJsonValue? text = node.Member("text");
        BoundedJsonValue? base64 = node.Member("base64");
        BoundedJsonValue? pattern = node.Member("pattern");
        BoundedJsonValue? size = node.Member("size");
        if ((text is null ? 0 : 1) + (base64 is null ? 0 : 1) + (pattern is null ? 0 : 1) > 1)
        {
            throw node.Error("only one of 'text', 'base64' and 'pattern'");
        }

        if (pattern is null != size is null)
        {
            throw node.Error("'pattern' and 'size' go together");
        }

        return text is { } t ? new BytesContent(Wtf8.GetBytes(t.Text()))
            : base64 is { } b ? new BytesContent(b.Base64())
            : pattern is { } p ? new PatternContent((int)p.Int64(0, 255), size!.Value.Int64(0, MaxLogicalSize))
            : null;
    }

    private static byte[] Materialise(BoundedJsonValue node)
    {
        ContentSource content = ReadContent(node) ?? ContentSource.Empty;
        if (content.Length > ushort.MaxValue)
        {
            throw node.Error($"at most {ushort.MaxValue} bytes");
        }

        byte[] bytes = new byte[content.Length];
        content.Read(0, bytes);
        return bytes;
    }
}
