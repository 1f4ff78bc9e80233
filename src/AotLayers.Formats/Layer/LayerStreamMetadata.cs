namespace AotLayers.Formats;

/// <summary>One piece of a sparse stream.</summary>
/// <param name="Offset">Where it lies in the stream, in bytes.</param>
/// <param name="Length">Its bytes.</param>
/// <param name="PayloadOffset">Where its bytes begin in the entry's backup stream.</param>
public readonly record struct LayerStreamRange(long Offset, long Length, long PayloadOffset);

/// <summary>A stream of an entry: where its bytes are, not the bytes.</summary>
public sealed class LayerStreamMetadata
{
    internal LayerStreamMetadata(in BackupStreamHeader header, long payloadOffset, bool afterData)
    {
        Id = header.Id;
        Name = header.Name;
        Attributes = header.Attributes;
        RecordOffset = payloadOffset - BackupStreamWriter.EncodedLength(header);
        PayloadOffset = payloadOffset;
        PayloadSize = header.Size;
        Size = header.Size;
        IsAfterData = afterData;
    }

    /// <summary>Kind of the stream.</summary>
    public BackupStreamId Id { get; }

    /// <summary>Name as the backup stream has it, <c>:ads.txt:$DATA</c>; empty except for alternate streams.</summary>
    public string Name { get; }

    /// <summary>The name without the colon before it and <c>:$DATA</c> behind it.</summary>
    public string BareName
    {
        get
        {
            const string Suffix = ":$DATA";
            return (Name.EndsWith(Suffix, StringComparison.OrdinalIgnoreCase) ? Name[..^Suffix.Length] : Name).TrimStart(':');
        }
    }

    /// <summary>Flags of the stream.</summary>
    public BackupStreamAttributes Attributes { get; }

    /// <summary>Where the stream's own record begins in the backup stream, in bytes: its header, then its name.</summary>
    public long RecordOffset { get; }

    /// <summary>Where the payload of the stream's own record begins in the backup stream, in bytes.</summary>
    public long PayloadOffset { get; }

    /// <summary>Bytes of that payload: 0 where the stream comes in blocks.</summary>
    public long PayloadSize { get; }

    /// <summary>Size of the stream in bytes, holes included.</summary>
    public long Size { get; private set; }

    /// <summary>Whether the stream is sparse.</summary>
    public bool IsSparse => (Attributes & BackupStreamAttributes.Sparse) != 0;

    /// <summary>Whether the bytes come in blocks, <see cref="Ranges"/>, with holes between them.</summary>
    public bool IsInBlocks { get; private set; }

    /// <summary>The blocks that hold bytes; empty for a stream that does not come in blocks, and for one that is all hole.</summary>
    public IReadOnlyList<LayerStreamRange> Ranges => _ranges;

    /// <summary>Whether the record comes behind the main data stream.</summary>
    public bool IsAfterData { get; }

    private readonly List<LayerStreamRange> _ranges = [];

    /// <summary>A block of this stream follows. An empty one marks the end of the file.</summary>
    internal void AddBlock(in BackupStreamHeader block, long payloadOffset)
    {
        IsInBlocks = true;
        Size = Math.Max(Size, block.SparseOffset + block.Size);
        if (block.Size > 0)
        {
            _ranges.Add(new LayerStreamRange(block.SparseOffset, block.Size, payloadOffset));
        }
    }
}
