namespace AotLayers;

/// <summary>
/// Reads a chain of layers as a container would see it: what an upper layer replaces or hides is gone, names are compared as NTFS does.
/// Each layer is read twice: once for the names, which are kept in memory, and once for the entries that are left. Entries come layer by
/// layer, base first; a directory whose last description is in an upper layer comes with that layer, after files in it. Tombstones are
/// applied and not told.
/// </summary>
/// <remarks>
/// A name that is hidden may have another one that is not (a hard link): then the content comes under that other name.
/// </remarks>
public sealed class MergedLayerReader : LayerReader
{
    private readonly IReadOnlyList<Func<CancellationToken, LayerReader>> _layers;
    private MergePlan? _plan;
    private LayerReader? _inner;
    private int _layer = -1;
    private int _ordinal;

    private MergedLayerReader(
        IReadOnlyList<Func<CancellationToken, LayerReader>> layers,
        LayerErrorContext context,
        CancellationToken cancellationToken)
        : base(context, cancellationToken) => _layers = layers;

    /// <inheritdoc/>
    public override string Kind => "merged";

    /// <summary>Opens a chain.</summary>
    /// <param name="layers">Opens the layers, base first; each is opened twice, one at a time.</param>
    /// <param name="name">What to call the chain in errors.</param>
    /// <param name="cancellationToken">Stops reading between entries and between reads.</param>
    public static MergedLayerReader Open(
        IReadOnlyList<Func<CancellationToken, LayerReader>> layers,
        string name,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(layers);
        return new MergedLayerReader(layers, new LayerErrorContext { Layer = name }, cancellationToken);
    }

    private protected override LayerEntry? ReadNextEntry()
    {
        _plan ??= ReadNames();
        while (true)
        {
            if (_inner is null)
            {
                if (++_layer == _layers.Count)
                {
                    return null;
                }

                _inner = _layers[_layer](CancellationToken);
                _ordinal = 0;
            }

            while (ReadNextEntryOf(_inner) is { } entry)
            {
                if (_plan.NameOf(_layer, _ordinal++) is { } name)
                {
                    return Describe(entry, name);
                }
            }

            EndInner();
        }
    }

    private protected override void CloseCore(bool reportErrors)
    {
        LayerReader? inner = _inner;
        _inner = null;
        if (reportErrors)
        {
            inner?.Close();
        }
        else
        {
            inner?.Dispose();
        }
    }

    /// <summary>The same entry, with the name and the link that it has in the chain.</summary>
    private LayerEntry Describe(LayerEntry entry, string name)
    {
        string? target = entry.HardLinkTarget is null ? null : _plan!.TargetOf(_layer, _ordinal - 1);
        return ReferenceEquals(name, entry.Name) && target == entry.HardLinkTarget
            ? entry
            : new LayerEntry(name, entry.Size, entry.Info, entry.Links, entry.OpenBackupStream)
            {
                HardLinkTarget = target,
                Reader = entry.Reader,
            };
    }

    private void EndInner()
    {
        LayerReader inner = _inner!;
        _inner = null;
        foreach (string warning in inner.Warnings)
        {
            AddWarning(warning);
        }

        inner.Close();
    }

    private MergePlan ReadNames()
    {
        var plan = new MergePlan(_layers.Count);
        for (int i = _layers.Count - 1; i >= 0; i--)
        {
            using LayerReader reader = _layers[i](CancellationToken);
            plan.Begin(i);
            while (reader.GetNextEntry() is { } entry)
            {
                plan.Add(entry);
            }

            reader.Close();
            plan.End();
        }

        plan.ResolveLinks();
        return plan;
    }
}
