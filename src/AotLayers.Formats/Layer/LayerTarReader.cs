using System.Buffers;
using System.Diagnostics.CodeAnalysis;

namespace AotLayers.Formats;

/// <summary>Choices of <see cref="LayerTarReader"/>.</summary>
public sealed record LayerTarReaderOptions
{
    /// <summary>The defaults.</summary>
    public static LayerTarReaderOptions Default { get; } = new();

    /// <summary>
    /// Take an archive without end marker. The default refuses it: it may have been cut between two entries, and half a layer must not
    /// look like a
    /// whole one.
    /// </summary>
    public bool AllowMissingEndMarker { get; init; }

    /// <summary>
    /// Read what other programs see: leave out the records in which <see cref="LayerTarWriterOptions.Lossless"/> keeps what a tar has no
    /// place for.
    /// </summary>
    public bool IgnoreLosslessRecords { get; init; }
}

/// <summary>
/// Reads the entries of a layer tar and gives each one back as a Win32 backup stream, made on the fly
/// (docs/formats/layer-tar.md#reading-a-header, docs/formats/import-rules.md#entries). Reads everything that hcsshim ever wrote, February
/// 2016 included. Does not own its stream.
/// </summary>
/// <remarks>
/// Names are checked: an entry whose name could mean something outside of the layer (<c>..</c>, a drive, an absolute path) or an
/// alternate stream
/// of another entry is an error. Global PAX headers and an entry for the root itself are skipped. Nothing is read beyond the end marker.
/// </remarks>
[SuppressMessage("Reliability", "CA1001", Justification = "The backup stream is a view of this reader and owns nothing")]
public sealed partial class LayerTarReader
{
    private const string DataStreamSuffix = ":$DATA";

    private readonly TarReader _tar;
    private readonly LayerTarReaderOptions _options;
    private readonly ArrayBufferWriter<byte> _prefix = new(1024);
    private readonly BackupStreamOfEntry _stream;
    private TarHeader? _ahead;
    private LayerTarEntry? _current;
    private int _prefixRead;
    private bool _streamOpened;

    /// <summary>Reads from the current position of <paramref name="source"/>, which is an uncompressed tar.</summary>
    /// <param name="source">The archive.</param>
    /// <param name="options">Choices; null for the defaults.</param>
    public LayerTarReader(Stream source, LayerTarReaderOptions? options = null)
    {
        _tar = new TarReader(source);
        _options = options ?? LayerTarReaderOptions.Default;
        _stream = new BackupStreamOfEntry(this);
    }

    /// <summary>Bytes of the archive consumed so far.</summary>
    public long Position => _tar.Position;

    /// <summary>Reads the next entry; alternate streams are part of theirs.</summary>
    /// <param name="cancellationToken">Checked before each header and while skipping.</param>
    /// <returns>The entry, null at the end.</returns>
    /// <exception cref="LayerFormatException">The archive is cut, malformed, or not that of a layer.</exception>
    public LayerTarEntry? GetNextEntry(CancellationToken cancellationToken = default)
    {
        if (_current is not null)
        {
            while (_ahead is null && NextStream(cancellationToken))
            {
            }
        }

        _current = null;
        _streamOpened = false;
        _items = null;
        _prefix.ResetWrittenCount();
        _prefixRead = 0;
        while ((_ahead ??= _tar.GetNextEntry(cancellationToken)) is { } header)
        {
            _ahead = null;
            string name = Normalize(header.Name);
            if (name.Length == 0 && header.TypeFlag == TarTypeFlag.Directory)
            {
                continue;
            }

            _current = Describe(header, name);
            return _current;
        }

        return _tar.EndMarkerSeen || _options.AllowMissingEndMarker
            ? null
            : throw new LayerFormatException("invalid tar: no end marker, the archive is cut", offset: _tar.Position);
    }

    /// <summary>
    /// Opens the current entry's backup stream: security, extended attributes, reparse point, DATA, alternate streams. Empty for hard links
    /// and tombstones. Valid until the next entry is read; it need not be read to its end, nor be disposed of.
    /// </summary>
    /// <exception cref="InvalidOperationException">There is no current entry, or its stream was opened before.</exception>
    /// <exception cref="LayerFormatException">While reading: the archive is cut or malformed.</exception>
    public Stream OpenBackupStream()
    {
        if (_current is null || _streamOpened)
        {
            throw new InvalidOperationException(_current is null
                ? "there is no current entry"
                : "the backup stream of an entry can be read once");
        }

        _streamOpened = true;
        return _stream;
    }

    /// <summary>Writes the current entry's backup stream.</summary>
    /// <param name="output">Receives the stream.</param>
    /// <param name="cancellationToken">Checked for each piece that is copied.</param>
    /// <returns>Number of bytes written.</returns>
    /// <exception cref="InvalidOperationException">There is no current entry, or its stream was opened before.</exception>
    /// <exception cref="LayerFormatException">The archive is cut or malformed.</exception>
    public long WriteBackupStream(Stream output, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(output);
        Stream stream = OpenBackupStream();
        byte[] buffer = ArrayPool<byte>.Shared.Rent(128 * 1024);
        try
        {
            long total = 0;
            int got;
            while ((got = stream.Read(buffer)) > 0)
            {
                cancellationToken.ThrowIfCancellationRequested();
                output.Write(buffer, 0, got);
                total += got;
            }

            return total;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>Backslashes, without what other programs put around names: <c>./</c> before, a slash behind.</summary>
    private static string Normalize(string tarName)
    {
        string name = WindowsPath.FromSlash(tarName);
        while (name.StartsWith(@".\", StringComparison.Ordinal))
        {
            name = name[2..];
        }

        name = name.Length > 1 && name[^1] == '\\' ? name[..^1] : name;
        return name == "." ? "" : name;
    }

    private LayerTarEntry Describe(TarHeader header, string name)
    {
        CheckName(name, header.Name);
        if (WhiteoutName.TryParse(name, out string tombstone))
        {
            CheckName(tombstone, header.Name);
            return new LayerTarEntry(LayerTarEntryKind.Tombstone, tombstone, 0, default, "", _tar.HeaderOffset);
        }

        if (header.TypeFlag == TarTypeFlag.HardLink)
        {
            string target = Normalize(header.LinkName);
            CheckName(target, header.Name);
            return new LayerTarEntry(LayerTarEntryKind.HardLink, name, 0, LayerTarHeader.ReadInfo(header, name), target, _tar.HeaderOffset);
        }

        LayerTarEntryKind kind = header.TypeFlag switch
        {
            TarTypeFlag.RegularFile or TarTypeFlag.ContiguousFile => LayerTarEntryKind.File,
            TarTypeFlag.Directory => LayerTarEntryKind.Directory,
            TarTypeFlag.SymbolicLink => LayerTarEntryKind.ReparsePoint,
            _ => throw new LayerFormatException(
                $"tar entry of type '{(char)header.TypeFlag}' has no Windows form",
                name,
                offset: _tar.HeaderOffset),
        };
        if (_options.IgnoreLosslessRecords)
        {
            header.Records.Remove(LosslessKeys.Reparse);
            header.Records.Remove(LosslessKeys.Stream);
            header.Records.Remove(LosslessKeys.Times);
        }

        try
        {
            LayerTarBackupPrefix.Write(header, name, _prefix);
            StartLossless(header, name);
        }
        catch (LayerFormatException error)
        {
            throw error.WithEntry(name);
        }

        return new LayerTarEntry(
            kind,
            name,
            kind == LayerTarEntryKind.File ? header.Size : 0,
            LayerTarHeader.ReadInfo(header, name),
            kind == LayerTarEntryKind.ReparsePoint ? WindowsPath.FromSlash(header.LinkName) : "",
            _tar.HeaderOffset);
    }

    private void CheckName(string name, string tarName)
    {
        if (!WindowsPath.IsSafeRelative(name, out string? problem))
        {
            throw new LayerFormatException($"unsafe name in the archive: {problem}", tarName, offset: _tar.HeaderOffset);
        }
    }

    /// <summary>Moves on to the current entry's next alternate stream.</summary>
    /// <returns>False when the next tar entry is another one; it is kept for <see cref="GetNextEntry"/>.</returns>
    private bool NextStream(CancellationToken cancellationToken)
    {
        if (_current is null || _ahead is not null)
        {
            return false;
        }

        TarHeader? header = _tar.GetNextEntry(cancellationToken);
        if (header is null)
        {
            return false;
        }

        if (_current.Kind is not (LayerTarEntryKind.Tombstone or LayerTarEntryKind.HardLink)
            && IsStreamOf(header, _current.Name, out string stream))
        {
            _prefix.ResetWrittenCount();
            _prefixRead = 0;
            LayerTarBackupPrefix.WriteHeader(_prefix, new BackupStreamHeader(BackupStreamId.AlternateData, header.Size, Name: stream));
            _dataSize = header.Size;
            return true;
        }

        _ahead = header;
        return false;
    }

    private bool IsStreamOf(TarHeader header, string entry, out string stream)
    {
        stream = "";
        if (header.TypeFlag is not (TarTypeFlag.RegularFile or TarTypeFlag.ContiguousFile))
        {
            return false;
        }

        string name = Normalize(header.Name);
        if (name.Length <= entry.Length + 1 || name[entry.Length] != ':' || !name.StartsWith(entry, StringComparison.Ordinal))
        {
            return false;
        }

        stream = name[entry.Length..];
        if (!stream.EndsWith(DataStreamSuffix, StringComparison.Ordinal))
        {
            stream += DataStreamSuffix;
        }

        // With a description of the stream the name is that of the description.
        if (_items is null && stream.AsSpan(1, stream.Length - 1 - DataStreamSuffix.Length).ContainsAny(@":\"))
        {
            throw new LayerFormatException("invalid name of an alternate stream", entry, BackupStreamId.AlternateData, stream);
        }

        return 2 * stream.Length <= BackupStreamHeader.MaxNameBytes
            ? true
            : throw new LayerFormatException("name of an alternate stream is too long", entry, BackupStreamId.AlternateData);
    }

    private int ReadStream(Span<byte> buffer)
    {
        if (buffer.IsEmpty || _current is null)
        {
            return 0;
        }

        while (true)
        {
            int prefix = _prefix.WrittenCount - _prefixRead;
            if (prefix > 0)
            {
                int now = Math.Min(prefix, buffer.Length);
                _prefix.WrittenSpan.Slice(_prefixRead, now).CopyTo(buffer);
                _prefixRead += now;
                return now;
            }

            if (_items is not null)
            {
                int passed = ReadLossless(buffer, out bool ended);
                if (passed > 0)
                {
                    return passed;
                }

                // Streams that were added to the entry later follow like any other.
                if (ended && !NextStream(default))
                {
                    return 0;
                }

                continue;
            }

            // While the next entry is read ahead, the tar's data is that entry's.
            int got = _ahead is null && _current.Kind is not (LayerTarEntryKind.Tombstone or LayerTarEntryKind.HardLink)
                ? _tar.Read(buffer)
                : 0;
            if (got > 0)
            {
                return got;
            }

            if (!NextStream(default))
            {
                return 0;
            }
        }
    }

    private sealed class BackupStreamOfEntry(LayerTarReader reader) : ReadOnlyStream
    {
        public override int Read(Span<byte> buffer) => reader.ReadStream(buffer);
    }
}
