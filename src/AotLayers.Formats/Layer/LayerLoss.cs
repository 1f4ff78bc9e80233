using System.Globalization;

namespace AotLayers.Formats;

/// <summary>
/// Why something of a layer is not in its tar. All of it is lost by every writer of this format; here it is said
/// (docs/formats/layer-tar.md#what-a-tar-loses).
/// </summary>
public enum LayerLossReason
{
    /// <summary>An alternate data stream of an entry without a DATA stream, as every directory is, or one that comes before DATA.</summary>
    AlternateStreamNotAfterData,

    /// <summary>Extended attributes after the DATA stream, of a source that cannot seek: the tar header was already written.</summary>
    ExtendedAttributesAfterData,

    /// <summary>The flags of an extended attribute have no place in tar.</summary>
    ExtendedAttributeFlags,

    /// <summary>Two extended attributes have the same name; the last one is kept.</summary>
    DuplicateExtendedAttribute,

    /// <summary>The kind of stream has no place in tar: hard link information, properties, object id, transactional data.</summary>
    StreamKindHasNoTarForm,

    /// <summary>Only the print name of a link goes into tar; here it does not give back the reparse buffer.</summary>
    ReparseTargetDiffers,

    /// <summary>The reparse tag has no tar form, and the caller asked to go on without it.</summary>
    ReparseTagHasNoTarForm,

    /// <summary>The target of a link holds a lone surrogate. The tar has U+FFFD in its place, as Go writes it.</summary>
    ReparseTargetNotUnicode,

    /// <summary>Lossless writing: what would keep the entry's backup stream is longer than a tar header can be.</summary>
    StreamTooComplexToKeep,
}

/// <summary>Something of a layer that is not in its tar.</summary>
/// <param name="Entry">Name of the entry, with backslashes.</param>
/// <param name="StreamId">Backup stream it was in.</param>
/// <param name="StreamName">Name of that stream, or of the extended attribute; may be empty.</param>
/// <param name="Size">Size of the stream in bytes.</param>
/// <param name="Reason">Why it is lost.</param>
public readonly record struct LayerLoss(string Entry, BackupStreamId StreamId, string StreamName, long Size, LayerLossReason Reason)
{
    /// <summary>One sentence for people.</summary>
    public string Describe()
    {
        string what = StreamName.Length == 0 ? "" : $" '{StreamName}'";
        string why = Reason switch
        {
            LayerLossReason.AlternateStreamNotAfterData => "the entry has no DATA stream before it",
            LayerLossReason.ExtendedAttributesAfterData => "it comes after DATA and the source cannot seek",
            LayerLossReason.ExtendedAttributeFlags => "its flags have no tar form",
            LayerLossReason.DuplicateExtendedAttribute => "another one of the same name replaces it",
            LayerLossReason.ReparseTargetDiffers => "its print name does not give back the reparse data",
            LayerLossReason.ReparseTargetNotUnicode => "its target has a lone surrogate, which becomes U+FFFD",
            LayerLossReason.StreamTooComplexToKeep => "what describes it is longer than a tar header can be",
            _ => "it has no tar form",
        };
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{Entry}: {BackupStreamIds.NameOf(StreamId)}{what} ({Size} bytes) is not in the tar: {why}");
    }
}
