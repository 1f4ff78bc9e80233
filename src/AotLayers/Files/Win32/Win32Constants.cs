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

    /// <summary>GENERIC_WRITE.</summary>
    public const uint GenericWrite = 0x40000000;

    /// <summary>WRITE_DAC: the list of who may do what can be set.</summary>
    public const uint WriteDac = 0x40000;

    /// <summary>WRITE_OWNER: the owner can be set.</summary>
    public const uint WriteOwner = 0x80000;

    /// <summary>ACCESS_SYSTEM_SECURITY: the audit list can be set. Granted to those who open for backup with SeRestorePrivilege.</summary>
    public const uint AccessSystemSecurity = 0x01000000;

    /// <summary>FILE_READ_ATTRIBUTES.</summary>
    public const uint ReadAttributes = 0x80;

    /// <summary>FILE_WRITE_ATTRIBUTES.</summary>
    public const uint WriteAttributes = 0x100;

    /// <summary>FILE_SHARE_READ.</summary>
    public const uint ShareRead = 1;

    /// <summary>FILE_SHARE_READ, FILE_SHARE_WRITE and FILE_SHARE_DELETE.</summary>
    public const uint ShareAll = 7;

    /// <summary>CREATE_NEW: nothing of the name may be there.</summary>
    public const uint CreateNew = 1;

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

    /// <summary>ERROR_SHARING_VIOLATION.</summary>
    public const uint SharingViolation = 32;

    /// <summary>ERROR_FILE_EXISTS.</summary>
    public const uint FileExists = 80;

    /// <summary>ERROR_ALREADY_EXISTS.</summary>
    public const uint AlreadyExists = 183;
}
