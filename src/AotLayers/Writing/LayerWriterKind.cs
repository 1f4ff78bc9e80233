namespace AotLayers;

/// <summary>Which way a layer is written.</summary>
public enum LayerWriterKind
{
    /// <summary>
    /// The streaming calls where the machine has them; else files right in the layer for one without parents, and a transport folder for
    /// one with parents (docs/windows/reading-a-layer.md#which-reader).
    /// </summary>
    Auto,

    /// <summary>
    /// ImportLayerBegin, ImportLayerNext, ImportLayerWrite, ImportLayerEnd (docs/windows/vmcompute.md#streaming-import). They cannot make
    /// hard links.
    /// </summary>
    Stream,
}
