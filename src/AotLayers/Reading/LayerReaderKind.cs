namespace AotLayers;

/// <summary>Which way a layer is read.</summary>
public enum LayerReaderKind
{
    /// <summary>
    /// The streaming calls where the machine has them; else the base reader for a layer without parents and the folder reader for one
    /// with parents (docs/windows/reading-a-layer.md#which-reader).
    /// </summary>
    Auto,

    /// <summary>ExportLayerBegin, ExportLayerNext, ExportLayerRead, ExportLayerEnd (docs/windows/vmcompute.md#streaming-export).</summary>
    Stream,

    /// <summary>ExportLayer into a temporary transport folder, which is read and removed (docs/formats/transport-folder.md#walk).</summary>
    Folder,

    /// <summary>The files of a layer without parents, with BackupRead (docs/formats/base-layer.md#walk).</summary>
    Base,
}
