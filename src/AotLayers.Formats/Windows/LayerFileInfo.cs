namespace AotLayers.Formats;

/// <summary>
/// What FILE_BASIC_INFO says about a file (docs/windows/structs.md#file_basic_info), without its native layout. Times are FILETIME: 100
/// ns units since 1601-01-01 UTC.
/// </summary>
/// <param name="CreationTime">Creation time.</param>
/// <param name="LastAccessTime">Last access time.</param>
/// <param name="LastWriteTime">Last write time.</param>
/// <param name="ChangeTime">Time of the last change to data or metadata.</param>
/// <param name="FileAttributes">FILE_ATTRIBUTE_* bits, see <see cref="WindowsFileAttributes"/>.</param>
public readonly record struct LayerFileInfo(
    long CreationTime,
    long LastAccessTime,
    long LastWriteTime,
    long ChangeTime,
    uint FileAttributes)
{
    /// <summary>Whether the DIRECTORY attribute is set.</summary>
    public bool IsDirectory => (FileAttributes & WindowsFileAttributes.Directory) != 0;

    /// <summary>Whether the REPARSE_POINT attribute is set.</summary>
    public bool IsReparsePoint => (FileAttributes & WindowsFileAttributes.ReparsePoint) != 0;
}
