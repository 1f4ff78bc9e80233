using System.ComponentModel;

namespace AotLayers.Interop;

/// <summary>
/// The codes that generated entry points return when they were called wrongly, or when the implementation behind them threw.
/// </summary>
public static class NativeExportFailure
{
    /// <summary>E_POINTER.</summary>
    public const int NullPointer = unchecked((int)0x80004003);

    /// <summary>E_INVALIDARG.</summary>
    public const int InvalidArgument = unchecked((int)0x80070057);

    /// <summary>ERROR_INVALID_PARAMETER.</summary>
    public const uint Win32InvalidParameter = 87;

    private const int Fail = unchecked((int)0x80004005);
    private const int ModuleNotFound = unchecked((int)0x8007007E);
    private const int ProcedureNotFound = unchecked((int)0x8007007F);
    private const uint Win32Facility = 0x80070000;
    private const uint Win32GeneralFailure = 31;

    /// <summary>The HRESULT of an exception; always a failure.</summary>
    public static int HResult(Exception exception) => exception switch
    {
        MissingLibraryException => ModuleNotFound,
        MissingExportException => ProcedureNotFound,
        Win32Exception { NativeErrorCode: > 0 and <= 0xFFFF } e => unchecked((int)(Win32Facility | (uint)e.NativeErrorCode)),
        { HResult: < 0 } e => e.HResult,
        _ => Fail,
    };

    /// <summary>The Win32 code of an exception: that of its HRESULT, or ERROR_GEN_FAILURE.</summary>
    public static uint Win32(Exception exception)
    {
        uint code = unchecked((uint)HResult(exception));
        return (code & 0xFFFF0000) == Win32Facility ? code & 0xFFFF : Win32GeneralFailure;
    }
}
