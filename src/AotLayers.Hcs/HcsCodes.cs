using System.Globalization;

namespace AotLayers.Hcs;

/// <summary>
/// Symbolic names, system messages and known causes of the codes that layer calls return (docs/windows/return-codes.md#hresult;
/// docs/windows/return-codes.md#codes-per-call). Codes are HRESULTs or Win32 codes; HRESULTs of FACILITY_WIN32 are unwrapped first. The
/// texts are those of Windows in en-US, so that an error reads the same on every OS and from every recording.
/// </summary>
public static class HcsCodes
{
    /// <summary>Name of a code (<c>ERROR_ACCESS_DENIED</c>), or null when it has none here.</summary>
    public static string? GetName(uint code) => HcsCodeTable.Find(HResult.Unwrap((int)code))?.Name;

    /// <summary>The system's message for a code, or <c>winapi error #5</c> when there is none here.</summary>
    public static string GetMessage(uint code)
    {
        uint unwrapped = HResult.Unwrap((int)code);
        return HcsCodeTable.Find(unwrapped)?.Message ?? string.Create(CultureInfo.InvariantCulture, $"winapi error #{unwrapped}");
    }

    /// <summary>What people found behind a code at a call, or null when nothing is known.</summary>
    /// <param name="code">HRESULT or Win32 code.</param>
    /// <param name="call">The call's name, for example <c>ExportLayer</c>; null when it is not known.</param>
    public static string? GetHint(uint code, string? call) => HcsHints.Find(HResult.Unwrap((int)code), call);
}
