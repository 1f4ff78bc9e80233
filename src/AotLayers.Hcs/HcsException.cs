using System.Globalization;

namespace AotLayers.Hcs;

/// <summary>
/// A native call failed: which one, and with which code. The text is as callers of hcsshim know it, <c>hcsshim::ExportLayer failed in
/// Win32: Access is denied. (0x5)</c> (docs/windows/return-codes.md#error-texts), so that log searches keep working. It knows nothing of
/// layers: whoever read or wrote one adds the place.
/// </summary>
public class HcsException : IOException
{
    private readonly string? _hint;

    /// <summary>Creates an exception without details.</summary>
    public HcsException()
        : this("a native call failed")
    {
    }

    /// <summary>Creates an exception with a message only.</summary>
    public HcsException(string message)
        : this(message, null)
    {
    }

    /// <summary>Creates an exception with a message and the error that caused it.</summary>
    public HcsException(string message, Exception? innerException)
        : base(message, innerException)
    {
        Win32Code = Hcs.HResult.GenFailure;
        HResult = Hcs.HResult.FromWin32(Win32Code);
    }

    /// <summary>Creates an exception with a text of its own, for machines that know more of a failure than its code.</summary>
    /// <param name="message">What is wrong. It names the call and the code.</param>
    /// <param name="call">The call that failed.</param>
    /// <param name="code">HRESULT or Win32 code.</param>
    /// <param name="hint">What helps; null for what is known of the code.</param>
    /// <param name="innerException">The error that caused this one, if any.</param>
    protected HcsException(string message, string call, uint code, string? hint, Exception? innerException)
        : base(message, innerException)
    {
        Call = call;
        Win32Code = Hcs.HResult.Unwrap((int)code);
        HResult = Hcs.HResult.FromWin32(code);
        _hint = hint;
    }

    private HcsException(string title, string call, uint code, string? rest)
        : base(Compose(title, code, rest))
    {
        Call = call;
        Win32Code = code;
        HResult = Hcs.HResult.FromWin32(code);
    }

    /// <summary>The native call, for example <c>ExportLayerNext</c>.</summary>
    public string Call { get; } = "";

    /// <summary>The code as an HRESULT: 0x80070005 for a Win32 code 5.</summary>
    public uint Code => (uint)HResult;

    /// <summary>The code with FACILITY_WIN32 unwrapped: 5 for 0x80070005, other HRESULTs whole.</summary>
    public uint Win32Code { get; }

    /// <summary>Symbolic name of the code, or null.</summary>
    public string? CodeName => HcsCodes.GetName(Win32Code);

    /// <summary>What usually helps; null when nothing is known.</summary>
    public string? Hint => _hint ?? HcsCodes.GetHint(Win32Code, Call);

    /// <summary>A layer call returned a failing HRESULT.</summary>
    /// <param name="call">The export, for example <c>ExportLayer</c>. Streaming calls have bare titles, the others start with
    /// <c>hcsshim::</c>.</param>
    /// <param name="hr">What it returned.</param>
    public static HcsException FromHResult(string call, int hr)
    {
        ArgumentNullException.ThrowIfNull(call);
        bool streaming = call.StartsWith("ExportLayer", StringComparison.Ordinal) && call.Length > "ExportLayer".Length
            || call.StartsWith("ImportLayer", StringComparison.Ordinal) && call.Length > "ImportLayer".Length;
        string title = streaming || call.StartsWith("Hcs", StringComparison.Ordinal) ? call : "hcsshim::" + call;
        return new HcsException(title, call, Hcs.HResult.Unwrap(hr), null);
    }

    /// <summary>A Win32 call failed.</summary>
    /// <param name="call">The call, for example <c>BackupRead</c>.</param>
    /// <param name="error">Its last error.</param>
    /// <param name="path">The path it was given, or null.</param>
    public static HcsException FromWin32(string call, uint error, string? path = null)
    {
        ArgumentNullException.ThrowIfNull(call);

        // A call that fails without a last error still failed.
        return new HcsException(call, call, error == 0 ? Hcs.HResult.GenFailure : Hcs.HResult.Unwrap((int)error), path);
    }

    private static string Compose(string title, uint code, string? rest)
    {
        string text = string.Create(CultureInfo.InvariantCulture, $"{title} failed in Win32: {HcsCodes.GetMessage(code)} (0x{code:x})");
        return string.IsNullOrEmpty(rest) ? text : text + " " + rest;
    }
}
