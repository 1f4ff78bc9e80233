namespace AotLayers;

/// <summary>Which way a layer is written.</summary>
public enum LayerWriterKind
{
    /// <summary>
    /// The streaming calls where the machine has them; else files right in the layer for one without parents, and a transport folder for one with parents
    /// (layers.md 3.3).
    /// </summary>
    Auto,

    /// <summary>ImportLayerBegin, ImportLayerNext, ImportLayerWrite, ImportLayerEnd (layers.md 3.4). They cannot make hard links.</summary>
    Stream,
}
