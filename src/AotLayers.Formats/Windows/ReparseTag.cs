using System.Globalization;

namespace AotLayers.Formats;

/// <summary>Reparse tags met in layers (docs/formats/reparse-points.md#buffers).</summary>
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

    /// <summary>The name winnt.h gives a tag without <c>IO_REPARSE_TAG_</c>, or null.</summary>
    public static string? NameOf(uint tag) => tag switch
    {
        MountPoint => "MOUNT_POINT",
        SymbolicLink => "SYMLINK",
        Wci => "WCI",
        Wci1 => "WCI_1",
        WciTombstone => "WCI_TOMBSTONE",
        0xA0000027 => "WCI_LINK",
        0xA0001027 => "WCI_LINK_1",
        0x80000020 => "UNHANDLED",
        0xA0000019 => "GLOBAL_REPARSE",
        0x80000017 => "WOF",
        0x80000008 => "WIM",
        0x80000013 => "DEDUP",
        0x8000001B => "APPEXECLINK",
        0xA000001D => "LX_SYMLINK",
        0x80000023 => "AF_UNIX",
        0x9000001C => "PROJFS",
        _ when (tag & 0xFFFF0FFF) == 0x9000001A => "CLOUD",
        _ => null,
    };

    /// <summary>Name and number of a tag, for messages.</summary>
    public static string Describe(uint tag) =>
        string.Create(CultureInfo.InvariantCulture, $"{NameOf(tag) ?? "unknown tag"} (0x{tag:x8})");
}
