using System.Runtime.InteropServices;
using AotLayers.Hcs;

namespace AotLayers;

/// <summary>Turns a failed Win32 call into the error of a layer.</summary>
internal static class Win32Error
{
    /// <summary>The last error: of the call that was just made.</summary>
    public static uint Last => (uint)Marshal.GetLastPInvokeError();

    /// <summary>The error of the call that just failed.</summary>
    /// <param name="call">The call.</param>
    /// <param name="path">The path it was given, or that its handle is of; null without one.</param>
    /// <param name="place">Where in the layer.</param>
    public static LayerException Of(string call, string? path, LayerErrorContext place) => Of(call, Last, path, place);

    /// <summary>The error of a call that failed with a code that was asked for already.</summary>
    public static LayerException Of(string call, uint error, string? path, LayerErrorContext place) =>
        LayerException.From(HcsException.FromWin32(call, error, path), place);

    /// <summary>Throws when the call that was just made returned FALSE.</summary>
    public static void Check(int succeeded, string call, string? path, LayerErrorContext place)
    {
        if (succeeded == 0)
        {
            throw Of(call, path, place);
        }
    }
}
