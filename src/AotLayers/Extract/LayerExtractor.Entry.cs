using System.Buffers;
using AotLayers.Formats;

namespace AotLayers;

/// <summary>One entry of an extraction, record by record.</summary>
public sealed partial class LayerExtractor
{
    private const int BufferSize = 128 * 1024;

    /// <summary>One entry on its way to the folder.</summary>
    private sealed class EntryOutput(LayerExtractor owner, LayerEntry entry, string name) : IDisposable
    {
        private readonly ExtractSummary _summary = owner.Summary;
        private string? _path;
        private FileStream? _file;
        private long _end;
        private ReparsePoint? _link;
        private bool _complete;
        private bool _opened;
        private bool _inData;

        public void Run()
        {
            bool directory = entry.Info.IsDirectory && !entry.Info.IsReparsePoint;
            if (directory)
            {
                MakeDirectory();
            }

            owner.WriteMetadata(entry, name);
            var reader = new BackupStreamReader(entry.OpenBackupStream()) { EntryName = entry.Name };
            try
            {
                while (reader.NextHeader(out BackupStreamHeader header))
                {
                    Take(reader, header);
                }
            }
            catch (LayerFormatException e)
            {
                throw LayerException.From(e, (entry.Reader?.ErrorContext ?? new LayerErrorContext()) with { Entry = entry.Name });
            }

            Finish(directory);
        }

        public void Dispose()
        {
            if (_file is not null && !_complete)
            {
                // Half a file must not look like a whole one.
                _file.Dispose();
                File.Delete(_path!);
            }
        }

        private void Take(BackupStreamReader reader, in BackupStreamHeader header)
        {
            // Blocks belong to the stream right before them.
            _inData = header.Id == BackupStreamId.Data || (_inData && header.Id == BackupStreamId.SparseBlock);
            switch (header.Id)
            {
                case BackupStreamId.Data:
                case BackupStreamId.SparseBlock when _inData:
                    owner._metadata?.WriteContentRecord(header);
                    CopyContent(reader, header);
                    return;
                case BackupStreamId.SecurityData:
                    _summary.SecurityDescriptors++;
                    break;
                case BackupStreamId.EaData:
                    _summary.ExtendedAttributes++;
                    break;
                case BackupStreamId.AlternateData:
                    _summary.AlternateStreams++;
                    break;
                case BackupStreamId.ReparseData:
                    TakeReparse(reader, header);
                    return;
                case BackupStreamId.SparseBlock:
                    break;
                default:
                    _summary.OtherRecords++;
                    break;
            }

            owner._metadata?.WriteRecord(reader, header);
        }

        private void TakeReparse(BackupStreamReader reader, in BackupStreamHeader header)
        {
            if (reader.Remaining > ReparsePoint.MaxBufferSize)
            {
                throw new LayerFormatException("reparse data is too long", entry.Name, header.Id, offset: reader.Position);
            }

            byte[] bytes = new byte[reader.Remaining];
            reader.ReadToEnd(bytes);
            owner._metadata?.WriteRecord(header, bytes);
            if (ReparsePoint.ReadTag(bytes) is ReparseTag.SymbolicLink or ReparseTag.MountPoint)
            {
                _link = ReparsePoint.Decode(bytes);
            }
            else
            {
                _summary.OtherRecords++;
            }
        }

        private void CopyContent(BackupStreamReader reader, in BackupStreamHeader header)
        {
            if (header.Id == BackupStreamId.Data)
            {
                Open();
            }

            if (_file is null)
            {
                return;
            }

            if (header.Id == BackupStreamId.SparseBlock)
            {
                _file.Position = header.SparseOffset;
                _end = Math.Max(_end, header.SparseOffset + header.Size);
            }

            byte[] buffer = ArrayPool<byte>.Shared.Rent(BufferSize);
            try
            {
                int got;
                while ((got = reader.Read(buffer)) > 0)
                {
                    owner._cancellationToken.ThrowIfCancellationRequested();
                    Write(buffer.AsSpan(0, got));
                }
            }
            finally
            {
                ArrayPool<byte>.Shared.Return(buffer);
            }
        }

        private void Write(ReadOnlySpan<byte> bytes)
        {
            try
            {
                _file!.Write(bytes);
            }
            catch (Exception e) when (SystemErrorCode.IsOfWriting(e))
            {
                throw new LayerException(
                    $"cannot write {_path}: {SystemErrorCode.Describe(e)}", new LayerErrorContext { Entry = entry.Name }, e);
            }

            _end = Math.Max(_end, _file.Position);
        }

        private void Open() => owner.Try(name, () =>
        {
            _opened = true;
            _path = owner.Place(name);
            if (_path is not null)
            {
                _file = new FileStream(_path, FileMode.CreateNew, FileAccess.Write, FileShare.None, BufferSize);
            }
        });

        private void Finish(bool directory)
        {
            if (_link is not null && _file is null)
            {
                owner._symbolicLinks.Add(new Link(name, _link.Target, entry.Info));
                return;
            }

            if (directory)
            {
                return;
            }

            if (entry.Info.IsDirectory && !_opened)
            {
                // A reparse point of another kind.
                MakeDirectory();
                return;
            }

            if (!_opened)
            {
                Open();
            }

            if (_file is not null)
            {
                Close(_file);
            }
        }

        private void Close(FileStream file)
        {
            if (_end > file.Length)
            {
                file.SetLength(_end);
            }

            file.Flush();
            if (ToTime(entry.Info.LastAccessTime) is { } access)
            {
                File.SetLastAccessTimeUtc(file.SafeFileHandle, access);
            }

            if (ToTime(entry.Info.LastWriteTime) is { } write)
            {
                File.SetLastWriteTimeUtc(file.SafeFileHandle, write);
            }

            file.Dispose();
            _complete = true;
            _summary.Files++;
            _summary.Bytes += _end;
            owner._folder.Add(name, _path!);
        }

        private void MakeDirectory() => owner.Try(name, () =>
        {
            if (owner._folder.ResolveDirectory(name, out string? problem) is { } path)
            {
                _summary.Directories++;
                owner._directories.Add(new DirectoryTimes(name, path, entry.Info));
            }
            else
            {
                _summary.Problems.Add(new ExtractProblem(name, problem!));
            }
        });
    }
}
