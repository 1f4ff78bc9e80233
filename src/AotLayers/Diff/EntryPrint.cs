using AotLayers.Formats;

namespace AotLayers;

/// <summary>All of an entry that can be compared, with digests in the place of contents.</summary>
public sealed class EntryPrint
{
    internal EntryPrint(string name) => Name = name;

    /// <summary>Name of the entry, with backslashes.</summary>
    public string Name { get; }

    /// <summary>What it is, in the words of <see cref="EntryTraitsOf.Kind"/>.</summary>
    public string Kind { get; internal set; } = "";

    /// <summary>Size of the main stream in bytes.</summary>
    public long Size { get; internal set; }

    /// <summary>Times and attributes.</summary>
    public LayerFileInfo Info { get; internal set; }

    /// <summary>The security descriptor; null for none.</summary>
    public byte[]? Security { get; internal set; }

    /// <summary>What a link leads to; null for none.</summary>
    public string? LinkTarget { get; internal set; }

    /// <summary>Bare names of the alternate streams.</summary>
    public IReadOnlyList<string> StreamNames { get; internal set; } = [];

    internal byte[] Content { get; set; } = [];

    internal byte[] Streams { get; set; } = [];

    internal byte[] ExtendedAttributes { get; set; } = [];

    internal byte[] Reparse { get; set; } = [];

    internal byte[] Other { get; set; } = [];

    /// <summary>In what two entries differ.</summary>
    internal static EntryAspects Compare(EntryPrint a, EntryPrint b)
    {
        EntryAspects aspects = a.Name == b.Name ? EntryAspects.None : EntryAspects.Case;
        if (a.Kind != b.Kind)
        {
            return aspects | EntryAspects.Kind;
        }

        LayerFileInfo x = a.Info;
        LayerFileInfo y = b.Info;
        bool sameTimes = x.CreationTime == y.CreationTime && x.LastAccessTime == y.LastAccessTime
            && x.LastWriteTime == y.LastWriteTime && x.ChangeTime == y.ChangeTime;
        aspects |= a.Size == b.Size ? 0 : EntryAspects.Size;
        aspects |= Same(a.Content, b.Content) ? 0 : EntryAspects.Content;
        aspects |= sameTimes ? 0 : EntryAspects.Times;
        aspects |= x.FileAttributes == y.FileAttributes ? 0 : EntryAspects.Attributes;
        aspects |= Same(a.Security, b.Security) ? 0 : EntryAspects.Security;
        aspects |= Same(a.Streams, b.Streams) ? 0 : EntryAspects.Streams;
        aspects |= Same(a.ExtendedAttributes, b.ExtendedAttributes) ? 0 : EntryAspects.ExtendedAttributes;
        aspects |= Same(a.Reparse, b.Reparse) ? 0 : EntryAspects.Reparse;
        aspects |= a.Kind != "link" || NtfsNameComparer.Instance.Equals(a.LinkTarget, b.LinkTarget) ? 0 : EntryAspects.Links;
        return aspects | (Same(a.Other, b.Other) ? 0 : EntryAspects.Other);
    }

    private static bool Same(byte[]? a, byte[]? b) =>
        ReferenceEquals(a, b) || (a is not null && b is not null && a.AsSpan().SequenceEqual(b));
}
