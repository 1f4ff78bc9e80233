namespace AotLayers;

/// <summary>Which way a layer is read.</summary>
public enum LayerReaderKind
{
    /// <summary>
    /// The streaming calls where the machine has them; else the base reader for a layer without parents and the folder reader for one with parents
    /// (layers.md 3.3).
    /// </summary>
    Auto,

    /// <summary>ExportLayerBegin, ExportLayerNext, ExportLayerRead, ExportLayerEnd (layers.md 3.2).</summary>
    Stream,

    /// <summary>ExportLayer into a temporary transport folder, which is read and removed (layers.md 4.3).</summary>
    Folder,

    /// <summary>The files of a layer without parents, with BackupRead (layers.md 4.4).</summary>
    Base,
}
