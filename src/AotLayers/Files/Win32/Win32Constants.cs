namespace AotLayers;

/// <summary>The constants of the file calls, as winnt.h, winbase.h and winerror.h have them.</summary>
internal static class Win32Constants
{
    /// <summary>INVALID_HANDLE_VALUE.</summary>
    public const nint InvalidHandle = -1;

    /// <summary>INVALID_FILE_ATTRIBUTES.</summary>
    public const uint InvalidAttributes = 0xFFFFFFFF;

    /// <summary>Room for any path, in UTF-16 units.</summary>
    public const uint MaxPath = 32768;

    /// <summary>GENERIC_READ.</summary>
    public const uint GenericRead = 0x80000000;

    /// <summary>FILE_SHARE_READ.</summary>
    public const uint ShareRead = 1;

    /// <summary>OPEN_EXISTING.</summary>
    public const uint OpenExisting = 3;

    /// <summary>FILE_FLAG_BACKUP_SEMANTICS: directories can be opened, and privileges count.</summary>
    public const uint BackupSemantics = 0x02000000;

    /// <summary>FILE_FLAG_OPEN_REPARSE_POINT: the point itself, not its target.</summary>
    public const uint OpenReparsePoint = 0x00200000;

    /// <summary>FileBasicInfo.</summary>
    public const int BasicInfoClass = 0;

    /// <summary>FileStandardInfo.</summary>
    public const int StandardInfoClass = 1;

    /// <summary>FileIdInfo.</summary>
    public const int IdInfoClass = 18;

    /// <summary>FILE_BEGIN of SetFilePointerEx.</summary>
    public const uint FromBegin = 0;

    /// <summary>ERROR_FILE_NOT_FOUND.</summary>
    public const uint FileNotFound = 2;

    /// <summary>ERROR_PATH_NOT_FOUND.</summary>
    public const uint PathNotFound = 3;

    /// <summary>ERROR_NO_MORE_FILES.</summary>
    public const uint NoMoreFiles = 18;

    /// <summary>ERROR_ALREADY_EXISTS.</summary>
    public const uint AlreadyExists = 183;
}
