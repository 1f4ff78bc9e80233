using AotLayers.Hcs;
using AotLayers.Interop;

namespace AotLayers;

/// <summary>Which reader a layer gets (docs/windows/reading-a-layer.md#which-reader).</summary>
internal static class LayerReaderSelection
{
    public static LayerReader Open(HcsMachine machine, LayerLocation layer, LayerReaderKind kind, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(machine);
        ArgumentNullException.ThrowIfNull(layer);
        layer.Validate();
        cancellationToken.ThrowIfCancellationRequested();
        try
        {
            return Choose(machine, layer, kind) switch
            {
                LayerReaderKind.Stream => StreamingLayerReader.Begin(machine.Vmcompute, layer, cancellationToken),
                LayerReaderKind.Base => BaseLayerReader.Open(machine.Kernel32, layer, cancellationToken),
                _ => ExportedFolderReader.Export(machine, layer, cancellationToken),
            };
        }
        catch (HcsException e)
        {
            // Simulated machines throw where a code would not tell enough.
            throw LayerException.From(e, layer.ErrorContext);
        }
    }

    /// <summary>
    /// The rule of 2016 where the streaming calls exist, the rule of today where they do not. Probing one export stands for all four:
    /// they came and went together. computestorage has none of them.
    /// </summary>
    internal static LayerReaderKind Choose(HcsMachine machine, LayerLocation layer, LayerReaderKind kind)
    {
        if (kind != LayerReaderKind.Auto)
        {
            return kind;
        }

        if (layer.Api != StorageApi.Computestorage && machine.Vmcompute.Probe("ExportLayerBegin") == ExportStatus.Present)
        {
            return LayerReaderKind.Stream;
        }

        return layer.Parents.Count == 0 ? LayerReaderKind.Base : LayerReaderKind.Folder;
    }
}
