using System.Globalization;

namespace AotLayers.Formats;

/// <summary>
/// What an entry of a layer is besides its content, decoded once from its backup stream (docs/formats/backup-stream.md): security,
/// extended attributes, reparse data, object id, streams with their places, and what of it a layer tar would lose. Raw bytes are kept as
/// they came: what Windows wrote is never rewritten.
/// </summary>
public sealed class LayerEntryMetadata
{
    /// <summary>Longest object id record that is accepted; Windows writes 64 bytes.</summary>
    private const int MaxObjectIdSize = 1024;

    private readonly List<LayerStreamMetadata> _alternateStreams = [];
    private readonly List<LayerStreamMetadata> _otherStreams = [];
    private readonly List<LayerStreamMetadata> _securityStreams = [];
    private readonly List<ExtendedAttribute> _extendedAttributes = [];
    private readonly List<LayerLoss> _losses = [];

    private LayerEntryMetadata(string name, in LayerFileInfo info)
    {
        Name = name;
        Info = info;
    }

    /// <summary>Name of the entry, with backslashes.</summary>
    public string Name { get; }

    /// <summary>Times and attributes.</summary>
    public LayerFileInfo Info { get; }

    /// <summary>
    /// The self-relative security descriptor, byte for byte (<see cref="Formats.SecurityDescriptor"/> decodes it), of several records the
    /// last one; null for none.
    /// </summary>
    public byte[]? SecurityDescriptor { get; private set; }

    /// <summary>The records of security, in order: where they are, for those who read the stream without them.</summary>
    public IReadOnlyList<LayerStreamMetadata> SecurityStreams => _securityStreams;

    /// <summary>The list of FILE_FULL_EA_INFORMATION, byte for byte, of several records the last one; null for none.</summary>
    public byte[]? ExtendedAttributeList { get; private set; }

    /// <summary>The extended attributes, in order, duplicates included.</summary>
    public IReadOnlyList<ExtendedAttribute> ExtendedAttributes => _extendedAttributes;

    /// <summary>Whether the extended attributes come behind the main data stream; Windows does both.</summary>
    public bool ExtendedAttributesAfterData { get; private set; }

    /// <summary>The whole REPARSE_DATA_BUFFER, byte for byte; null for none.</summary>
    public byte[]? ReparseData { get; private set; }

    /// <summary>The reparse tag; 0 without a reparse point.</summary>
    public uint ReparseTag { get; private set; }

    /// <summary>The symbolic link or mount point; null without one, and for tags that have no target.</summary>
    public ReparsePoint? ReparsePoint { get; private set; }

    /// <summary>FILE_OBJECTID_BUFFER; null for none.</summary>
    public byte[]? ObjectId { get; private set; }

    /// <summary>The main data stream; null where there is none, as in directories.</summary>
    public LayerStreamMetadata? Data { get; private set; }

    /// <summary>Alternate data streams, in order.</summary>
    public IReadOnlyList<LayerStreamMetadata> AlternateStreams => _alternateStreams;

    /// <summary>
    /// Streams of other kinds, in order: hard link information, properties, transactional data, and kinds that nobody knows.
    /// </summary>
    public IReadOnlyList<LayerStreamMetadata> OtherStreams => _otherStreams;

    /// <summary>
    /// What a layer tar would lose, in the order of the stream, as <see cref="LayerTarWriter"/> reports it for a source that can seek.
    /// </summary>
    public IReadOnlyList<LayerLoss> TarLosses => _losses;

    /// <summary>Bytes of the whole backup stream.</summary>
    public long StreamSize { get; private set; }

    /// <summary>Decodes a backup stream.</summary>
    /// <param name="backupStream">The stream; read from its current position to its end. One that can seek is not read where its content
    /// is.</param>
    /// <param name="name">Name of the entry, with backslashes.</param>
    /// <param name="info">Times and attributes.</param>
    /// <param name="onContent">
    /// Told of the main data stream, every alternate stream and every sparse block when its record begins; it may read the payload from
    /// the reader, and need not. Null for nobody.
    /// </param>
    /// <exception cref="LayerFormatException">The stream is malformed, or a record of metadata is larger than is possible.</exception>
    public static LayerEntryMetadata Read(
        Stream backupStream,
        string name,
        in LayerFileInfo info,
        Action<LayerStreamMetadata, BackupStreamReader>? onContent = null)
    {
        ArgumentNullException.ThrowIfNull(backupStream);
        ArgumentNullException.ThrowIfNull(name);
        var metadata = new LayerEntryMetadata(name, info);
        try
        {
            metadata.ReadAll(new BackupStreamReader(backupStream) { EntryName = name }, onContent);
        }
        catch (LayerFormatException error) when (error.Entry is null)
        {
            // Parsers of reparse data and the like do not know the entry.
            throw error.WithEntry(name);
        }

        return metadata;
    }

    private void ReadAll(BackupStreamReader reader, Action<LayerStreamMetadata, BackupStreamReader>? onContent)
    {
        LayerStreamMetadata? sparse = null;
        while (reader.NextHeader(out BackupStreamHeader header))
        {
            LayerStreamMetadata? content = null;
            switch (header.Id)
            {
                case BackupStreamId.SecurityData:
                    _securityStreams.Add(new LayerStreamMetadata(header, reader.Position, Data is not null));
                    SecurityDescriptor = Payload(reader, Formats.SecurityDescriptor.MaxSize);
                    break;
                case BackupStreamId.EaData:
                    TakeExtendedAttributes(reader, header);
                    break;
                case BackupStreamId.ReparseData:
                    TakeReparsePoint(reader, header);
                    break;
                case BackupStreamId.ObjectId:
                    ObjectId = Payload(reader, MaxObjectIdSize);
                    Lose(header, LayerLossReason.StreamKindHasNoTarForm);
                    break;
                case BackupStreamId.Data:
                    content = Data is null
                        ? Data = new LayerStreamMetadata(header, reader.Position, afterData: false)
                        : throw new LayerFormatException("second DATA stream", Name, header.Id, offset: reader.Position);
                    break;
                case BackupStreamId.AlternateData:
                    content = new LayerStreamMetadata(header, reader.Position, Data is not null);
                    _alternateStreams.Add(content);
                    if (Data is null)
                    {
                        Lose(header, LayerLossReason.AlternateStreamNotAfterData);
                    }

                    break;
                case BackupStreamId.SparseBlock when sparse is not null:
                    sparse.AddBlock(header, reader.Position);
                    onContent?.Invoke(sparse, reader);
                    continue;
                default:
                    _otherStreams.Add(new LayerStreamMetadata(header, reader.Position, Data is not null));
                    if (LayerTarLosses.HasNoForm(header.Id))
                    {
                        Lose(header, LayerLossReason.StreamKindHasNoTarForm);
                    }

                    break;
            }

            // Blocks belong to the empty sparse stream right before them.
            sparse = content is { IsSparse: true, PayloadSize: 0 } ? content : null;
            if (content is not null)
            {
                onContent?.Invoke(content, reader);
            }
        }

        StreamSize = reader.Position;
    }

    private void TakeExtendedAttributes(BackupStreamReader reader, in BackupStreamHeader header)
    {
        ExtendedAttributeList = Payload(reader, Formats.ExtendedAttributes.MaxListSize);
        ExtendedAttributesAfterData = Data is not null;
        foreach (ExtendedAttribute attribute in Formats.ExtendedAttributes.Decode(ExtendedAttributeList))
        {
            string text = attribute.NameText;
            bool again = _extendedAttributes.Exists(other => other.Name.Span.SequenceEqual(attribute.Name.Span));
            _extendedAttributes.Add(attribute);
            if (again)
            {
                Lose(header, LayerLossReason.DuplicateExtendedAttribute, text);
            }

            if (attribute.Flags != 0)
            {
                Lose(header, LayerLossReason.ExtendedAttributeFlags, text);
            }
        }
    }

    private void TakeReparsePoint(BackupStreamReader reader, in BackupStreamHeader header)
    {
        ReparseData = Payload(reader, Formats.ReparsePoint.MaxBufferSize);
        ReparseTag = Formats.ReparsePoint.ReadTag(ReparseData);
        if (ReparseTag is not (Formats.ReparseTag.SymbolicLink or Formats.ReparseTag.MountPoint))
        {
            Lose(header, LayerLossReason.ReparseTagHasNoTarForm, Formats.ReparseTag.Describe(ReparseTag));
            return;
        }

        var point = Formats.ReparsePoint.Decode(ReparseData);
        ReparsePoint = point;
        if (LayerTarLosses.OfReparsePoint(point, repairEmptyPrintNames: false, out _, out string detail) is { } reason)
        {
            Lose(header, reason, detail);
        }
    }

    private static byte[] Payload(BackupStreamReader reader, int limit)
    {
        if (reader.Remaining > limit)
        {
            throw new LayerFormatException(
                string.Create(CultureInfo.InvariantCulture, $"stream of {reader.Remaining} bytes, at most {limit} are possible"),
                reader.EntryName,
                reader.Current.Id,
                offset: reader.Position);
        }

        byte[] bytes = new byte[reader.Remaining];
        reader.ReadToEnd(bytes);
        return bytes;
    }

    private void Lose(in BackupStreamHeader stream, LayerLossReason reason, string? detail = null) =>
        _losses.Add(new LayerLoss(Name, stream.Id, detail ?? stream.Name, stream.Size, reason));
}
