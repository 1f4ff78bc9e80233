using System.Runtime.InteropServices;

namespace AotLayers.Shim;

/// <summary>What <c>preload.c</c> asks.</summary>
internal static unsafe class PreloadExports
{
    /// <summary>What dlsym hands out.</summary>
    [UnmanagedCallersOnly(EntryPoint = ShimRecorder.OwnExport)]
    private static nint Redirect(byte* library, byte* name, nint function, nint handle)
    {
        try
        {
            string export = Marshal.PtrToStringUTF8((nint)name)!;
            return ShimReplay.IsActive ? ShimReplay.Find(export) : OperatingSystem.IsLinux()
                ? ShimRecorder.Redirect(Marshal.PtrToStringUTF8((nint)library), export, function, other => Preload.Lookup(handle, other))
                : function;
        }
#pragma warning disable CA1031 // Nothing leaves an entry point; the program goes on without a recorder.
        catch (Exception e)
#pragma warning restore CA1031
        {
            ShimLog.Write("recorder", e);
            return function;
        }
    }

    /// <summary>Whether a library is one that this one stands for.</summary>
    [UnmanagedCallersOnly(EntryPoint = "aotlayers_serves")]
    private static int Serves(byte* library)
    {
        string? path = Marshal.PtrToStringUTF8((nint)library);
        return path is not null && HcsExports.Apis.Any(api => ShimRecorder.IsChosen(api) && LibraryName.Equal(path, api.Library)) ? 1 : 0;
    }
}
