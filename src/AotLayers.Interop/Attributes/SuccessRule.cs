namespace AotLayers.Interop;

/// <summary>How a return value says that a call succeeded. Out-parameters are recorded, and meaningful, only then.</summary>
public enum SuccessRule
{
    /// <summary>Signed value of at least zero (HRESULT, and most NTSTATUS values).</summary>
    HResult,

    /// <summary>Zero (Win32 error codes returned directly, zlib's <c>Z_OK</c>).</summary>
    Zero,

    /// <summary>Anything but zero (BOOL, and counts that are zero on failure).</summary>
    NonZero,

    /// <summary>Anything but -1 (<c>INVALID_HANDLE_VALUE</c>).</summary>
    NotMinusOne,

    /// <summary>The call cannot fail.</summary>
    Always,

    /// <summary>Anything but a null pointer.</summary>
    NotNull,

    /// <summary>At least zero, in any signed integer type (<c>ssize_t</c>, counts that are negative on failure).</summary>
    NonNegative,

    /// <summary>
    /// The last error is zero after the call. For functions whose every return value can be a result (<c>strtol</c>,
    /// <c>SetFilePointer</c>).
    /// </summary>
    NoLastError,
}
