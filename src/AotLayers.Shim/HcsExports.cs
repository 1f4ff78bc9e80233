using AotLayers.Hcs;
using AotLayers.Interop;

namespace AotLayers.Shim;

/// <summary>
/// The entry points of <c>vmcompute.dll</c> and <c>computestorage.dll</c> (docs/windows/vmcompute.md#functions,
/// docs/windows/computestorage.md#functions), generated from the declarations that the readers bind to, and served by the machine that
/// the environment names.
/// </summary>
[NativeExports(typeof(Vmcompute))]
[NativeExports(typeof(Computestorage))]
internal static partial class HcsExports
{
    private static IVmcompute GetVmcompute() => ShimMachine.Current.Vmcompute;

    private static IComputestorage GetComputestorage() => ShimMachine.Current.Computestorage;

    static partial void OnException(string export, Exception exception) => ShimLog.Write(export, exception);
}
