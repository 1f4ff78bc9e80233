using AotLayers.Formats;

namespace AotLayers;

/// <summary>
/// One entry of a layer: a file, a directory, or the mark that a file of a parent layer is gone. Valid until the reader goes on.
/// </summary>
public sealed class LayerEntry
{
    private readonly Func<Stream>? _open;
    private Stream? _stream;
    private bool _over;

    /// <summary>A tombstone: the entry hides a file of a parent layer.</summary>
    /// <param name="name">See <see cref="Name"/>.</param>
    internal LayerEntry(string name)
    {
        Name = name;
        IsTombstone = true;
    }

    /// <summary>A file or a directory.</summary>
    /// <param name="name">See <see cref="Name"/>.</param>
    /// <param name="size">See <see cref="Size"/>.</param>
    /// <param name="info">See <see cref="Info"/>.</param>
    /// <param name="links">See <see cref="Links"/>.</param>
    /// <param name="open">Opens the backup stream; called at most once.</param>
    internal LayerEntry(string name, long size, LayerFileInfo info, LayerLinks? links, Func<Stream> open)
    {
        Name = name;
        Size = size;
        Info = info;
        Links = links;
        _open = open;
    }

    /// <summary>
    /// Name relative to the layer, with backslashes and without a leading one: <c>Files\Windows\notepad.exe</c>. UTF-16 units as Windows
    /// has them, lone surrogates included.
    /// </summary>
    public string Name { get; }

    /// <summary>The entry hides a file of a parent layer. It has no size, times, attributes or content.</summary>
    public bool IsTombstone { get; }

    /// <summary>Size of the main data stream in bytes, without holes taken out. 0 for directories and tombstones.</summary>
    public long Size { get; }

    /// <summary>Times and attributes. All zero for a tombstone.</summary>
    public LayerFileInfo Info { get; }

    /// <summary>Hard links; null where the reader cannot know (streaming and folder exports copy linked files).</summary>
    public LayerLinks? Links { get; }

    /// <summary>
    /// Name of an earlier entry that this is one more name of; null for every other entry. Only tars say it; then the entry has no
    /// content of its own.
    /// </summary>
    public string? HardLinkTarget { get; internal init; }

    /// <summary>
    /// The entry's Win32 backup stream (docs/formats/backup-stream.md): security, extended attributes, reparse data, data, alternate
    /// streams. Seekable where the source is. There is one per entry: a second call returns the same stream. It ends its life when the
    /// reader goes on. Empty for a tombstone.
    /// </summary>
    /// <exception cref="ObjectDisposedException">The reader has gone on to another entry or was closed.</exception>
    public Stream OpenBackupStream()
    {
        ObjectDisposedException.ThrowIf(_over, this);
        return _stream ??= _open is null ? Stream.Null : Reader is { } reader ? new LayerEntryStream(_open(), Name, reader) : _open();
    }

    /// <summary>
    /// The content of the main data stream: what is in the file, holes of a sparse file as zeros. Forward only; a view of the backup
    /// stream, which is not to be read besides. Empty for a directory and a tombstone.
    /// </summary>
    /// <exception cref="ObjectDisposedException">The reader has gone on to another entry or was closed.</exception>
    public Stream OpenDataStream() =>
        new MainDataStream(OpenBackupStream(), (Reader?.ErrorContext ?? new LayerErrorContext()) with { Entry = Name });

    /// <summary>Where a hard link was made a copy: what <see cref="HardLinkTarget"/> was.</summary>
    internal string? CopyOf { get; init; }

    /// <summary>
    /// Decodes the backup stream: security, extended attributes, reparse data, streams with their places. Reads the stream to its end, so
    /// it takes the place of the other ways to read it.
    /// </summary>
    /// <param name="onContent">Told of each stream with content, which it may read; see <see cref="LayerEntryMetadata.Read"/>.</param>
    /// <returns>Null for a tombstone and for a hard link, which have no stream of their own.</returns>
    /// <exception cref="LayerException">The stream is malformed, or cannot be read.</exception>
    /// <exception cref="ObjectDisposedException">The reader has gone on to another entry or was closed.</exception>
    public LayerEntryMetadata? ReadMetadata(Action<LayerStreamMetadata, BackupStreamReader>? onContent = null)
    {
        if (IsTombstone || HardLinkTarget is not null)
        {
            return null;
        }

        try
        {
            return LayerEntryMetadata.Read(OpenBackupStream(), Name, Info, onContent);
        }
        catch (LayerFormatException e)
        {
            throw LayerException.From(e, (Reader?.ErrorContext ?? new LayerErrorContext()) with { Entry = Name });
        }
    }

    /// <summary>The reader that the entry came from: of a reader that wraps another, the inner one.</summary>
    internal LayerReader? Reader { get; set; }

    /// <summary>Ends the entry's life.</summary>
    internal void Release()
    {
        _over = true;
        _stream?.Dispose();
    }
}
