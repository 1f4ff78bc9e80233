using System.Buffers;
using AotLayers.Formats;

namespace AotLayers;

/// <summary>
/// Writes a layer as a transport folder with ordinary file calls, on any system (docs/formats/transport-folder.md#tree): what ImportLayer
/// takes and <see cref="TransportFolderReader"/> reads. The folder appears whole or not at all.
/// </summary>
public sealed class TransportFolderWriter : IDisposable
{
    private const int BufferSize = 128 * 1024;

    private readonly string _target;
    private readonly string _folder;
    private readonly TransportFolderOptions _options;
    private readonly LayerEntryRules _rules = new();
    private readonly List<string> _tombstones = [];
    private readonly List<LayerLossRecord> _losses = [];
    private readonly Dictionary<string, long> _directoryTimes = new(StringComparer.Ordinal);
    private readonly FileStream? _sidecar;
    private long _entries;
    private long _hardLinks;
    private long _fileBytes;
    private bool _committed;

    private TransportFolderWriter(string target, string folder, TransportFolderOptions options)
    {
        _target = target;
        _folder = folder;
        _options = options;
        if (options.Lossless)
        {
            _sidecar = new FileStream(Path.Combine(folder, TransportSidecar.FileName), FileMode.CreateNew, FileAccess.Write);
            TransportSidecar.Begin(_sidecar);
        }
    }

    /// <summary>Writes a layer.</summary>
    /// <param name="reader">The layer; read to its end and closed. Its hard links must be copies already.</param>
    /// <param name="path">The folder, which must not be there, or be empty.</param>
    /// <param name="options">How; null for the defaults.</param>
    /// <param name="cancellationToken">Stops between entries and between pieces of data.</param>
    /// <exception cref="LayerException">Reading or writing failed; no folder appeared.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled; no folder appeared.</exception>
    public static TransportFolderSummary Write(
        LayerReader reader, string path, TransportFolderOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(reader);
        ArgumentException.ThrowIfNullOrEmpty(path);
        try
        {
            using TransportFolderWriter writer = Create(path, options ?? new TransportFolderOptions());
            while (reader.GetNextEntry() is { } entry)
            {
                cancellationToken.ThrowIfCancellationRequested();
                writer.WriteEntry(entry, reader, cancellationToken);
            }

            reader.Close();
            cancellationToken.ThrowIfCancellationRequested();
            writer.Commit();
            return writer.Summarize(reader);
        }
        catch (Exception e) when (LayerErrors.IsPlaceable(e))
        {
            throw LayerException.From(e, reader.ErrorContext);
        }
        finally
        {
            reader.Dispose();
        }
    }

    /// <summary>Without a commit: removes what was written.</summary>
    public void Dispose()
    {
        _sidecar?.Dispose();
        if (!_committed)
        {
            Directory.Delete(_folder, recursive: true);
        }
    }

    private static TransportFolderWriter Create(string path, TransportFolderOptions options)
    {
        string target = Path.TrimEndingDirectorySeparator(Path.GetFullPath(path));
        if (File.Exists(target) || (Directory.Exists(target) && Directory.EnumerateFileSystemEntries(target).Any()))
        {
            throw new IOException($"{path} is there already, and is no empty folder");
        }

        string folder = TemporaryOutputName.Create(target);
        Directory.CreateDirectory(folder);
        return new TransportFolderWriter(target, folder, options);
    }

    private void WriteEntry(LayerEntry entry, LayerReader reader, CancellationToken cancellationToken)
    {
        try
        {
            if (FindProblem(entry) is { } problem)
            {
                if (!_options.SkipUnsupported)
                {
                    throw new LayerFormatException(problem, entry.Name);
                }

                _losses.Add(new LayerLossRecord(entry.Name, "unsupportedEntry", $"{entry.Name} is left out: {problem}"));
            }
            else if (entry.IsTombstone)
            {
                _rules.AddTombstone(entry.Name);
                _tombstones.Add(entry.Name);
            }
            else
            {
                _rules.Add(entry.Name, entry.Info);
                WriteFile(entry, cancellationToken);
                _entries++;
                _hardLinks += entry.CopyOf is null ? 0 : 1;
                _fileBytes += entry.Size;
            }
        }
        catch (Exception e) when (LayerErrors.IsPlaceable(e))
        {
            throw LayerException.From(e, reader.ErrorContext with { Entry = entry.Name });
        }
    }

    private static string? FindProblem(LayerEntry entry) =>
        entry.IsTombstone && !WindowsPath.IsBelow(entry.Name, "Files") ? "tombstones.txt knows what is below Files only"
        : !OperatingSystem.IsWindows() && !ReferenceEquals(Wtf8.ReplaceLoneSurrogates(entry.Name), entry.Name)
            ? "the name has a lone surrogate, which a file here cannot have"
        : entry.HardLinkTarget is not null ? "a hard link has no form in a transport folder"
        : TransportEntry.IsDirectoryMetadata(entry.Name) ? "the name means the metadata of a directory in a transport folder"
        : entry.Name is TombstoneFile.FileName or TransportSidecar.FileName ? "the name has a meaning of its own in a transport folder"
        : null;

    private void WriteFile(LayerEntry entry, CancellationToken cancellationToken)
    {
        string path = FullPath(entry.Name);
        bool prefixed = TransportEntry.HasPrefix(entry.Name) || (entry.Info.IsDirectory && entry.Name is "Files" or "Hives");
        byte[] head = [];
        if (entry.Info.IsDirectory)
        {
            Directory.CreateDirectory(path);
            if (prefixed)
            {
                string metadata = path + TransportEntry.DirectoryMetadataSuffix;
                WritePrefixed(metadata, entry, cancellationToken);
                SetTimes(metadata, entry.Info);
            }
            else
            {
                head = ReadPlain(entry, null, cancellationToken);
            }

            _directoryTimes[path] = entry.Info.LastWriteTime;
        }
        else if (prefixed)
        {
            WritePrefixed(path, entry, cancellationToken);
            SetTimes(path, entry.Info);
        }
        else
        {
            using (FileStream file = Open(path))
            {
                head = ReadPlain(entry, file, cancellationToken);
            }

            SetTimes(path, entry.Info);
        }

        if (_sidecar is not null)
        {
            TransportSidecar.Write(_sidecar, entry.Name, entry.Info, entry.CopyOf ?? "", head);
        }
        else
        {
            TellLosses(entry, prefixed);
        }
    }

    /// <summary>Attributes and the backup stream as it is.</summary>
    private static void WritePrefixed(string path, LayerEntry entry, CancellationToken cancellationToken)
    {
        using FileStream file = Open(path);
        TransportEntry.WriteAttributes(file, entry.Info.FileAttributes);
        CopyAll(entry.OpenBackupStream(), file, cancellationToken);
    }

    /// <summary>Outside of Files the data is the file, and what else there is has no place.</summary>
    /// <returns>What comes before the data in the backup stream.</returns>
    private byte[] ReadPlain(LayerEntry entry, FileStream? file, CancellationToken cancellationToken)
    {
        var head = new ArrayBufferWriter<byte>();
        string? lost = null;
        var reader = new BackupStreamReader(entry.OpenBackupStream()) { EntryName = entry.Name };
        bool data = false;
        while (reader.NextHeader(out BackupStreamHeader header))
        {
            if (header.Id == BackupStreamId.Data && file is not null && !header.IsSparse && !data)
            {
                data = true;
                byte[] buffer = ArrayPool<byte>.Shared.Rent(BufferSize);
                int got;
                while ((got = reader.Read(buffer)) > 0)
                {
                    cancellationToken.ThrowIfCancellationRequested();
                    file.Write(buffer, 0, got);
                }

                ArrayPool<byte>.Shared.Return(buffer);
            }
            else if (!data
                && header.Size <= SecurityDescriptor.MaxSize
                && header.Id is not (BackupStreamId.Data or BackupStreamId.SparseBlock))
            {
                byte[] payload = new byte[header.Size];
                reader.ReadToEnd(payload);
                head.Advance(BackupStreamWriter.Encode(header, head.GetSpan(BackupStreamWriter.EncodedLength(header))));
                head.Write(payload);
                lost = _sidecar is null ? BackupStreamIds.NameOf(header.Id) : lost;
            }
            else
            {
                lost = header.Id is BackupStreamId.Data or BackupStreamId.SparseBlock
                    ? throw new LayerFormatException("outside of Files a transport folder has no place for a sparse file", entry.Name)
                    : BackupStreamIds.NameOf(header.Id);
            }
        }

        if (lost is not null)
        {
            _losses.Add(new LayerLossRecord(
                entry.Name, "metadataOutsideFiles", $"{entry.Name}: {lost} is lost: a transport folder keeps metadata below Files only"));
        }

        return head.WrittenSpan.ToArray();
    }

    private void TellLosses(LayerEntry entry, bool prefixed)
    {
        LayerFileInfo info = entry.Info;
        if (info.CreationTime != info.LastWriteTime || info.LastAccessTime != info.LastWriteTime || info.ChangeTime != info.LastWriteTime)
        {
            _losses.Add(new LayerLossRecord(
                entry.Name, "timesNotKept", $"{entry.Name}: creation, access and change time are lost: the folder keeps the write time"));
        }

        uint plain = info.IsDirectory ? WindowsFileAttributes.Directory : WindowsFileAttributes.Archive;
        if (!prefixed && info.FileAttributes != plain)
        {
            _losses.Add(new LayerLossRecord(
                entry.Name,
                "attributesOutsideFiles",
                $"{entry.Name}: attributes are lost: a transport folder keeps them below Files only"));
        }
    }

    private void Commit()
    {
        using (FileStream tombstones = Open(Path.Combine(_folder, TombstoneFile.FileName)))
        {
            TombstoneFile.Write(tombstones, _tombstones);
        }

        _sidecar?.Dispose();
        SetTimesOfOwnFiles();
        foreach ((string path, long time) in _directoryTimes)
        {
            Directory.SetLastWriteTimeUtc(path, ToDateTime(time));
        }

        if (Directory.Exists(_target))
        {
            Directory.Delete(_target);
        }

        Directory.Move(_folder, _target);
        _committed = true;
    }

    /// <summary>The same layer gives the same folder whenever it is made.</summary>
    private void SetTimesOfOwnFiles()
    {
        long time = _directoryTimes.GetValueOrDefault(FullPath("Files"), FileTime.UnixEpoch);
        foreach (string name in new[] { TombstoneFile.FileName, TransportSidecar.FileName })
        {
            string path = Path.Combine(_folder, name);
            if (File.Exists(path))
            {
                File.SetLastWriteTimeUtc(path, ToDateTime(time));
            }
        }
    }

    private TransportFolderSummary Summarize(LayerReader reader) => new()
    {
        Entries = _entries,
        Tombstones = _tombstones.Count,
        HardLinks = _hardLinks,
        FileBytes = _fileBytes,
        Reader = reader.Kind,
        Losses = [.. _options.Lossless ? reader.Losses.Where(loss => loss.Reason != "hardLinkCopied") : reader.Losses, .. _losses],
        Warnings = [.. reader.Warnings],
    };

    private static void SetTimes(string path, in LayerFileInfo info) => File.SetLastWriteTimeUtc(path, ToDateTime(info.LastWriteTime));

    /// <summary>What file systems can tell; the rest is in the report or beside.</summary>
    private static DateTime ToDateTime(long fileTime) =>
        DateTime.FromFileTimeUtc(Math.Clamp(fileTime, 0, DateTime.MaxValue.ToFileTimeUtc()));

    private static FileStream Open(string path) => new(path, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None, BufferSize);

    private static void CopyAll(Stream source, FileStream target, CancellationToken cancellationToken)
    {
        byte[] buffer = ArrayPool<byte>.Shared.Rent(BufferSize);
        try
        {
            int got;
            while ((got = source.Read(buffer)) > 0)
            {
                cancellationToken.ThrowIfCancellationRequested();
                target.Write(buffer, 0, got);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private string FullPath(string name)
    {
        string path = Path.Combine(_folder, name.Replace('\\', Path.DirectorySeparatorChar));
        return OperatingSystem.IsWindows() ? @"\\?\" + path : path;
    }
}
