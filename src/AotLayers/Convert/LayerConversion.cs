using AotLayers.Formats;
using AotLayers.Hcs;

namespace AotLayers;

/// <summary>Readers that give another layer than the one they read: the steps of a conversion.</summary>
public static class LayerConversion
{
    /// <summary>A layer none of whose times is later than a given one (the convention of SOURCE_DATE_EPOCH).</summary>
    /// <param name="reader">The layer; owned from now on.</param>
    /// <param name="seconds">Seconds since 1970.</param>
    public static LayerReader ClampTimes(LayerReader reader, long seconds)
    {
        ArgumentNullException.ThrowIfNull(reader);
        return new ClampedTimesReader(reader, FileTime.FromUnixNanoseconds(checked(seconds * 1_000_000_000)));
    }

    /// <summary>
    /// A layer in which files that are the same in everything but their times become hard links to the first of them. Empty files are left
    /// alone; no file gets more than 1024 names.
    /// </summary>
    /// <param name="open">Opens the layer; called twice, one at a time.</param>
    /// <param name="cancellationToken">Stops reading.</param>
    /// <exception cref="LayerException">The layer cannot be read.</exception>
    public static LayerReader LinkDuplicates(Func<CancellationToken, LayerReader> open, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(open);
        return LinkedDuplicatesReader.Open(open, cancellationToken);
    }

    /// <summary>A layer in which each hard link is a copy of its file, for what cannot hold links.</summary>
    /// <param name="open">Opens the layer; called twice, one at a time.</param>
    /// <param name="cancellationToken">Stops reading.</param>
    /// <exception cref="LayerException">The layer cannot be read. A link out of the layer is an error of that entry.</exception>
    public static LayerReader CopyLinks(Func<CancellationToken, LayerReader> open, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(open);
        return CopiedLinksReader.Open(open, cancellationToken);
    }

    /// <summary>
    /// The streaming calls of vmcompute, answered from a layer: with a recorder around them, its export becomes a recording.
    /// </summary>
    /// <param name="reader">The layer; not owned.</param>
    public static IVmcompute Serve(LayerReader reader)
    {
        ArgumentNullException.ThrowIfNull(reader);
        return new ServedVmcompute(reader);
    }

    /// <summary>A view of a stream from its start, whose end does not close it.</summary>
    /// <param name="stream">A stream that can seek.</param>
    public static Stream View(Stream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        return new OffsetStream(stream, 0);
    }
}
