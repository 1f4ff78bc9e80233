using System.Globalization;

namespace AotLayers.Formats;

/// <summary>
/// From a backup stream to tar entries: first the header's worth, then the data (docs/formats/layer-tar.md#from-a-backup-stream).
/// </summary>
public sealed partial class LayerTarWriter
{
    private const string DataStreamSuffix = ":$DATA";

    private void WriteEntryFromStream(string name, long size, in LayerFileInfo info, Stream source, CancellationToken cancellationToken)
    {
        using Stream? spool = _options.Lossless && !source.CanSeek ? SpoolFile.Copy(source, cancellationToken) : null;
        source = spool ?? source;
        bool twoPass = source.CanSeek;
        long start = twoPass ? source.Position : 0;
        Restart(name, source);
        SetBasicInfo(_header, name, size, info);
        bool hasData = ReadMetadata(name, twoPass ? source : null, out BackupStreamHeader data, out long sparseSize, cancellationToken);
        if (sparseSize > 0)
        {
            // Readers of transport folders know the size of the DATA record only, which is 0 for a sparse file.
            if (size != 0 && size != sparseSize)
            {
                throw SizeMismatch(name, data, sparseSize, size);
            }

            _header.Size = sparseSize;
        }

        CheckData(name, hasData, data);
        if (_options.Lossless)
        {
            KeepTimes(_header, info);
            KeepStream(name, source, start);
        }

        _tar.WriteHeader(_header);
        if (hasData)
        {
            if (twoPass)
            {
                source.Position = start;
                Restart(name, source);
                while (_reader.NextHeader(out BackupStreamHeader record) && record.Id != BackupStreamId.Data)
                {
                    cancellationToken.ThrowIfCancellationRequested();
                }
            }

            bool ahead = CopyMainData(name, data, cancellationToken);
            WriteRemainingStreams(name, twoPass ? source : null, ahead, cancellationToken);
        }

        if (_header.TypeFlag == TarTypeFlag.RegularFile)
        {
            FileBytes += _header.Size;
        }
    }

    private void Restart(string name, Stream source)
    {
        _reader.Reset(source);
        _reader.EntryName = name;
    }

    /// <summary>Reads what goes into the header: up to the DATA stream, or up to the end where the source can seek.</summary>
    private bool ReadMetadata(
        string name, Stream? seekable, out BackupStreamHeader data, out long sparseSize, CancellationToken cancellationToken)
    {
        data = default;
        sparseSize = 0;
        bool hasData = false;
        bool inSparseStream = false;
        while (_reader.NextHeader(out BackupStreamHeader record))
        {
            cancellationToken.ThrowIfCancellationRequested();
            switch (record.Id)
            {
                case BackupStreamId.Data when hasData:
                    throw Unexpected(name, record, "second DATA stream");
                case BackupStreamId.Data:
                    hasData = true;
                    data = record;
                    _header.Mode |= RegularFileMode;
                    if (seekable is null)
                    {
                        return true;
                    }

                    sparseSize = IsBlockList(record) ? MeasureBlocks(name, seekable) : 0;
                    break;
                case BackupStreamId.SecurityData:
                    TakeSecurity();
                    break;
                case BackupStreamId.ReparseData:
                    TakeReparsePoint(name, record);
                    break;
                case BackupStreamId.EaData:
                    TakeExtendedAttributes(name, record);
                    break;
                case BackupStreamId.AlternateData:
                    if (!hasData)
                    {
                        Lose(name, record, LayerLossReason.AlternateStreamNotAfterData);
                    }

                    break;
                case BackupStreamId.Link or BackupStreamId.PropertyData or BackupStreamId.ObjectId or BackupStreamId.TxfsData:
                    Lose(name, record, LayerLossReason.StreamKindHasNoTarForm);
                    break;
                case BackupStreamId.SparseBlock when inSparseStream:
                    break;
                case not BackupStreamId.SparseBlock when _options.Lossless:
                    Lose(name, record, LayerLossReason.StreamKindHasNoTarForm);
                    break;
                default:
                    throw Unexpected(name, record, "unknown stream ID");
            }

            inSparseStream = IsBlockList(record) || (inSparseStream && record.Id == BackupStreamId.SparseBlock);
        }

        return hasData;
    }

    private void CheckData(string name, bool hasData, in BackupStreamHeader data)
    {
        if (!hasData)
        {
            if (_header.Size > 0 && !_header.IsHeaderOnly)
            {
                throw new LayerFormatException(
                    string.Create(CultureInfo.InvariantCulture, $"size is {_header.Size} but the backup stream has no DATA stream"), name);
            }

            return;
        }

        if (!IsBlockList(data) && data.Size != _header.Size)
        {
            throw SizeMismatch(name, data, data.Size, _header.Size);
        }

        if (_header.IsHeaderOnly && _header.Size > 0)
        {
            throw new LayerFormatException("a directory or link with data has no tar form", name, data.Id);
        }
    }

    /// <summary>Copies the main data.</summary>
    /// <returns>Whether the reader stands at a record that is still to be handled.</returns>
    private bool CopyMainData(string name, in BackupStreamHeader data, CancellationToken cancellationToken)
    {
        if (!IsBlockList(data))
        {
            CopyRecord(cancellationToken);
            return false;
        }

        return CopyBlocks(name, _header.Size, cancellationToken);
    }

    private void WriteRemainingStreams(string name, Stream? seekable, bool ahead, CancellationToken cancellationToken)
    {
        while (ahead || _reader.NextHeader(out _))
        {
            BackupStreamHeader record = _reader.Current;
            ahead = false;
            cancellationToken.ThrowIfCancellationRequested();
            switch (record.Id)
            {
                case BackupStreamId.AlternateData:
                    ahead = WriteAlternateStream(name, record, seekable, cancellationToken);
                    break;
                case BackupStreamId.EaData when seekable is null:
                    Lose(name, record, LayerLossReason.ExtendedAttributesAfterData);
                    break;
                case BackupStreamId.Link or BackupStreamId.PropertyData or BackupStreamId.ObjectId
                    or BackupStreamId.TxfsData when seekable is null:
                    Lose(name, record, LayerLossReason.StreamKindHasNoTarForm);
                    break;
                case BackupStreamId.EaData or BackupStreamId.SecurityData or BackupStreamId.ReparseData when seekable is not null:
                case BackupStreamId.Link or BackupStreamId.PropertyData or BackupStreamId.ObjectId or BackupStreamId.TxfsData:
                    // The first pass took or reported it.
                    break;
                case not (BackupStreamId.SparseBlock or BackupStreamId.Data) when _options.Lossless:
                    break;
                default:
                    throw Unexpected(name, record, "unknown stream ID after data");
            }
        }
    }

    private bool WriteAlternateStream(string name, in BackupStreamHeader record, Stream? seekable, CancellationToken cancellationToken)
    {
        ReadOnlySpan<char> stream = record.Name;
        if (stream.EndsWith(DataStreamSuffix, StringComparison.Ordinal))
        {
            stream = stream[..^DataStreamSuffix.Length];
        }

        if (stream.Length < 2 || stream[0] != ':' || stream.ContainsAny(@"\/"))
        {
            throw Unexpected(name, record, "invalid name of an alternate stream");
        }

        bool blocks = IsBlockList(record);
        long size = !blocks ? record.Size : seekable is null ? 0 : MeasureBlocks(name, seekable);
        _streamHeader.Reset();
        _streamHeader.Format = TarFormatChoice.Pax;
        _streamHeader.Name = string.Concat(_header.Name, stream);
        _streamHeader.Mode = _header.Mode;
        _streamHeader.Size = size;
        _streamHeader.ModificationTime = _header.ModificationTime;
        _streamHeader.AccessTime = _header.AccessTime;
        _streamHeader.ChangeTime = _header.ChangeTime;
        if (!blocks)
        {
            _tar.WriteHeader(_streamHeader);
            CopyRecord(cancellationToken);
            return false;
        }

        if (seekable is null)
        {
            bool more = _reader.NextHeader(out BackupStreamHeader next);
            if (more && next.Id == BackupStreamId.SparseBlock)
            {
                throw Unexpected(name, record, "sparse alternate stream of a source that cannot seek: its size is not known");
            }

            _tar.WriteHeader(_streamHeader);
            return more;
        }

        _tar.WriteHeader(_streamHeader);
        return CopyBlocks(name, size, cancellationToken);
    }

    private void CopyRecord(CancellationToken cancellationToken)
    {
        byte[] buffer = CopyBuffer();
        int got;
        while ((got = _reader.Read(buffer)) > 0)
        {
            cancellationToken.ThrowIfCancellationRequested();
            _tar.Write(buffer.AsSpan(0, got));
        }
    }

    /// <summary>
    /// Writes a sparse stream out: zeros up to each block, then the block (docs/formats/backup-stream.md#sparse-files). An empty block
    /// marks the end; a list without it is accepted once all bytes are there.
    /// </summary>
    private bool CopyBlocks(string name, long size, CancellationToken cancellationToken)
    {
        long at = 0;
        while (_reader.NextHeader(out BackupStreamHeader block))
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (block.Id != BackupStreamId.SparseBlock)
            {
                return at == size ? true : throw Unexpected(name, block, "unexpected stream among sparse blocks");
            }

            if (block.SparseOffset < at)
            {
                throw Unexpected(
                    name,
                    block,
                    string.Create(CultureInfo.InvariantCulture, $"cannot seek back from {at} to {block.SparseOffset}"));
            }

            if (block.SparseOffset + block.Size > size)
            {
                throw SizeMismatch(name, block, block.SparseOffset + block.Size, size);
            }

            _tar.WriteZeros(block.SparseOffset - at, cancellationToken);
            CopyRecord(cancellationToken);
            at = block.SparseOffset + block.Size;
            if (block.Size == 0)
            {
                return at == size ? false : throw SizeMismatch(name, block, at, size);
            }
        }

        return at == size
            ? false
            : throw new LayerFormatException(
                string.Create(CultureInfo.InvariantCulture, $"sparse blocks end at {at}, the size is {size}"),
                name,
                BackupStreamId.SparseBlock,
                offset: _reader.Position);
    }

    /// <summary>Size of the sparse stream whose header was just read; the source stands where it stood afterwards.</summary>
    private long MeasureBlocks(string name, Stream seekable)
    {
        long start = seekable.Position;
        _probe.Reset(seekable);
        _probe.EntryName = name;
        long size = 0;
        while (_probe.NextHeader(out BackupStreamHeader block) && block.Id == BackupStreamId.SparseBlock)
        {
            size = Math.Max(size, block.SparseOffset + block.Size);
        }

        seekable.Position = start;
        return size;
    }

    /// <summary>Whether the stream's bytes follow as sparse blocks: then its own record is empty.</summary>
    private static bool IsBlockList(in BackupStreamHeader stream) => stream.IsSparse && stream.Size == 0;

    private LayerFormatException Unexpected(string name, in BackupStreamHeader record, string problem) =>
        new(
            problem.StartsWith("unknown stream ID", StringComparison.Ordinal)
                ? string.Create(CultureInfo.InvariantCulture, $"unknown stream ID {(uint)record.Id}{problem["unknown stream ID".Length..]}")
                : problem,
            name,
            record.Id,
            record.Name,
            _reader.Position);

    private static LayerFormatException SizeMismatch(string name, in BackupStreamHeader record, long actual, long expected) =>
        new(
            string.Create(CultureInfo.InvariantCulture, $"mismatch between file size {actual} and header size {expected}"),
            name,
            record.Id,
            record.Name);
}
