using AotLayers.Hcs;

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

/// <summary>What to read and how.</summary>
public sealed record LayerReaderOptions
{
    /// <summary>Path of the layer folder; or, with <see cref="Driver"/> set to a home directory, the bare id in it.</summary>
    public required string Layer { get; init; }

    /// <summary>Paths of the parents: nearest first, base layer last.</summary>
    public IReadOnlyList<string> Parents { get; init; } = [];

    /// <summary>DRIVER_INFO of the calls. The default is that of today: ids are full paths.</summary>
    public DriverInfo Driver { get; init; } = DriverInfo.FullPaths;

    /// <summary>Which reader.</summary>
    public LayerReaderKind Reader { get; init; }

    /// <summary>Path of the layer folder, in both forms of <see cref="Layer"/>.</summary>
    internal string LayerPath => string.IsNullOrEmpty(Driver.HomeDir) ? Layer : Driver.HomeDir.TrimEnd('\\', '/') + "\\" + Layer;

    /// <summary>The layer and its parents, for errors.</summary>
    internal LayerErrorContext ErrorContext => new() { Layer = LayerPath, Parents = Parents };
}
