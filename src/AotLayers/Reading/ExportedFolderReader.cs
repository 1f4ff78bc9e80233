using AotLayers.Hcs;

namespace AotLayers;

/// <summary>
/// Reads a layer with ExportLayer or HcsExportLayer: into a temporary transport folder, which is read and then removed - after success,
/// after a failure, after a cancellation (docs/windows/reading-a-layer.md#temporary-folder).
/// </summary>
public sealed class ExportedFolderReader : LayerReader
{
    private readonly TemporaryTransportFolder _folder;
    private readonly TransportFolderReader _inner;

    private ExportedFolderReader(TemporaryTransportFolder folder, TransportFolderReader inner, LayerErrorContext context)
        : base(context, CancellationToken.None)
    {
        _folder = folder;
        _inner = inner;
    }

    /// <inheritdoc/>
    public override string Kind => "folder";

    internal override bool IsOfCalls => true;

    /// <summary>Exports the layer and opens the result.</summary>
    /// <param name="machine">The calls.</param>
    /// <param name="layer">What to read.</param>
    /// <param name="cancellationToken">Checked before and after ExportLayer, which itself cannot be interrupted, and while reading.</param>
    /// <exception cref="LayerException">A call failed. The temporary folder is gone.</exception>
    public static ExportedFolderReader Export(HcsMachine machine, LayerLocation layer, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(machine);
        ArgumentNullException.ThrowIfNull(layer);
        LayerErrorContext context = layer.ErrorContext;
        var folder = TemporaryTransportFolder.Create(machine.Kernel32, context);
        try
        {
            Export(machine, layer, folder.Path);
            cancellationToken.ThrowIfCancellationRequested();
            return new ExportedFolderReader(
                folder,
                TransportFolderReader.Open(machine.Kernel32, folder.Path, context, cancellationToken),
                context);
        }
        catch
        {
            folder.Remove();
            throw;
        }
    }

    private static void Export(HcsMachine machine, LayerLocation layer, string folder)
    {
        if (StorageRoute.IsComputestorage(machine, layer, "ExportLayer", "HcsExportLayer"))
        {
            string options = StorageDocuments.ExportLayerOptions(isWritableLayer: false);
            int result = machine.Computestorage.HcsExportLayer(layer.Path, folder, StorageRoute.LayerData(machine, layer), options);
            LayerErrors.Check("HcsExportLayer", result, layer.ErrorContext);
            return;
        }

        LayerDescriptor[] parents = LayerErrors.DescribeParents(machine.Vmcompute, layer);
        DriverInfo driver = layer.Driver;
        int hr = machine.Vmcompute.ExportLayer(in driver, layer.Id, folder, parents, (uint)parents.Length);
        LayerErrors.Check("ExportLayer", hr, layer.ErrorContext);
    }

    private protected override LayerEntry? ReadNextEntry() => ReadNextEntryOf(_inner);

    private protected override void CloseCore(bool reportErrors)
    {
        try
        {
            _inner.Close();
        }
        finally
        {
            // The tar is complete and right even when an antivirus holds a file here: a warning, not an error.
            if (_folder.Remove() is { } problem)
            {
                AddWarning($"the temporary folder {_folder.Path} could not be removed: {problem}");
            }
        }
    }
}
