namespace AotLayers.Hcs;

/// <summary>HRESULT rules (docs/windows/return-codes.md#hresult).</summary>
public static class HResult
{
    /// <summary>ERROR_NO_MORE_FILES as a Win32 code: the end of an enumeration.</summary>
    public const uint NoMoreFiles = 18;

    /// <summary>ERROR_GEN_FAILURE as a Win32 code: what callers see when a failure has no code of its own.</summary>
    public const uint GenFailure = 31;

    /// <summary>S_FALSE and other positive values are success.</summary>
    public static bool Succeeded(int hr) => hr >= 0;

    /// <summary>
    /// The Win32 code inside an HRESULT of FACILITY_WIN32, any other HRESULT whole. The three top bits do not matter:
    /// 0x80070012 and 0xC0070012 are both 18.
    /// </summary>
    public static uint Unwrap(int hr)
    {
        uint code = (uint)hr;
        return (code & 0x1FFF0000) == 0x00070000 ? code & 0xFFFF : code;
    }

    /// <summary>The HRESULT of a Win32 code; a value that is an HRESULT already stays.</summary>
    public static int FromWin32(uint code) => code is 0 or > 0xFFFF ? (int)code : (int)(code | 0x80070000);
}
