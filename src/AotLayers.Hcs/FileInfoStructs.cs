using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace AotLayers.Hcs;

/// <summary>
/// FILE_BASIC_INFO, 40 bytes aligned to 8 (docs/windows/structs.md#file_basic_info). Times are FILETIME: 100 ns since 1601 UTC.
/// </summary>
[StructLayout(LayoutKind.Sequential)]
public struct FileBasicInfo
{
    /// <summary>Creation time.</summary>
    public long CreationTime;

    /// <summary>Last access time.</summary>
    public long LastAccessTime;

    /// <summary>Last write time.</summary>
    public long LastWriteTime;

    /// <summary>Change time (of metadata).</summary>
    public long ChangeTime;

    /// <summary>FILE_ATTRIBUTE_* bits.</summary>
    public uint FileAttributes;
}

/// <summary>FILE_STANDARD_INFO, 24 bytes (docs/windows/structs.md#file_standard_info). The two flags are BOOLEAN, one byte each.</summary>
[StructLayout(LayoutKind.Sequential)]
public struct FileStandardInfo
{
    /// <summary>Allocated bytes.</summary>
    public long AllocationSize;

    /// <summary>Size of the main data stream in bytes.</summary>
    public long EndOfFile;

    /// <summary>Number of hard links.</summary>
    public uint NumberOfLinks;

    /// <summary>Not zero when the file is about to be deleted.</summary>
    public byte DeletePending;

    /// <summary>Not zero for a directory.</summary>
    public byte Directory;
}

/// <summary>FILE_ID_INFO, 24 bytes (docs/windows/structs.md#file_id_info).</summary>
[StructLayout(LayoutKind.Sequential)]
public struct FileIdInfo
{
    /// <summary>Serial number of the volume.</summary>
    public ulong VolumeSerialNumber;

    /// <summary>Low half of the 128-bit file id.</summary>
    public ulong FileIdLow;

    /// <summary>High half of the 128-bit file id.</summary>
    public ulong FileIdHigh;
}

/// <summary>WIN32_FIND_DATAW, 592 bytes. FILETIMEs and the size are split in 32-bit halves, as Windows has them.</summary>
[StructLayout(LayoutKind.Sequential)]
public struct Win32FindData
{
    /// <summary>FILE_ATTRIBUTE_* bits.</summary>
    public uint FileAttributes;

    /// <summary>Creation time, low half.</summary>
    public uint CreationTimeLow;

    /// <summary>Creation time, high half.</summary>
    public uint CreationTimeHigh;

    /// <summary>Last access time, low half.</summary>
    public uint LastAccessTimeLow;

    /// <summary>Last access time, high half.</summary>
    public uint LastAccessTimeHigh;

    /// <summary>Last write time, low half.</summary>
    public uint LastWriteTimeLow;

    /// <summary>Last write time, high half.</summary>
    public uint LastWriteTimeHigh;

    /// <summary>Size in bytes, high half.</summary>
    public uint FileSizeHigh;

    /// <summary>Size in bytes, low half.</summary>
    public uint FileSizeLow;

    /// <summary>Reparse tag when FILE_ATTRIBUTE_REPARSE_POINT is set.</summary>
    public uint ReparseTag;

    /// <summary>Reserved.</summary>
    public uint Reserved;

    /// <summary>Name of the entry, NUL-terminated.</summary>
    public FileNameBuffer FileName;

    /// <summary>8.3 name, NUL-terminated.</summary>
    public ShortNameBuffer AlternateFileName;
}

/// <summary>WCHAR[260] of <see cref="Win32FindData"/>.</summary>
[InlineArray(260)]
public struct FileNameBuffer
{
    private char _first;
}

/// <summary>WCHAR[14] of <see cref="Win32FindData"/>.</summary>
[InlineArray(14)]
public struct ShortNameBuffer
{
    private char _first;
}
