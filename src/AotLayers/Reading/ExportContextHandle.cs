using System.Runtime.InteropServices;
using AotLayers.Hcs;

namespace AotLayers;

/// <summary>
/// Owns the context of a streaming export, so that ExportLayerEnd runs exactly once: explicitly, where its error is heard, or from the
/// finalizer when a reader was forgotten. The reference count keeps it alive during a call (docs/windows/vmcompute.md#streaming-export on
/// the finalizer of 2016).
/// </summary>
internal sealed class ExportContextHandle : SafeHandle
{
    private readonly IVmcompute _vmcompute;

    public ExportContextHandle(IVmcompute vmcompute, nint context)
        : base(0, ownsHandle: true)
    {
        _vmcompute = vmcompute;
        SetHandle(context);
    }

    public override bool IsInvalid => handle == 0;

    /// <summary>Ends the export and returns the HRESULT. Only the first call does anything.</summary>
    public int End()
    {
        if (IsClosed || IsInvalid)
        {
            return 0;
        }

        nint context = handle;
        SetHandleAsInvalid();
        return _vmcompute.ExportLayerEnd(context);
    }

    protected override bool ReleaseHandle() => HResult.Succeeded(_vmcompute.ExportLayerEnd(handle));
}
