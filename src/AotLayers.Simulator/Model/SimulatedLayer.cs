namespace AotLayers.Simulator;

/// <summary>A layer: its tree, what it deletes from its parents, and what the Host Compute Service has done with it.</summary>
internal sealed class SimulatedLayer(string name, SimulatedNode root)
{
    /// <summary>Size of a scratch layer until it is expanded: 20 GiB.</summary>
    public const ulong DefaultScratchSize = 20UL << 30;

    /// <summary>Base name of the layer folder.</summary>
    public string Name { get; } = name;

    /// <summary>The layer folder.</summary>
    public SimulatedNode Root { get; } = root;

    /// <summary>Deleted paths, relative to the layer folder (<c>Files\gone.txt</c>), in the order of the layer.</summary>
    public IReadOnlyList<string> Tombstones { get; init; } = [];

    /// <summary>Names of the parents, nearest first; null when the layer does not say, and any are accepted.</summary>
    public IReadOnlyList<string>? Parents { get; init; }

    /// <summary>The layer is writable and lives in a <c>sandbox.vhdx</c>.</summary>
    public bool IsScratch { get; init; }

    /// <summary>Volume that a scratch layer has while it is active.</summary>
    public Guid Volume => NameGuid.Create("volume:" + Name);

    /// <summary>Activations minus deactivations.</summary>
    public int Activations { get; set; }

    /// <summary>The layer's filter is mounted.</summary>
    public bool IsPrepared { get; set; }

    /// <summary>Size of a scratch layer in bytes.</summary>
    public ulong ScratchSize { get; set; } = DefaultScratchSize;
}
