using System.Text.Json;
using AotLayers.Formats;
using AotLayers.Hcs;
using AotLayers.Interop;

namespace AotLayers.App;

/// <summary>
/// HRESULTs of failures that come from no native call: the nearest that Windows has for the problem. Failing calls keep their own.
/// </summary>
public static class ErrorCodes
{
    /// <summary>E_FAIL: a failure without a code of its own.</summary>
    public const uint Fail = 0x80004005;

    /// <summary>E_UNEXPECTED: a mistake in this program.</summary>
    public const uint Unexpected = 0x8000FFFF;

    /// <summary>The toolkit's own: a replay went another way than its recording (FACILITY_ITF).</summary>
    public const uint Replay = unchecked((uint)ReplayException.Code);

    /// <summary>ERROR_FILE_NOT_FOUND.</summary>
    public const uint FileNotFound = 0x80070002;

    /// <summary>ERROR_ACCESS_DENIED.</summary>
    public const uint AccessDenied = 0x80070005;

    /// <summary>ERROR_INVALID_DATA: damaged, or not what it was taken for.</summary>
    public const uint InvalidData = 0x8007000D;

    /// <summary>ERROR_OUTOFMEMORY.</summary>
    public const uint OutOfMemory = 0x8007000E;

    /// <summary>ERROR_NOT_SUPPORTED.</summary>
    public const uint NotSupported = 0x80070032;

    /// <summary>ERROR_INVALID_PARAMETER.</summary>
    public const uint InvalidParameter = 0x80070057;

    /// <summary>ERROR_MOD_NOT_FOUND: a library cannot be loaded.</summary>
    public const uint ModuleNotFound = 0x8007007E;

    /// <summary>ERROR_PROC_NOT_FOUND: a library lacks the call.</summary>
    public const uint ProcedureNotFound = 0x8007007F;

    /// <summary>ERROR_CANCELLED.</summary>
    public const uint Cancelled = 0x800704C7;

    /// <summary>ERROR_BAD_CONFIGURATION.</summary>
    public const uint BadConfiguration = 0x8007064A;

    /// <summary>ERROR_INVALID_STATE: not in this order.</summary>
    public const uint InvalidState = 0x8007139F;

    /// <summary>The code of a failure.</summary>
    /// <param name="error">What was thrown; a cause without a code has that of its own cause.</param>
    /// <returns>An HRESULT, always a failing one.</returns>
    public static uint Of(Exception error)
    {
        for (Exception? e = error; e is not null; e = e.InnerException)
        {
            uint code = OfOne(e);
            if (code != 0)
            {
                return code;
            }
        }

        // What has no code and is no failure of files is a mistake in this program.
        return error is IOException or LayerTaskException { Cause: IOException } ? Fail : Unexpected;
    }

    private static uint OfOne(Exception error) => error switch
    {
        RefusedException => (uint)error.HResult,
        LayerException { Code: { } code } => code,
        HcsException native => native.Code,
        OperationCanceledException => Cancelled,
        OutOfMemoryException => OutOfMemory,
        LayerFormatException or RecordingFormatException or JsonException or InvalidDataException or EndOfStreamException => InvalidData,
        MissingLibraryException => ModuleNotFound,
        MissingExportException => ProcedureNotFound,
        ReplayException => Replay,
        ArgumentException or FormatException => InvalidParameter,
        NotSupportedException => NotSupported,
        InvalidOperationException => InvalidState,
        UnauthorizedAccessException => AccessDenied,
        LayerException or LayerTaskException => 0,
        IOException => SystemErrorCode.Of(error) ?? 0,
        _ => 0,
    };
}
