using AotLayers.App;

namespace AotLayers.Native;

/// <summary>
/// What the functions return, as HRESULTs. These are the codes of the library itself; a failing call of Windows is returned as its own
/// HRESULT (0x8007xxxx for Win32 codes, 0x8037xxxx and 0xC037xxxx for those of the Host Compute Service).
/// </summary>
[CConstants(
    "Results: negative is failure. Codes of Windows calls are returned as they are; these are the library's own",
    hexadecimal: true)]
public static class ResultCodes
{
    /// <summary>Done.</summary>
    [CName("AOTL_OK")]
    public const int Ok = 0;

    /// <summary>aotl_next: the layer has no further entry.</summary>
    [CName("AOTL_END")]
    public const int End = 1;

    /// <summary>A pointer that is needed is NULL. Nothing was done.</summary>
    [CName("AOTL_E_POINTER")]
    public const int Pointer = unchecked((int)0x80004003);

    /// <summary>A failure without a code of its own; aotl_last_error() says more.</summary>
    [CName("AOTL_E_FAIL")]
    public const int Fail = unchecked((int)ErrorCodes.Fail);

    /// <summary>A mistake in the library; aotl_last_error() says more. Please report it.</summary>
    [CName("AOTL_E_UNEXPECTED")]
    public const int Unexpected = unchecked((int)ErrorCodes.Unexpected);

    /// <summary>A file or a folder does not exist (ERROR_FILE_NOT_FOUND).</summary>
    [CName("AOTL_E_NOT_FOUND")]
    public const int NotFound = unchecked((int)ErrorCodes.FileNotFound);

    /// <summary>The operating system does not allow it (ERROR_ACCESS_DENIED).</summary>
    [CName("AOTL_E_ACCESS_DENIED")]
    public const int AccessDenied = unchecked((int)ErrorCodes.AccessDenied);

    /// <summary>The handle is none of this library, or was closed (ERROR_INVALID_HANDLE).</summary>
    [CName("AOTL_E_HANDLE")]
    public const int Handle = unchecked((int)0x80070006);

    /// <summary>Out of memory (ERROR_OUTOFMEMORY).</summary>
    [CName("AOTL_E_OUTOFMEMORY")]
    public const int OutOfMemory = unchecked((int)ErrorCodes.OutOfMemory);

    /// <summary>The source is damaged, or is not what it was taken for (ERROR_INVALID_DATA).</summary>
    [CName("AOTL_E_INVALID_DATA")]
    public const int InvalidData = unchecked((int)ErrorCodes.InvalidData);

    /// <summary>This system cannot do it: no Host Compute Service, or none that has the call (ERROR_NOT_SUPPORTED).</summary>
    [CName("AOTL_E_NOT_SUPPORTED")]
    public const int NotSupported = unchecked((int)ErrorCodes.NotSupported);

    /// <summary>An argument or an option is wrong; aotl_last_error() names it (ERROR_INVALID_PARAMETER).</summary>
    [CName("AOTL_E_INVALIDARG")]
    public const int InvalidArgument = unchecked((int)ErrorCodes.InvalidParameter);

    /// <summary>The buffer is too small; the length that is needed was written (ERROR_INSUFFICIENT_BUFFER).</summary>
    [CName("AOTL_E_INSUFFICIENT_BUFFER")]
    public const int InsufficientBuffer = unchecked((int)0x8007007A);

    /// <summary>The handle is in use by another thread (ERROR_BUSY). Nothing was done.</summary>
    [CName("AOTL_E_BUSY")]
    public const int Busy = unchecked((int)0x800700AA);

    /// <summary>The progress callback asked to stop (ERROR_CANCELLED).</summary>
    [CName("AOTL_E_CANCELLED")]
    public const int Cancelled = unchecked((int)ErrorCodes.Cancelled);

    /// <summary>Not in this order: for example a read before the first aotl_next (ERROR_INVALID_STATE).</summary>
    [CName("AOTL_E_STATE")]
    public const int State = unchecked((int)ErrorCodes.InvalidState);

    /// <summary>A library that was asked for cannot be loaded (ERROR_MOD_NOT_FOUND).</summary>
    [CName("AOTL_E_LIBRARY_NOT_FOUND")]
    public const int LibraryNotFound = unchecked((int)ErrorCodes.ModuleNotFound);

    /// <summary>The library lacks the call (ERROR_PROC_NOT_FOUND).</summary>
    [CName("AOTL_E_CALL_NOT_FOUND")]
    public const int CallNotFound = unchecked((int)ErrorCodes.ProcedureNotFound);

    /// <summary>A replay went another way than its recording; aotl_last_error() says where.</summary>
    [CName("AOTL_E_REPLAY")]
    public const int Replay = unchecked((int)ErrorCodes.Replay);
}
