namespace AotLayers.Hcs;

/// <summary>One code with its name and its message.</summary>
internal sealed record HcsCode(uint Code, string Name, string Message);

/// <summary>The table behind <see cref="HcsCodes"/>, in ascending order of the unwrapped code.</summary>
internal static class HcsCodeTable
{
    private static readonly HcsCode[] s_codes =
    [
        new(1, "ERROR_INVALID_FUNCTION", "Incorrect function."),
        new(2, "ERROR_FILE_NOT_FOUND", "The system cannot find the file specified."),
        new(3, "ERROR_PATH_NOT_FOUND", "The system cannot find the path specified."),
        new(4, "ERROR_TOO_MANY_OPEN_FILES", "The system cannot open the file."),
        new(5, "ERROR_ACCESS_DENIED", "Access is denied."),
        new(6, "ERROR_INVALID_HANDLE", "The handle is invalid."),
        new(8, "ERROR_NOT_ENOUGH_MEMORY", "Not enough memory resources are available to process this command."),
        new(13, "ERROR_INVALID_DATA", "The data is invalid."),
        new(14, "ERROR_OUTOFMEMORY", "Not enough memory resources are available to complete this operation."),
        new(17, "ERROR_NOT_SAME_DEVICE", "The system cannot move the file to a different disk drive."),
        new(18, "ERROR_NO_MORE_FILES", "There are no more files."),
        new(19, "ERROR_WRITE_PROTECT", "The media is write protected."),
        new(21, "ERROR_NOT_READY", "The device is not ready."),
        new(23, "ERROR_CRC", "Data error (cyclic redundancy check)."),
        new(29, "ERROR_WRITE_FAULT", "The system cannot write to the specified device."),
        new(30, "ERROR_READ_FAULT", "The system cannot read from the specified device."),
        new(31, "ERROR_GEN_FAILURE", "A device attached to the system is not functioning."),
        new(32, "ERROR_SHARING_VIOLATION", "The process cannot access the file because it is being used by another process."),
        new(33, "ERROR_LOCK_VIOLATION", "The process cannot access the file because another process has locked a portion of the file."),
        new(38, "ERROR_HANDLE_EOF", "Reached the end of the file."),
        new(39, "ERROR_HANDLE_DISK_FULL", "The disk is full."),
        new(50, "ERROR_NOT_SUPPORTED", "The request is not supported."),
        new(55, "ERROR_DEV_NOT_EXIST", "The specified network resource or device is no longer available."),
        new(80, "ERROR_FILE_EXISTS", "The file exists."),
        new(87, "ERROR_INVALID_PARAMETER", "The parameter is incorrect."),
        new(110, "ERROR_OPEN_FAILED", "The system cannot open the device or file specified."),
        new(111, "ERROR_BUFFER_OVERFLOW", "The file name is too long."),
        new(112, "ERROR_DISK_FULL", "There is not enough space on the disk."),
        new(120, "ERROR_CALL_NOT_IMPLEMENTED", "This function is not supported on this system."),
        new(122, "ERROR_INSUFFICIENT_BUFFER", "The data area passed to a system call is too small."),
        new(123, "ERROR_INVALID_NAME", "The filename, directory name, or volume label syntax is incorrect."),
        new(126, "ERROR_MOD_NOT_FOUND", "The specified module could not be found."),
        new(127, "ERROR_PROC_NOT_FOUND", "The specified procedure could not be found."),
        new(145, "ERROR_DIR_NOT_EMPTY", "The directory is not empty."),
        new(161, "ERROR_BAD_PATHNAME", "The specified path is invalid."),
        new(170, "ERROR_BUSY", "The requested resource is in use."),
        new(183, "ERROR_ALREADY_EXISTS", "Cannot create a file when that file already exists."),
        new(193, "ERROR_BAD_EXE_FORMAT", "%1 is not a valid Win32 application."),
        new(206, "ERROR_FILENAME_EXCED_RANGE", "The filename or extension is too long."),
        new(
            225,
            "ERROR_VIRUS_INFECTED",
            "Operation did not complete successfully because the file contains a virus or potentially unwanted software."),
        new(234, "ERROR_MORE_DATA", "More data is available."),
        new(259, "ERROR_NO_MORE_ITEMS", "No more data is available."),
        new(267, "ERROR_DIRECTORY", "The directory name is invalid."),
        new(
            995,
            "ERROR_OPERATION_ABORTED",
            "The I/O operation has been aborted because of either a thread exit or an application request."),
        new(1009, "ERROR_BADDB", "The configuration registry database is corrupt."),
        new(1117, "ERROR_IO_DEVICE", "The request could not be performed because of an I/O device error."),
        new(1142, "ERROR_TOO_MANY_LINKS", "An attempt was made to create more links on a file than the file system supports."),
        new(1167, "ERROR_DEVICE_NOT_CONNECTED", "The device is not connected."),
        new(1168, "ERROR_NOT_FOUND", "Element not found."),
        new(1223, "ERROR_CANCELLED", "The operation was canceled by the user."),
        new(1300, "ERROR_NOT_ALL_ASSIGNED", "Not all privileges or groups referenced are assigned to the caller."),
        new(1313, "ERROR_NO_SUCH_PRIVILEGE", "A specified privilege does not exist."),
        new(1314, "ERROR_PRIVILEGE_NOT_HELD", "A required privilege is not held by the client."),
        new(1392, "ERROR_FILE_CORRUPT", "The file or directory is corrupted and unreadable."),
        new(1393, "ERROR_DISK_CORRUPT", "The disk structure is corrupted and unreadable."),
        new(1460, "ERROR_TIMEOUT", "This operation returned because the timeout period expired."),
        new(4390, "ERROR_NOT_A_REPARSE_POINT", "The file or directory is not a reparse point."),
        new(4392, "ERROR_INVALID_REPARSE_DATA", "The data present in the reparse point buffer is invalid."),
        new(4393, "ERROR_REPARSE_TAG_INVALID", "The tag present in the reparse point buffer is invalid."),
        new(0x80004001, "E_NOTIMPL", "Not implemented"),
        new(0x80004002, "E_NOINTERFACE", "No such interface supported"),
        new(0x80004003, "E_POINTER", "Invalid pointer"),
        new(0x80004004, "E_ABORT", "Operation aborted"),
        new(0x80004005, "E_FAIL", "Unspecified error"),
        new(0x8000FFFF, "E_UNEXPECTED", "Catastrophic failure"),
        new(0xC0000420, "STATUS_ASSERTION_FAILURE", "An assertion failure has occurred."),
    ];

    /// <summary>Codes of FACILITY 0x37, by their low 16 bits. 0x8037xxxx is named HCS_E_, 0xC037xxxx ERROR_VMCOMPUTE_.</summary>
    private static readonly HcsCode[] s_hcs =
    [
        new(0x0100, "TERMINATED_DURING_START", "The virtual machine or container exited unexpectedly while starting."),
        new(0x0101, "IMAGE_MISMATCH", "The container operating system does not match the host operating system."),
        new(0x0102, "HYPERV_NOT_INSTALLED", "The virtual machine could not be started because a required feature is not installed."),
        new(
            0x0103,
            "OPERATION_PENDING",
            "The call to start an asynchronous operation succeeded and the operation is performed in the background."),
        new(0x0104, "TOO_MANY_NOTIFICATIONS", "The supported number of notification callbacks has been exceeded."),
        new(0x0105, "INVALID_STATE", "The requested virtual machine or container operation is not valid in the current state."),
        new(0x0106, "UNEXPECTED_EXIT", "The virtual machine or container exited unexpectedly."),
        new(0x0107, "TERMINATED", "The virtual machine or container was forcefully exited."),
        new(0x0108, "CONNECT_FAILED", "A connection could not be established with the container or virtual machine."),
        new(
            0x0109,
            "CONNECTION_TIMEOUT",
            "The operation timed out because a response was not received from the virtual machine or container."),
        new(0x010A, "CONNECTION_CLOSED", "The connection with the virtual machine or container was closed."),
        new(0x010B, "UNKNOWN_MESSAGE", "An unknown internal message was received by the virtual machine or container."),
        new(
            0x010C,
            "UNSUPPORTED_PROTOCOL_VERSION",
            "The virtual machine or container does not support an available version of the communication protocol with the host."),
        new(0x010D, "INVALID_JSON", "The virtual machine or container JSON document is invalid."),
        new(0x010E, "SYSTEM_NOT_FOUND", "A virtual machine or container with the specified identifier does not exist."),
        new(0x010F, "SYSTEM_ALREADY_EXISTS", "A virtual machine or container with the specified identifier already exists."),
        new(0x0110, "SYSTEM_ALREADY_STOPPED", "The virtual machine or container with the specified identifier is not running."),
        new(0x0111, "PROTOCOL_ERROR", "A communication protocol error has occurred between the virtual machine or container and the host."),
        new(0x0112, "INVALID_LAYER", "The container image contains a layer with an unrecognized format."),
        new(0x0113, "WINDOWS_INSIDER_REQUIRED", "To use this container image, you must join the Windows Insider Program."),
        new(0x0114, "SERVICE_NOT_AVAILABLE", "The operation could not be started because a required feature is not installed."),
    ];

    /// <summary>The entry of an unwrapped code, or null.</summary>
    public static HcsCode? Find(uint code)
    {
        if ((code & 0x1FFF0000) == 0x00370000)
        {
            return FindHcs(code);
        }

        int low = 0;
        int high = s_codes.Length - 1;
        while (low <= high)
        {
            int middle = (low + high) / 2;
            if (s_codes[middle].Code == code)
            {
                return s_codes[middle];
            }

            if (s_codes[middle].Code < code)
            {
                low = middle + 1;
            }
            else
            {
                high = middle - 1;
            }
        }

        return null;
    }

    private static HcsCode? FindHcs(uint code)
    {
        int index = (int)(code & 0xFFFF) - 0x0100;
        if (index < 0 || index >= s_hcs.Length)
        {
            return null;
        }

        HcsCode entry = s_hcs[index];
        string prefix = code >> 28 == 0xC ? "ERROR_VMCOMPUTE_" : "HCS_E_";
        return entry with { Code = code, Name = prefix + entry.Name };
    }
}
