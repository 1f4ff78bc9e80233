namespace AotLayers;

/// <summary>Which way a layer is written.</summary>
public enum LayerWriterKind
{
    /// <summary>
    /// The streaming calls where the machine has them; else files right in the layer for one without parents, and a transport folder for
    /// one with parents (docs/formats/import-rules.md#which-writer).
    /// </summary>
    Auto,

    /// <summary>
    /// ImportLayerBegin, ImportLayerNext, ImportLayerWrite, ImportLayerEnd (docs/windows/vmcompute.md#streaming-import). They cannot make
    /// hard links.
    /// </summary>
    Stream,

    /// <summary>A transport folder, and ImportLayer (docs/formats/import-rules.md#layers-with-parents).</summary>
    Folder,

    /// <summary>
    /// Files right in the layer's folder, and ProcessBaseImage: for layers without parents (docs/formats/import-rules.md#base-layers).
    /// </summary>
    Base,
}
