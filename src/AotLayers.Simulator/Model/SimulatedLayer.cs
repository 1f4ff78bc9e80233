namespace AotLayers.Simulator;

/// <summary>What a layer folder holds.</summary>
/// <param name="Root">The tree.</param>
internal sealed record LayerContent(SimulatedNode Root)
{
    /// <summary>Deleted paths, relative to the layer folder (<c>Files\gone.txt</c>), in the order of the layer.</summary>
    public IReadOnlyList<string> Tombstones { get; init; } = [];

    /// <summary>Names of the parents, nearest first; null when the layer does not say, and any are accepted.</summary>
    public IReadOnlyList<string>? Parents { get; init; }

    /// <summary>The layer is writable and lives in a <c>sandbox.vhdx</c>.</summary>
    public bool IsScratch { get; init; }

    /// <summary>A base layer that was written file by file and that ProcessBaseImage has not finished.</summary>
    public bool IsUnfinished { get; init; }
}

/// <summary>A layer, and what the Host Compute Service has done with it. What it holds is loaded when it is asked for.</summary>
internal sealed class SimulatedLayer
{
    /// <summary>Size of a scratch layer until it is expanded: 20 GiB.</summary>
    public const ulong DefaultScratchSize = 20UL << 30;

    private readonly Func<LayerContent> _load;
    private LayerContent? _content;

    /// <summary>A layer that is loaded when it is asked for.</summary>
    public SimulatedLayer(string name, Func<LayerContent> load) => (Name, _load) = (name, load);

    /// <summary>A layer that is there.</summary>
    public SimulatedLayer(string name, LayerContent content)
        : this(name, () => content) => _content = content;

    /// <summary>Base name of the layer folder.</summary>
    public string Name { get; }

    /// <summary>What the folder holds.</summary>
    /// <exception cref="SimulatedLayerException">The folder cannot be used.</exception>
    public LayerContent Content => _content ??= _load();

    /// <summary>The layer folder.</summary>
    public SimulatedNode Root => Content.Root;

    /// <summary>Volume that a scratch layer has while it is active.</summary>
    public Guid Volume => NameGuid.Create("volume:" + Name);

    /// <summary>Name of the folder in the machine's state; null for a layer that the machine had at first.</summary>
    public string? Folder { get; set; }

    /// <summary>
    /// The layer is being made: file calls of this process may change it, and no other process sees it, until the last handle to its
    /// folder is closed.
    /// </summary>
    public bool IsPending { get; set; }

    /// <summary>Something that the parents have is not in the layer any more.</summary>
    public void AddTombstone(string name) => _content = Content with { Tombstones = [.. Content.Tombstones, name] };

    /// <summary>Activations minus deactivations.</summary>
    public int Activations { get; set; }

    /// <summary>The layer's filter is mounted.</summary>
    public bool IsPrepared { get; set; }

    /// <summary>An overlay filter is attached to the layer's volume.</summary>
    public bool HasOverlay { get; set; }

    /// <summary>Size of a scratch layer in bytes.</summary>
    public ulong ScratchSize { get; set; } = DefaultScratchSize;

    /// <summary>Something was done with the layer that lasts.</summary>
    public bool IsTouched => Activations != 0 || IsPrepared || HasOverlay || ScratchSize != DefaultScratchSize;

    /// <summary>What was done with another layer was done with this one.</summary>
    public void TakeState(SimulatedLayer other) =>
        (Activations, IsPrepared, HasOverlay, ScratchSize) = (other.Activations, other.IsPrepared, other.HasOverlay, other.ScratchSize);

    /// <summary>Undoes all that was done with the layer.</summary>
    public void Reset() => (Activations, IsPrepared, HasOverlay, ScratchSize) = (0, false, false, DefaultScratchSize);
}
