namespace AotLayers;

/// <summary>
/// The operating system's code of a file error as an HRESULT. On Windows the runtime keeps it; elsewhere it keeps errno, which is told in the terms of
/// Windows, so that a full disk has one code everywhere.
/// </summary>
public static class SystemErrorCode
{
    private const uint Win32Facility = 0x80070000;
    private const uint FacilityMask = 0x7FFF0000;

    /// <summary>The code of an error.</summary>
    /// <param name="error">An error of files.</param>
    /// <returns>An HRESULT of Win32; null when the error has no code that means anything.</returns>
    public static uint? Of(Exception error) => error switch
    {
        UnauthorizedAccessException => Win32Facility | 5,
        IOException when ((uint)error.HResult & FacilityMask) == (Win32Facility & FacilityMask) => (uint)error.HResult,
        IOException when !OperatingSystem.IsWindows() && FromErrno(error.HResult) is uint win32 => Win32Facility | win32,
        _ => null,
    };

    private static uint? FromErrno(int errno) => errno switch
    {
        5 => 1117, // EIO: ERROR_IO_DEVICE
        9 => 6, // EBADF: ERROR_INVALID_HANDLE
        16 => 170, // EBUSY: ERROR_BUSY
        24 => 4, // EMFILE: ERROR_TOO_MANY_OPEN_FILES
        27 => 223, // EFBIG: ERROR_FILE_TOO_LARGE
        28 => 112, // ENOSPC: ERROR_DISK_FULL
        30 => 19, // EROFS: ERROR_WRITE_PROTECT
        32 => 109, // EPIPE: ERROR_BROKEN_PIPE
        122 when OperatingSystem.IsLinux() => 1295, // EDQUOT: ERROR_DISK_QUOTA_EXCEEDED
        _ => null,
    };
}
