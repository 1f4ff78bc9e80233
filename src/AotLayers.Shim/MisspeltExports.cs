using System.Runtime.InteropServices;
using AotLayers.Interop;

namespace AotLayers.Shim;

/// <summary>
/// Names that real programs look up and that no Windows has: hcsshim before 0.12 binds HcsDestroyLayer by a name with two letters
/// swapped (docs/windows/computestorage.md#functions), so that its DestroyLayer fails everywhere but here.
/// </summary>
internal static unsafe class MisspeltExports
{
    /// <summary>HcsDestroyLayer.</summary>
    [UnmanagedCallersOnly(EntryPoint = "HcsDestoryLayer")]
    private static int HcsDestroyLayer(char* layerPath)
    {
        if (layerPath is null)
        {
            return NativeExportFailure.NullPointer;
        }

        try
        {
            return ShimMachine.Current.Computestorage.HcsDestroyLayer(new string(layerPath));
        }
#pragma warning disable CA1031 // Nothing leaves an entry point.
        catch (Exception e)
#pragma warning restore CA1031
        {
            ShimLog.Write("HcsDestoryLayer", e);
            return NativeExportFailure.HResult(e);
        }
    }
}
