using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace AotLayers.Native;

/// <summary>An open layer. Holds no memory of the caller's; any thread may use it, one at a time.</summary>
[CName("aotl_reader"), COpaque]
[StructLayout(LayoutKind.Sequential)]
public struct AotlReader;

/// <summary>Bits of <see cref="AotlEntry.Flags"/>.</summary>
[CConstants("Flags of an entry", hexadecimal: true)]
public static class EntryFlags
{
    /// <summary>The entry hides a file of a parent layer: it has no size, times, attributes or content.</summary>
    [CName("AOTL_ENTRY_TOMBSTONE")]
    public const uint Tombstone = 1;

    /// <summary>A directory.</summary>
    [CName("AOTL_ENTRY_DIRECTORY")]
    public const uint Directory = 2;

    /// <summary>A reparse point: a symbolic link, a mount point or another kind. Its data is in the backup stream.</summary>
    [CName("AOTL_ENTRY_REPARSE_POINT")]
    public const uint ReparsePoint = 4;

    /// <summary>link_count is known; so is file_id when it is above 1.</summary>
    [CName("AOTL_ENTRY_HAS_LINKS")]
    public const uint HasLinks = 8;

    /// <summary>One more name of an earlier entry, link_target: it has no content of its own. Only tars say it.</summary>
    [CName("AOTL_ENTRY_HARD_LINK")]
    public const uint HardLink = 16;
}

/// <summary>One entry of a layer. Set struct_size to sizeof(aotl_entry), or use AOTL_ENTRY_INIT.</summary>
[CName("aotl_entry")]
[StructLayout(LayoutKind.Sequential)]
public unsafe struct AotlEntry
{
    /// <summary>In: sizeof(aotl_entry) of the caller; 0 means that of version 1. Out: how much of it was written.</summary>
    public uint StructSize;

    /// <summary>AOTL_ENTRY_ bits.</summary>
    public uint Flags;

    /// <summary>
    /// Name relative to the layer, backslashes between its parts, no leading one, NUL-terminated. UTF-8; a lone surrogate, which file
    /// names of Windows may hold, as three bytes (WTF-8). Belongs to the reader: valid until the next aotl_next or aotl_close of it.
    /// </summary>
    [CType("const char *")]
    public byte* Name;

    /// <summary>Length of the name in bytes, without the NUL.</summary>
    public ulong NameLength;

    /// <summary>Size of the main data stream in bytes, holes included. 0 for directories and tombstones.</summary>
    public long Size;

    /// <summary>Creation time, a FILETIME: 100 ns units since 1601-01-01 UTC. So are the other times.</summary>
    public long CreationTime;

    /// <summary>Last access time.</summary>
    public long LastAccessTime;

    /// <summary>Last write time.</summary>
    public long LastWriteTime;

    /// <summary>Time of the last change to data or metadata.</summary>
    public long ChangeTime;

    /// <summary>FILE_ATTRIBUTE_ bits as Windows defines them.</summary>
    public uint Attributes;

    /// <summary>Number of hard links, 0 where the source does not tell (see AOTL_ENTRY_HAS_LINKS).</summary>
    public uint LinkCount;

    /// <summary>128-bit id, least significant byte first: equal for all names of a file. Only known when link_count is above 1.</summary>
    public Bytes16 FileId;

    /// <summary>Name of the earlier entry with AOTL_ENTRY_HARD_LINK, else NULL. Of the same form and life as name.</summary>
    [CType("const char *")]
    public byte* LinkTarget;
}

/// <summary>16 bytes.</summary>
[InlineArray(16)]
public struct Bytes16
{
    private byte _first;
}
