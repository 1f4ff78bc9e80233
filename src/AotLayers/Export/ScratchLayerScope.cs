using AotLayers.Hcs;

namespace AotLayers;

/// <summary>
/// What tools of today put around the export of a scratch layer (docs/windows/reading-a-layer.md#scratch-layers): ActivateLayer,
/// PrepareLayer and UnprepareLayer, which make sure that the sandbox is initialised; afterwards DeactivateLayer, whose failure does not
/// matter any more.
/// </summary>
public sealed class ScratchLayerScope : IDisposable
{
    private readonly IVmcompute _vmcompute;
    private readonly LayerLocation _layer;
    private bool _disposed;

    private ScratchLayerScope(IVmcompute vmcompute, LayerLocation layer)
    {
        _vmcompute = vmcompute;
        _layer = layer;
    }

    /// <summary>Activates and initialises a scratch layer.</summary>
    /// <param name="vmcompute">The calls.</param>
    /// <param name="layer">The layer and its parents.</param>
    /// <exception cref="LayerException">A call failed. The layer is not active.</exception>
    public static ScratchLayerScope Enter(IVmcompute vmcompute, LayerLocation layer)
    {
        ArgumentNullException.ThrowIfNull(vmcompute);
        ArgumentNullException.ThrowIfNull(layer);
        LayerErrorContext context = layer.ErrorContext;
        DriverInfo driver = layer.Driver;
        LayerDescriptor[] parents = LayerErrors.DescribeParents(vmcompute, layer);
        LayerErrors.Check("ActivateLayer", vmcompute.ActivateLayer(in driver, layer.Id), context);
        var scope = new ScratchLayerScope(vmcompute, layer);
        try
        {
            lock (Layer.PrepareLock)
            {
                LayerErrors.Check("PrepareLayer", vmcompute.PrepareLayer(in driver, layer.Id, parents, (uint)parents.Length), context);
            }

            LayerErrors.Check("UnprepareLayer", vmcompute.UnprepareLayer(in driver, layer.Id), context);
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
            DriverInfo driver = _layer.Driver;
            _vmcompute.DeactivateLayer(in driver, _layer.Id);
        }
    }
}
