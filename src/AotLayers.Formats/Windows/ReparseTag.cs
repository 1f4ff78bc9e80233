using System.Globalization;

namespace AotLayers.Formats;

/// <summary>Reparse tags (docs/formats/reparse-points.md#tags).</summary>
public static class ReparseTag
{
    /// <summary>IO_REPARSE_TAG_MOUNT_POINT: mount points and junctions.</summary>
    public const uint MountPoint = 0xA0000003;

    /// <summary>IO_REPARSE_TAG_SYMLINK.</summary>
    public const uint SymbolicLink = 0xA000000C;

    /// <summary>IO_REPARSE_TAG_WCI: container isolation placeholder.</summary>
    public const uint Wci = 0x80000018;

    /// <summary>IO_REPARSE_TAG_WCI_1: container isolation placeholder.</summary>
    public const uint Wci1 = 0x90001018;

    /// <summary>IO_REPARSE_TAG_WCI_TOMBSTONE.</summary>
    public const uint WciTombstone = 0xA000001F;

    /// <summary>IO_REPARSE_TAG_WOF: a file kept compressed, or in a WIM image.</summary>
    public const uint Wof = 0x80000017;

    /// <summary>IO_REPARSE_TAG_APPEXECLINK: alias of a packaged application.</summary>
    public const uint AppExecLink = 0x8000001B;

    /// <summary>IO_REPARSE_TAG_LX_SYMLINK: symbolic link of the Windows Subsystem for Linux.</summary>
    public const uint LxSymbolicLink = 0xA000001D;

    private static readonly Dictionary<uint, string> s_names = new()
    {
        [MountPoint] = "MOUNT_POINT",
        [0xC0000004] = "HSM",
        [0x80000005] = "DRIVE_EXTENDER",
        [0x80000006] = "HSM2",
        [0x80000007] = "SIS",
        [0x80000008] = "WIM",
        [0x80000009] = "CSV",
        [0x8000000A] = "DFS",
        [0x8000000B] = "FILTER_MANAGER",
        [SymbolicLink] = "SYMLINK",
        [0xA0000010] = "IIS_CACHE",
        [0x80000012] = "DFSR",
        [0x80000013] = "DEDUP",
        [0xC0000014] = "APPXSTRM",
        [0x80000014] = "NFS",
        [0x80000015] = "FILE_PLACEHOLDER",
        [0x80000016] = "DFM",
        [Wof] = "WOF",
        [Wci] = "WCI",
        [Wci1] = "WCI_1",
        [0xA0000019] = "GLOBAL_REPARSE",
        [AppExecLink] = "APPEXECLINK",
        [0x9000001C] = "PROJFS",
        [LxSymbolicLink] = "LX_SYMLINK",
        [0x8000001E] = "STORAGE_SYNC",
        [0x90000027] = "STORAGE_SYNC_FOLDER",
        [WciTombstone] = "WCI_TOMBSTONE",
        [0x80000020] = "UNHANDLED",
        [0x80000021] = "ONEDRIVE",
        [0xA0000022] = "PROJFS_TOMBSTONE",
        [0x80000023] = "AF_UNIX",
        [0x80000024] = "LX_FIFO",
        [0x80000025] = "LX_CHR",
        [0x80000026] = "LX_BLK",
        [0xA0000027] = "WCI_LINK",
        [0xA0001027] = "WCI_LINK_1",
    };

    /// <summary>The name winnt.h gives a tag without <c>IO_REPARSE_TAG_</c>, or null.</summary>
    public static string? NameOf(uint tag) =>
        s_names.TryGetValue(tag, out string? name) ? name
        : (tag & 0xFFFF0FFF) == 0x9000001A ? "CLOUD"
        : null;

    /// <summary>Whether Microsoft owns the tag. The buffers of others have a GUID before their data.</summary>
    public static bool IsMicrosoft(uint tag) => (tag & 0x80000000) != 0;

    /// <summary>Whether the point stands for another named object, as links do.</summary>
    public static bool IsNameSurrogate(uint tag) => (tag & 0x20000000) != 0;

    /// <summary>Name and number of a tag, for messages.</summary>
    public static string Describe(uint tag) =>
        string.Create(CultureInfo.InvariantCulture, $"{NameOf(tag) ?? "unknown tag"} (0x{tag:x8})");
}
