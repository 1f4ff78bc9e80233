using System.Globalization;
using AotLayers.Hcs;

namespace AotLayers;

/// <summary>
/// The operating system's code of a file error as an HRESULT. On Windows the runtime keeps it; elsewhere it keeps errno, which is told in
/// the terms of Windows, so that a full disk has one code everywhere.
/// </summary>
public static class SystemErrorCode
{
    private const uint Win32Facility = 0x80070000;
    private const uint FacilityMask = 0x7FFF0000;
    private const uint AccessDenied = 5;
    private const uint DiskFull = 112;
    private const uint FileTooLarge = 223;

    /// <summary>
    /// Whether writing to a file failed so. That a file may not become larger (EFBIG) is told as an argument out of range by .NET.
    /// </summary>
    public static bool IsOfWriting(Exception error) => error is IOException or UnauthorizedAccessException or ArgumentOutOfRangeException;

    /// <summary>The code of an error.</summary>
    /// <param name="error">An error of files.</param>
    /// <returns>An HRESULT of Win32; null when the error has no code that means anything.</returns>
    public static uint? Of(Exception error) => error switch
    {
        UnauthorizedAccessException => Win32Facility | AccessDenied,
        ArgumentOutOfRangeException => Win32Facility | FileTooLarge,
        IOException when ((uint)error.HResult & FacilityMask) == (Win32Facility & FacilityMask) => (uint)error.HResult,
        IOException when !OperatingSystem.IsWindows() && FromErrno(error.HResult) is uint win32 => Win32Facility | win32,
        _ => null,
    };

    /// <summary>
    /// What went wrong with an output, without the name of the file behind it: that of a full disk in Windows' words, with the code.
    /// </summary>
    public static string Describe(Exception error) => Of(error) is uint code && HResult.Unwrap((int)code) is var win32 and > 3
        && HcsCodes.GetName(code) is not null
            ? string.Create(CultureInfo.InvariantCulture, $"{HcsCodes.GetMessage(code)} (0x{win32:x})")
            : error.Message;

    /// <summary>What helps against it.</summary>
    public static string? HintFor(Exception error) =>
        Of(error) == (Win32Facility | DiskFull) ? "the volume of the output is full: nothing was left on it" : null;

    private static uint? FromErrno(int errno) => errno switch
    {
        5 => 1117, // EIO: ERROR_IO_DEVICE
        9 => 6, // EBADF: ERROR_INVALID_HANDLE
        16 => 170, // EBUSY: ERROR_BUSY
        24 => 4, // EMFILE: ERROR_TOO_MANY_OPEN_FILES
        27 => FileTooLarge, // EFBIG
        28 => DiskFull, // ENOSPC
        30 => 19, // EROFS: ERROR_WRITE_PROTECT
        32 => 109, // EPIPE: ERROR_BROKEN_PIPE
        122 when OperatingSystem.IsLinux() => DiskFull, // EDQUOT: the user's share of the disk
        _ => null,
    };
}
