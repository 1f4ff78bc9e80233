using AotLayers.Interop;

namespace AotLayers.App;

/// <summary>
/// What usually helps against failures that come from no native call. Those of calls have hints of their own, with their codes.
/// </summary>
internal static class ErrorHints
{
    /// <summary>A hint, or null.</summary>
    /// <param name="cause">What failed.</param>
    /// <param name="known">Whether it is a failure that one has to reckon with.</param>
    /// <param name="spelling">How the user writes options.</param>
    public static string? Find(Exception cause, bool known, OptionSpelling spelling) => cause switch
    {
        _ when !known => "this is a defect of aotlayers; please report it with what you called",
        PlatformNotSupportedException => $"pass {spelling.Example("hcs", "sim:DIR")} (a folder of simulated layers), "
            + $"{spelling.Example("hcs", "replay:FILE")} (a recording) or {spelling.Example("hcs", "lib:PATH")} (a library with the calls)",
        MissingLibraryException or MissingExportException => "is the Containers feature installed? Elsewhere, pass "
            + $"{spelling.Example("hcs", "sim:DIR")}, {spelling.Example("hcs", "replay:FILE")} or {spelling.Example("hcs", "lib:PATH")}",
        _ => null,
    };
}
