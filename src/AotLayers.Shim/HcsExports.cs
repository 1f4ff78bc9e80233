using AotLayers.Hcs;
using AotLayers.Interop;

namespace AotLayers.Shim;

/// <summary>
/// The entry points of <c>vmcompute.dll</c> and <c>computestorage.dll</c> (docs/windows/vmcompute.md#functions,
/// docs/windows/computestorage.md#functions), generated from the declarations that the readers bind to: served by the machine that the
/// environment names, or put before the libraries' own functions to record their calls.
/// </summary>
[NativeExports(typeof(Vmcompute), Recordable = true)]
[NativeExports(typeof(Computestorage), Recordable = true)]
internal static partial class HcsExports
{
    private static IVmcompute GetVmcompute() => ShimMachine.Current.Vmcompute;

    private static IComputestorage GetComputestorage() => ShimMachine.Current.Computestorage;

    private static Recorder? GetRecorder() => ShimRecorder.Current;

    private static nint FindLibraryFunction(string export) => ShimRecorder.FindLinked(export);

    static partial void OnException(string export, Exception exception) => ShimLog.Write(export, exception);

    static partial void OnUnrecorded(string export) => ShimRecorder.Current?.NoteUnrecorded(export);
}
