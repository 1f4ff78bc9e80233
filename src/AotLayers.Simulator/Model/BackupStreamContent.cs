using AotLayers.Formats;

namespace AotLayers.Simulator;

/// <summary>
/// The Win32 backup stream of a file as BackupRead produces it (docs/formats/backup-stream.md#records), made on the fly from the file's
/// parts.
/// </summary>
internal static class BackupStreamContent
{
    /// <summary>Makes the stream.</summary>
    /// <param name="file">The file.</param>
    /// <param name="withSecurity">Whether the security descriptor is part of it.</param>
    public static ContentSource Create(SimulatedFile file, bool withSecurity)
    {
        ContentSource whole = file.Original is { } original
            ? withSecurity ? original : WithoutSecurity(original, file)
            : Compose(file, withSecurity);
        return file.FailReadAt is { } at ? new FailingContent(whole, at, file.FailCode) : whole;
    }

    /// <summary>The whole stream, also of a file whose reading is to fail.</summary>
    public static ContentSource Whole(SimulatedFile file) => file.Original ?? Compose(file, withSecurity: true);

    private static JoinedContent WithoutSecurity(ContentSource original, SimulatedFile file)
    {
        var parts = new List<ContentSource>();
        long at = 0;
        foreach ((long start, long length) in file.OriginalSecurity)
        {
            parts.Add(new SliceContent(original, at, start - at));
            at = start + length;
        }

        parts.Add(new SliceContent(original, at, original.Length - at));
        return new JoinedContent(parts);
    }

    private static JoinedContent Compose(SimulatedFile file, bool withSecurity)
    {
        var parts = new List<ContentSource>();
        if (withSecurity && file.Security is { } security)
        {
            Add(parts, new(BackupStreamId.SecurityData, security.Length), new BytesContent(security));
        }

        if (!file.ExtendedAttributesAfterData)
        {
            AddExtendedAttributes(parts, file);
        }

        if (file.Reparse is { } reparse)
        {
            Add(parts, new(BackupStreamId.ReparseData, reparse.Length), new BytesContent(reparse));
        }

        AddRaw(parts, file, afterData: false);
        AddData(parts, file);
        if (file.ExtendedAttributesAfterData)
        {
            AddExtendedAttributes(parts, file);
        }

        foreach (AlternateStream stream in file.Streams)
        {
            var header = new BackupStreamHeader(
                BackupStreamId.AlternateData, stream.Content.Length, (BackupStreamAttributes)stream.Attributes, $":{stream.Name}:$DATA");
            Add(parts, header, stream.Content);
        }

        if (file.ObjectId is { } objectId)
        {
            Add(parts, new(BackupStreamId.ObjectId, objectId.Length), new BytesContent(objectId));
        }

        AddRaw(parts, file, afterData: true);
        return new JoinedContent(parts);
    }

    private static void AddData(List<ContentSource> parts, SimulatedFile file)
    {
        if (file.Data is not { } data)
        {
            return;
        }

        if (file.Sparse is not { } sparse)
        {
            Add(parts, new(BackupStreamId.Data, data.Length), data);
            return;
        }

        SparseRepresentation representation = sparse.Representation is not SparseRepresentation.Auto ? sparse.Representation
            : data.Length == 0 ? SparseRepresentation.EmptyData
            : sparse.Ranges.Count == 1 ? SparseRepresentation.Whole
            : SparseRepresentation.Blocks;
        switch (representation)
        {
            case SparseRepresentation.NoData:
                break;
            case SparseRepresentation.Whole:
                Add(parts, new(BackupStreamId.Data, data.Length, BackupStreamAttributes.Sparse), data);
                break;
            default:
                Add(parts, new(BackupStreamId.Data, 0, BackupStreamAttributes.Sparse), ContentSource.Empty);
                if (representation is SparseRepresentation.Blocks)
                {
                    AddBlocks(parts, sparse.Ranges, data.Length);
                }

                break;
        }
    }

    private static void AddBlocks(List<ContentSource> parts, IReadOnlyList<SparseRange> ranges, long size)
    {
        foreach (SparseRange range in ranges)
        {
            Add(parts, Block(range.Content.Length, range.Offset), range.Content);
        }

        Add(parts, Block(0, size), ContentSource.Empty);
    }

    private static BackupStreamHeader Block(long length, long offset) =>
        new(BackupStreamId.SparseBlock, length, BackupStreamAttributes.Sparse, SparseOffset: offset);

    private static void AddExtendedAttributes(List<ContentSource> parts, SimulatedFile file)
    {
        if (file.ExtendedAttributes is { } attributes)
        {
            Add(parts, new(BackupStreamId.EaData, attributes.Length), new BytesContent(attributes));
        }
    }

    private static void AddRaw(List<ContentSource> parts, SimulatedFile file, bool afterData)
    {
        foreach (RawStream? raw in file.RawStreams.Where(raw => raw.AfterData == afterData))
        {
            Add(parts, new((BackupStreamId)raw.Id, raw.Content.Length, (BackupStreamAttributes)raw.Attributes, raw.Name), raw.Content);
        }
    }

    private static void Add(List<ContentSource> parts, BackupStreamHeader header, ContentSource payload)
    {
        byte[] encoded = new byte[BackupStreamWriter.EncodedLength(header)];
        BackupStreamWriter.Encode(header, encoded);
        parts.Add(new BytesContent(encoded));
        parts.Add(payload);
    }
}
