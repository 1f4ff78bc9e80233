using AotLayers.Formats;
using AotLayers.Hcs;

namespace AotLayers.Simulator;

/// <summary>
/// Makes a file from its backup stream: the inverse of <see cref="BackupStreamContent"/>. Data stays where it is and is not copied.
/// </summary>
internal static class BackupStreamParser
{
    private const int MaxMetadataBytes = 1 << 20;

    /// <summary>Parses a stream.</summary>
    /// <param name="stream">The whole backup stream.</param>
    /// <param name="info">Times and attributes of the file.</param>
    /// <param name="name">Name, for errors.</param>
    /// <exception cref="LayerFormatException">The stream is malformed.</exception>
    public static SimulatedFile Parse(ContentSource stream, FileBasicInfo info, string name)
    {
        byte[]? security = null, attributes = null, reparse = null, objectId = null;
        ContentSource? data = null;
        bool attributesAfterData = false;
        var ranges = new List<SparseRange>();
        bool sparse = false;
        long size = 0;
        var streams = new List<AlternateStream>();
        var raw = new List<RawStream>();
        var securityRecords = new List<(long Start, long Length)>();
        var reader = new BackupStreamReader(new ContentStream(stream)) { EntryName = name };
        while (reader.NextHeader(out BackupStreamHeader header))
        {
            var payload = new SliceContent(stream, reader.Position, header.Size);
            switch (header.Id)
            {
                case BackupStreamId.SecurityData:
                    long start = reader.Position - BackupStreamWriter.EncodedLength(header);
                    securityRecords.Add((start, reader.Position + header.Size - start));
                    security = Bytes(reader);
                    break;
                case BackupStreamId.EaData:
                    (attributes, attributesAfterData) = (Bytes(reader), data is not null);
                    break;
                case BackupStreamId.ReparseData:
                    reparse = Bytes(reader);
                    break;
                case BackupStreamId.ObjectId:
                    objectId = Bytes(reader);
                    break;
                case BackupStreamId.Data:
                    (data, sparse, size) = (payload, header.IsSparse, header.Size);
                    break;
                case BackupStreamId.SparseBlock when header.Size == 0:
                    size = Math.Max(size, header.SparseOffset);
                    break;
                case BackupStreamId.SparseBlock:
                    ranges.Add(new SparseRange(header.SparseOffset, payload));
                    size = Math.Max(size, header.SparseOffset + header.Size);
                    break;
                case BackupStreamId.AlternateData:
                    streams.Add(new AlternateStream(StreamName(header.Name), (uint)header.Attributes, payload));
                    break;
                default:
                    raw.Add(new RawStream((uint)header.Id, (uint)header.Attributes, header.Name, payload, data is not null));
                    break;
            }
        }

        bool inBlocks = sparse && data is { Length: 0 } && size > 0;
        return new SimulatedFile
        {
            Info = info,
            Security = security,
            ExtendedAttributes = attributes,
            ExtendedAttributesAfterData = attributesAfterData,
            Reparse = reparse,
            ObjectId = objectId,
            Data = inBlocks ? new SparseContent(size, ranges) : data,
            Sparse = inBlocks ? new SparseLayout(ranges, SparseRepresentation.Blocks)
                : sparse ? new SparseLayout(ranges, data!.Length == 0 ? SparseRepresentation.EmptyData : SparseRepresentation.Whole)
                : null,
            Streams = streams,
            RawStreams = raw,
            Original = stream,
            OriginalSecurity = securityRecords,
        };
    }

    private static byte[] Bytes(BackupStreamReader reader)
    {
        if (reader.Remaining > MaxMetadataBytes)
        {
            throw new LayerFormatException(
                $"metadata of {reader.Remaining} bytes; at most {MaxMetadataBytes}",
                reader.EntryName,
                reader.Current.Id);
        }

        byte[] bytes = new byte[reader.Remaining];
        reader.ReadToEnd(bytes);
        return bytes;
    }

    private static string StreamName(string name)
    {
        const string Suffix = ":$DATA";
        string bare = name.EndsWith(Suffix, StringComparison.OrdinalIgnoreCase) ? name[..^Suffix.Length] : name;
        return bare.TrimStart(':');
    }
}
