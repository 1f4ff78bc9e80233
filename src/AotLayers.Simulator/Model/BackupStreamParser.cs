using AotLayers.Formats;
using AotLayers.Hcs;

namespace AotLayers.Simulator;

/// <summary>
/// Makes a file from its backup stream: the inverse of <see cref="BackupStreamContent"/>. Data stays where it is and is not copied.
/// </summary>
internal static class BackupStreamParser
{
    /// <summary>Parses a stream.</summary>
    /// <param name="stream">The whole backup stream.</param>
    /// <param name="info">Times and attributes of the file.</param>
    /// <param name="name">Name, for errors.</param>
    /// <exception cref="LayerFormatException">The stream is malformed.</exception>
    public static SimulatedFile Parse(ContentSource stream, FileBasicInfo info, string name)
    {
        var times = new LayerFileInfo(
            info.CreationTime, info.LastAccessTime, info.LastWriteTime, info.ChangeTime, info.FileAttributes);
        var metadata = LayerEntryMetadata.Read(new ContentStream(stream), name, times);
        return new SimulatedFile
        {
            Info = info,
            Security = metadata.SecurityDescriptor,
            ExtendedAttributes = metadata.ExtendedAttributeList,
            ExtendedAttributesAfterData = metadata.ExtendedAttributesAfterData,
            Reparse = metadata.ReparseData,
            ObjectId = metadata.ObjectId,
            Data = metadata.Data is { } data ? Content(stream, data) : null,
            Sparse = metadata.Data is { IsSparse: true } sparse ? Layout(stream, sparse) : null,
            Streams = [.. metadata.AlternateStreams.Select(alternate =>
                new AlternateStream(alternate.BareName, (uint)alternate.Attributes, Content(stream, alternate)))],
            RawStreams = [.. metadata.OtherStreams.Select(other => new RawStream(
                (uint)other.Id, (uint)other.Attributes, other.Name, Payload(stream, other), other.IsAfterData))],
            Original = stream,
            OriginalSecurity = [.. metadata.SecurityStreams.Select(security =>
                (security.RecordOffset, security.PayloadOffset + security.PayloadSize - security.RecordOffset))],
        };
    }

    private static SparseLayout Layout(ContentSource stream, LayerStreamMetadata data) => data.IsInBlocks && data.Size > 0
        ? new SparseLayout(Ranges(stream, data), SparseRepresentation.Blocks)
        : new SparseLayout([], data.Size == 0 ? SparseRepresentation.EmptyData : SparseRepresentation.Whole);

    private static ContentSource Content(ContentSource stream, LayerStreamMetadata content) =>
        content.IsInBlocks ? new SparseContent(content.Size, Ranges(stream, content)) : Payload(stream, content);

    private static List<SparseRange> Ranges(ContentSource stream, LayerStreamMetadata content) =>
        [.. content.Ranges.Select(range =>
            new SparseRange(range.Offset, new SliceContent(stream, range.PayloadOffset, range.Length)))];

    private static SliceContent Payload(ContentSource stream, LayerStreamMetadata content) =>
        new(stream, content.PayloadOffset, content.PayloadSize);
}
