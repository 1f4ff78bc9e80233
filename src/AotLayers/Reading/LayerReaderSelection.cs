using AotLayers.Hcs;
using AotLayers.Interop;

namespace AotLayers;

/// <summary>Which reader a layer gets (layers.md 3.3).</summary>
internal static class LayerReaderSelection
{
    public static LayerReader Open(HcsMachine machine, LayerReaderOptions options, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(machine);
        ArgumentNullException.ThrowIfNull(options);
        NativeText.Require(options.Layer, nameof(options));
        if (options.Layer.Length == 0)
        {
            throw new ArgumentException("The layer's path is empty.", nameof(options));
        }

        cancellationToken.ThrowIfCancellationRequested();
        switch (Choose(machine, options))
        {
            case LayerReaderKind.Stream:
                return StreamingLayerReader.Begin(machine.Vmcompute, options, cancellationToken);
            case LayerReaderKind.Base:
                return BaseLayerReader.Open(machine.Kernel32, options, cancellationToken);
            default:
                return ExportedFolderReader.Export(machine, options, cancellationToken);
        }
    }

    /// <summary>
    /// The rule of 2016 where the streaming calls exist, the rule of today where they do not. Probing one export stands for all four: they came and went together.
    /// </summary>
    private static LayerReaderKind Choose(HcsMachine machine, LayerReaderOptions options)
    {
        if (options.Reader != LayerReaderKind.Auto)
        {
            return options.Reader;
        }

        if (machine.Vmcompute.Probe("ExportLayerBegin") == ExportStatus.Present)
        {
            return LayerReaderKind.Stream;
        }

        return options.Parents.Count == 0 ? LayerReaderKind.Base : LayerReaderKind.Folder;
    }
}
