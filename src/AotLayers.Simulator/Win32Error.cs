namespace AotLayers.Simulator;

/// <summary>The Win32 codes that the simulated calls report.</summary>
internal static class Win32Error
{
    public const uint InvalidFunction = 1;
    public const uint FileNotFound = 2;
    public const uint PathNotFound = 3;
    public const uint AccessDenied = 5;
    public const uint InvalidHandle = 6;
    public const uint InvalidData = 13;
    public const uint NoMoreFiles = 18;
    public const uint NotReady = 21;
    public const uint ReadFault = 30;
    public const uint GeneralFailure = 31;
    public const uint SharingViolation = 32;
    public const uint NotSupported = 50;
    public const uint DeviceNotExist = 55;
    public const uint FileExists = 80;
    public const uint InvalidParameter = 87;
    public const uint InsufficientBuffer = 122;
    public const uint InvalidName = 123;
    public const uint NegativeSeek = 131;
    public const uint DirectoryNotEmpty = 145;
    public const uint AlreadyExists = 183;
    public const uint DirectoryName = 267;
    public const uint OperationAborted = 995;
    public const uint TooManyLinks = 1142;
    public const uint NotFound = 1168;
    public const uint PrivilegeNotHeld = 1314;
    public const uint FileCorrupt = 1392;
    public const uint CannotResolveFileName = 1921;

    /// <summary>The code for an error of this machine's own disk.</summary>
    public static uint FromDisk(Exception error) => error switch
    {
        UnauthorizedAccessException => AccessDenied,
        DirectoryNotFoundException => PathNotFound,
        FileNotFoundException => FileNotFound,
        _ => ReadFault,
    };

    /// <summary>HRESULT_FROM_WIN32; 0 stays S_OK.</summary>
    public static int ToHResult(uint code) => code == 0 ? 0 : unchecked((int)(0x80070000 | code));
}
