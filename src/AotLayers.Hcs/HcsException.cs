using System.Globalization;

namespace AotLayers.Hcs;

/// <summary>
/// A native call failed. The text starts as callers of hcsshim know it, <c>hcsshim::ExportLayer failed in Win32: Access is denied. (0x5)</c>
/// (layers.md 1.2), so that log searches keep working, and goes on with the layer, its parents, the entry, the stream and the offset.
/// </summary>
public sealed class HcsException : LayerException
{
    private readonly uint _code;
    private readonly string _call = "";

    /// <summary>Creates an exception without details.</summary>
    public HcsException()
    {
    }

    /// <summary>Creates an exception with a reason only.</summary>
    public HcsException(string reason)
        : base(reason)
    {
    }

    /// <summary>Creates an exception with a reason and the error that caused it.</summary>
    public HcsException(string reason, Exception? innerException)
        : base(reason, innerException)
    {
    }

    private HcsException(string title, string call, uint code, string? rest, LayerErrorContext? context, Exception? inner)
        : base(Compose(title, code, rest), context, inner, HcsCodes.GetHint(code, call))
    {
        _code = code;
        _call = call;
        HResult = Hcs.HResult.FromWin32(code);
    }

    /// <inheritdoc/>
    public override string Call => _call;

    /// <inheritdoc/>
    public override uint? Code => (uint)HResult;

    /// <summary>The code with FACILITY_WIN32 unwrapped: 5 for 0x80070005, other HRESULTs whole.</summary>
    public uint Win32Code => _code;

    /// <summary>Symbolic name of the code, or null.</summary>
    public string? CodeName => HcsCodes.GetName(_code);

    /// <summary>A layer call returned a failing HRESULT.</summary>
    /// <param name="call">The export, for example <c>ExportLayer</c>. Streaming calls have bare titles, the others start with <c>hcsshim::</c>.</param>
    /// <param name="hr">What it returned.</param>
    /// <param name="context">Where.</param>
    public static HcsException FromHResult(string call, int hr, LayerErrorContext? context)
    {
        ArgumentNullException.ThrowIfNull(call);
        bool streaming = call.StartsWith("ExportLayer", StringComparison.Ordinal) && call.Length > "ExportLayer".Length
            || call.StartsWith("ImportLayer", StringComparison.Ordinal) && call.Length > "ImportLayer".Length;
        string title = streaming || call.StartsWith("Hcs", StringComparison.Ordinal) ? call : "hcsshim::" + call;
        return new HcsException(title, call, Hcs.HResult.Unwrap(hr), null, context, null);
    }

    /// <summary>A Win32 call failed.</summary>
    /// <param name="call">The call, for example <c>BackupRead</c>.</param>
    /// <param name="error">Its last error.</param>
    /// <param name="path">The path it was given, or null.</param>
    /// <param name="context">Where.</param>
    public static HcsException FromWin32(string call, uint error, string? path, LayerErrorContext? context)
    {
        ArgumentNullException.ThrowIfNull(call);

        // A call that fails without a last error still failed.
        return new HcsException(call, call, error == 0 ? Hcs.HResult.GenFailure : Hcs.HResult.Unwrap((int)error), path, context, null);
    }

    private static string Compose(string title, uint code, string? rest)
    {
        string text = string.Create(CultureInfo.InvariantCulture, $"{title} failed in Win32: {HcsCodes.GetMessage(code)} (0x{code:x})");
        return string.IsNullOrEmpty(rest) ? text : text + " " + rest;
    }
}
