using AotLayers.Hcs;

namespace AotLayers;

/// <summary>
/// What tools of today put around the export of a scratch layer (layers.md 6.8): ActivateLayer, PrepareLayer and UnprepareLayer, which make sure that
/// the sandbox is initialised; afterwards DeactivateLayer, whose failure does not matter any more.
/// </summary>
public sealed class ScratchLayerScope : IDisposable
{
    /// <summary>Two PrepareLayer calls at a time make Windows time out (layers.md 0, 2016-10-25).</summary>
    private static readonly Lock s_prepare = new();

    private readonly IVmcompute _vmcompute;
    private readonly LayerReaderOptions _options;
    private bool _disposed;

    private ScratchLayerScope(IVmcompute vmcompute, LayerReaderOptions options)
    {
        _vmcompute = vmcompute;
        _options = options;
    }

    /// <summary>Activates and initialises a scratch layer.</summary>
    /// <param name="vmcompute">The calls.</param>
    /// <param name="options">The layer and its parents.</param>
    /// <exception cref="HcsException">A call failed. The layer is not active.</exception>
    public static ScratchLayerScope Enter(IVmcompute vmcompute, LayerReaderOptions options)
    {
        ArgumentNullException.ThrowIfNull(vmcompute);
        ArgumentNullException.ThrowIfNull(options);
        LayerErrorContext context = options.ErrorContext;
        DriverInfo driver = options.Driver;
        LayerDescriptor[] parents = LayerDescriptors.FromPaths(vmcompute, options.Parents, context);
        Check("ActivateLayer", vmcompute.ActivateLayer(in driver, options.Layer), context);
        var scope = new ScratchLayerScope(vmcompute, options);
        try
        {
            lock (s_prepare)
            {
                Check("PrepareLayer", vmcompute.PrepareLayer(in driver, options.Layer, parents, (uint)parents.Length), context);
            }

            Check("UnprepareLayer", vmcompute.UnprepareLayer(in driver, options.Layer), context);
            return scope;
        }
        catch
        {
            scope.Dispose();
            throw;
        }
    }

    /// <summary>Deactivates the layer.</summary>
    public void Dispose()
    {
        if (!_disposed)
        {
            _disposed = true;
            DriverInfo driver = _options.Driver;
            _vmcompute.DeactivateLayer(in driver, _options.Layer);
        }
    }

    private static void Check(string call, int hr, LayerErrorContext context)
    {
        if (!HResult.Succeeded(hr))
        {
            throw HcsException.FromHResult(call, hr, context);
        }
    }
}
