using System.Globalization;

namespace AotLayers.Formats;

/// <summary>Kind of a record in a Win32 backup stream (WIN32_STREAM_ID.dwStreamId, docs/formats/backup-stream.md#kinds).</summary>
public enum BackupStreamId : uint
{
    /// <summary>No stream.</summary>
    None = 0,

    /// <summary>The unnamed data stream.</summary>
    Data = 1,

    /// <summary>Extended attributes: a list of FILE_FULL_EA_INFORMATION.</summary>
    EaData = 2,

    /// <summary>A self-relative security descriptor.</summary>
    SecurityData = 3,

    /// <summary>An alternate data stream; the name is <c>:stream:$DATA</c>.</summary>
    AlternateData = 4,

    /// <summary>Hard link information.</summary>
    Link = 5,

    /// <summary>Property data.</summary>
    PropertyData = 6,

    /// <summary>Object id.</summary>
    ObjectId = 7,

    /// <summary>A REPARSE_DATA_BUFFER with its 8-byte header.</summary>
    ReparseData = 8,

    /// <summary>A piece of a sparse stream: its offset and its bytes.</summary>
    SparseBlock = 9,

    /// <summary>Transactional NTFS data.</summary>
    TxfsData = 10,

    /// <summary>Ghosted file extents.</summary>
    GhostedFileExtents = 11,
}

/// <summary>Flags of a record in a Win32 backup stream (WIN32_STREAM_ID.dwStreamAttributes).</summary>
[Flags]
public enum BackupStreamAttributes : uint
{
    /// <summary>No flag.</summary>
    None = 0,

    /// <summary>STREAM_MODIFIED_WHEN_READ.</summary>
    ModifiedWhenRead = 1,

    /// <summary>STREAM_CONTAINS_SECURITY.</summary>
    ContainsSecurity = 2,

    /// <summary>STREAM_CONTAINS_PROPERTIES.</summary>
    ContainsProperties = 4,

    /// <summary>STREAM_SPARSE_ATTRIBUTE.</summary>
    Sparse = 8,

    /// <summary>STREAM_CONTAINS_GHOSTED_FILE_EXTENTS.</summary>
    ContainsGhostedFileExtents = 0x10,
}

/// <summary>Names of backup streams.</summary>
public static class BackupStreamIds
{
    /// <summary>The name winbase.h gives a stream (<c>EA_DATA</c>), or its number.</summary>
    public static string NameOf(BackupStreamId id) => id switch
    {
        BackupStreamId.Data => "DATA",
        BackupStreamId.EaData => "EA_DATA",
        BackupStreamId.SecurityData => "SECURITY_DATA",
        BackupStreamId.AlternateData => "ALTERNATE_DATA",
        BackupStreamId.Link => "LINK",
        BackupStreamId.PropertyData => "PROPERTY_DATA",
        BackupStreamId.ObjectId => "OBJECT_ID",
        BackupStreamId.ReparseData => "REPARSE_DATA",
        BackupStreamId.SparseBlock => "SPARSE_BLOCK",
        BackupStreamId.TxfsData => "TXFS_DATA",
        BackupStreamId.GhostedFileExtents => "GHOSTED_FILE_EXTENTS",
        _ => ((uint)id).ToString(CultureInfo.InvariantCulture),
    };
}
