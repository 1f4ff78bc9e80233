using AotLayers.Hcs;

namespace AotLayers;

/// <summary>Which layer of a machine: its path or id, the driver form of the calls, and its parents.</summary>
public sealed record LayerLocation
{
    /// <summary>
    /// Path of the layer folder; or, with <see cref="Driver"/> set to a home directory, the bare id in it. The calls get it as it is.
    /// </summary>
    public required string Id { get; init; }

    /// <summary>Paths of the parents: nearest first, base layer last.</summary>
    public IReadOnlyList<string> Parents { get; init; } = [];

    /// <summary>DRIVER_INFO of the calls. The default is that of today: ids are full paths.</summary>
    public DriverInfo Driver { get; init; } = DriverInfo.FullPaths;

    /// <summary>Which library's calls are made where both have one.</summary>
    public StorageApi Api { get; init; }

    /// <summary>Path of the layer folder, in both forms of <see cref="Id"/>.</summary>
    public string Path => string.IsNullOrEmpty(Driver.HomeDir) ? Id : Driver.HomeDir.TrimEnd('\\', '/') + "\\" + Id;

    /// <summary>The layer and its parents, for errors.</summary>
    internal LayerErrorContext ErrorContext => new() { Layer = Path, Parents = Parents };

    /// <summary>Checks that the texts can be given to native calls.</summary>
    /// <exception cref="ArgumentException">The id is empty, or a text holds U+0000.</exception>
    internal void Validate()
    {
        if (Id.Length == 0)
        {
            throw new ArgumentException("The layer's path is empty.", nameof(Id));
        }

        NativeText.Require(Id, nameof(Id));
        NativeText.Require(Driver.HomeDir ?? "", nameof(Driver));
        foreach (string parent in Parents)
        {
            NativeText.Require(parent, nameof(Parents));
        }
    }
}
