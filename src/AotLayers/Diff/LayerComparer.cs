using AotLayers.Formats;

namespace AotLayers;

/// <summary>What became of an entry from one layer to another.</summary>
public enum EntryChange
{
    /// <summary>Only the second layer has it.</summary>
    Added,

    /// <summary>Only the first layer has it.</summary>
    Removed,

    /// <summary>Both have it, and it is not the same.</summary>
    Changed,
}

/// <summary>A difference between two layers.</summary>
public sealed class LayerDifference
{
    internal LayerDifference(EntryChange change, EntryAspects aspects, EntryPrint? before, EntryPrint? after)
    {
        Change = change;
        Aspects = aspects;
        Before = before;
        After = after;
    }

    /// <summary>What happened.</summary>
    public EntryChange Change { get; }

    /// <summary>In what a changed entry differs.</summary>
    public EntryAspects Aspects { get; }

    /// <summary>The entry of the first layer; null for an added one.</summary>
    public EntryPrint? Before { get; }

    /// <summary>The entry of the second layer; null for a removed one.</summary>
    public EntryPrint? After { get; }

    /// <summary>Name of the entry: of a changed one, as the second layer has it.</summary>
    public string Name => (After ?? Before)!.Name;
}

/// <summary>Compares layers. Entries are the same by name, as NTFS compares names.</summary>
public static class LayerComparer
{
    /// <summary>Compares two layers.</summary>
    /// <param name="before">The first layer.</param>
    /// <param name="after">The second layer.</param>
    /// <param name="ignored">What does not count as a difference.</param>
    /// <returns>The differences, by name in the order of their units.</returns>
    public static IReadOnlyList<LayerDifference> Compare(LayerPrint before, LayerPrint after, EntryAspects ignored = EntryAspects.None)
    {
        ArgumentNullException.ThrowIfNull(before);
        ArgumentNullException.ThrowIfNull(after);
        var differences = new List<LayerDifference>();
        foreach (EntryPrint entry in after.Entries)
        {
            if (before.Find(entry.Name) is not { } other)
            {
                differences.Add(new LayerDifference(EntryChange.Added, EntryAspects.None, null, entry));
            }
            else if ((EntryPrint.Compare(other, entry) & ~ignored) is var aspects && aspects != EntryAspects.None)
            {
                differences.Add(new LayerDifference(EntryChange.Changed, aspects, other, entry));
            }
        }

        foreach (EntryPrint entry in before.Entries)
        {
            if (after.Find(entry.Name) is null)
            {
                differences.Add(new LayerDifference(EntryChange.Removed, EntryAspects.None, entry, null));
            }
        }

        differences.Sort(static (x, y) => NtfsNameComparer.Instance.Compare(x.Name, y.Name));
        return differences;
    }
}
