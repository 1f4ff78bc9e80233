using System.Buffers;

namespace AotLayers.Formats;

/// <summary>
/// Writes layer entries as OCI layer tars hold them (docs/formats/layer-tar.md), byte for byte as hcsshim and go-winio write them. What
/// they lose without a word is reported as a <see cref="LayerLoss"/>; what they fail on although tar could hold it (sparse files in
/// transport folders, sparse alternate streams, security after data) works. Does not own its stream.
/// </summary>
/// <remarks>After an error the archive is unusable: <see cref="Finish"/> refuses to complete it.</remarks>
public sealed partial class LayerTarWriter : IDisposable
{
    /// <summary>Mode of regular files: only the type, layers have no permissions.</summary>
    public const long RegularFileMode = 0x8000;

    /// <summary>Mode of directories.</summary>
    public const long DirectoryMode = 0x4000;

    /// <summary>Mode of links and mount points.</summary>
    public const long SymbolicLinkMode = 0xA000;

    /// <summary>Mode of hard links: 0644.</summary>
    public const long HardLinkMode = 0x1A4;

    private const int CopyBufferSize = 128 * 1024;

    private readonly TarWriter _tar;
    private readonly Action<LayerLoss>? _onLoss;
    private readonly LayerTarWriterOptions _options;
    private readonly TarHeader _header = new();
    private readonly TarHeader _streamHeader = new();
    private readonly BackupStreamReader _reader = new(Stream.Null);
    private readonly BackupStreamReader _probe = new(Stream.Null);
    private byte[]? _copyBuffer;
    private bool _failed;

    /// <summary>Writes to <paramref name="output"/>.</summary>
    /// <param name="output">Receives the archive.</param>
    /// <param name="onLoss">Told about everything that tar cannot hold.</param>
    /// <param name="options">Choices; null for the defaults.</param>
    public LayerTarWriter(Stream output, Action<LayerLoss>? onLoss = null, LayerTarWriterOptions? options = null)
    {
        _tar = new TarWriter(output);
        _onLoss = onLoss;
        _options = options ?? LayerTarWriterOptions.Default;
    }

    /// <summary>Entries written: files, directories and links, without tombstones and alternate streams.</summary>
    public long EntryCount { get; private set; }

    /// <summary>Tombstones written.</summary>
    public long TombstoneCount { get; private set; }

    /// <summary>Hard links written; they also count as entries.</summary>
    public long HardLinkCount { get; private set; }

    /// <summary>Sizes of all files together, in bytes, without alternate streams.</summary>
    public long FileBytes { get; private set; }

    /// <summary>Losses reported.</summary>
    public long LossCount { get; private set; }

    /// <summary>Bytes of archive written so far.</summary>
    public long BytesWritten => _tar.BytesWritten;

    /// <summary>
    /// Writes a file, directory or link from its backup stream (docs/formats/layer-tar.md#from-a-backup-stream). A stream that can seek
    /// is read twice, so that extended attributes and security after DATA are kept and sparse blocks need no size; any other is read
    /// once.
    /// </summary>
    /// <param name="name">Name of the entry with backslashes, relative to the layer.</param>
    /// <param name="size">Size of the file in bytes. For sparse files of a source that can seek 0 is enough.</param>
    /// <param name="info">Times and attributes.</param>
    /// <param name="backupStream">The backup stream, read from its current position to its end.</param>
    /// <param name="cancellationToken">Checked for each piece that is copied.</param>
    /// <exception cref="LayerFormatException">The backup stream is malformed, or tar has no form for it.</exception>
    public void WriteEntry(
        string name,
        long size,
        in LayerFileInfo info,
        Stream backupStream,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(backupStream);
        ThrowIfFailed();
        CheckName(name);
        _failed = true;
        try
        {
            WriteEntryFromStream(name, size, info, backupStream, cancellationToken);
        }
        catch (LayerFormatException error)
        {
            // Parsers of reparse data and the like do not know the entry.
            if (error.Entry is null)
            {
                throw error.WithEntry(name);
            }

            throw;
        }

        _failed = false;
        EntryCount++;
    }

    /// <summary>
    /// Writes the whiteout of something that the parent layers have and this one has not (docs/formats/whiteouts.md#in-a-tar).
    /// </summary>
    /// <param name="name">Name of what is gone, with backslashes, relative to the layer.</param>
    /// <exception cref="LayerFormatException">The name is no name.</exception>
    public void WriteTombstone(string name)
    {
        ThrowIfFailed();
        CheckName(name);
        _failed = true;
        _header.Reset();
        _header.Name = WhiteoutName.FromTombstone(name);
        _tar.WriteHeader(_header);
        _failed = false;
        TombstoneCount++;
    }

    /// <summary>Writes one more name of a file that is in the archive already (docs/formats/layer-tar.md#hard-links).</summary>
    /// <param name="name">Name of the entry, with backslashes.</param>
    /// <param name="targetName">Name under which the file was written first.</param>
    /// <param name="info">Times and attributes.</param>
    /// <exception cref="LayerFormatException">A name is no name.</exception>
    public void WriteHardLink(string name, string targetName, in LayerFileInfo info)
    {
        ThrowIfFailed();
        CheckName(name);
        CheckName(targetName);
        _failed = true;
        SetBasicInfo(_header, name, 0, info);
        if (_options.Lossless)
        {
            KeepTimes(_header, info);
        }

        _header.TypeFlag = TarTypeFlag.HardLink;
        _header.Mode = HardLinkMode;
        _header.LinkName = WindowsPath.ToSlash(targetName);
        _tar.WriteHeader(_header);
        _failed = false;
        EntryCount++;
        HardLinkCount++;
    }

    /// <summary>Ends the archive.</summary>
    /// <exception cref="InvalidOperationException">An entry failed: the archive must not look complete.</exception>
    public void Finish()
    {
        ThrowIfFailed();
        _tar.Finish();
    }

    /// <summary>Gives buffers back. Does not end the archive: an archive that was not finished must not look complete.</summary>
    public void Dispose()
    {
        if (_copyBuffer is { } buffer)
        {
            _copyBuffer = null;
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>The header that every main entry starts from (docs/formats/layer-tar.md#header-of-an-entry).</summary>
    internal static void SetBasicInfo(TarHeader header, string name, long size, in LayerFileInfo info)
    {
        header.Reset();
        header.Format = TarFormatChoice.Pax;
        header.Name = WindowsPath.ToSlash(name);
        header.Size = size;
        header.ModificationTime = FileTime.ToUnixNanoseconds(info.LastWriteTime);
        header.AccessTime = FileTime.ToUnixNanoseconds(info.LastAccessTime);
        header.ChangeTime = FileTime.ToUnixNanoseconds(info.ChangeTime);
        header.Records.Set(LayerTarKeys.FileAttributes, info.FileAttributes);
        header.Records.SetTime(LayerTarKeys.CreationTime, FileTime.ToUnixNanoseconds(info.CreationTime));
        if (info.IsDirectory)
        {
            header.Mode |= DirectoryMode;
            header.Size = 0;
            header.TypeFlag = TarTypeFlag.Directory;
        }
    }

    /// <summary>No name that Windows gives fails here. A colon would turn the entry into an alternate stream of another one.</summary>
    private static void CheckName(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        if (!WindowsPath.IsSafeRelative(name, out string? problem))
        {
            throw new LayerFormatException($"invalid entry name: {problem}", name);
        }
    }

    private void ThrowIfFailed()
    {
        if (_failed)
        {
            throw new InvalidOperationException("an entry of this archive failed: it cannot be continued or completed");
        }
    }

    private byte[] CopyBuffer() => _copyBuffer ??= ArrayPool<byte>.Shared.Rent(CopyBufferSize);

    private void Lose(string entry, in BackupStreamHeader stream, LayerLossReason reason, string? streamName = null)
    {
        var loss = new LayerLoss(entry, stream.Id, streamName ?? stream.Name, stream.Size, reason);
        if (_options.Lossless)
        {
            _pendingLosses.Add(loss);
        }
        else
        {
            Report(loss);
        }
    }

    private void Report(in LayerLoss loss)
    {
        LossCount++;
        _onLoss?.Invoke(loss);
    }
}
