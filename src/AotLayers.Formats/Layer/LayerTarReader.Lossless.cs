using System.Buffers;
using System.Globalization;

namespace AotLayers.Formats;

/// <summary>Backup streams made again as they were, of tars that were written with <see cref="LayerTarWriterOptions.Lossless"/>.</summary>
public sealed partial class LayerTarReader
{
    private List<LosslessItem>? _items;
    private int _nextItem;
    private long _passing;
    private long _dataAt;
    private long _dataSize;

    private void StartLossless(TarHeader header, string name)
    {
        if (!header.Records.TryGet(LosslessKeys.Stream, out ReadOnlySpan<byte> text))
        {
            return;
        }

        _items = LosslessStream.Parse(LayerTarBackupPrefix.Decode(text, "AOTLAYERS.stream", name), header, name);
        _prefix.ResetWrittenCount();
        _nextItem = 0;
        _passing = 0;
        _dataAt = 0;
        _dataSize = header.IsHeaderOnly ? 0 : header.Size;
    }

    /// <summary>Goes on with the records that were kept.</summary>
    /// <param name="buffer">Receives data of the tar entry.</param>
    /// <param name="ended">Whether there are no more records.</param>
    /// <returns>Number of bytes put into the buffer; 0 when a record was started, or at the end.</returns>
    private int ReadLossless(Span<byte> buffer, out bool ended)
    {
        ended = false;
        if (_passing > 0)
        {
            int got = _tar.Read(buffer[..(int)Math.Min(buffer.Length, _passing)]);
            _passing = got > 0 ? _passing - got : throw DoesNotFit("data is missing");
            _dataAt += got;
            return got;
        }

        if (_nextItem == _items!.Count)
        {
            _items = null;
            ended = true;
            return 0;
        }

        LosslessItem item = _items[_nextItem++];
        BackupStreamHeader header = item.Header;
        if (item.Source == LosslessSource.TarData)
        {
            StartTarData(header);
        }

        _prefix.ResetWrittenCount();
        _prefixRead = 0;
        LayerTarBackupPrefix.WriteHeader(_prefix, header);
        _prefix.Write(item.Payload.Span);
        return 0;
    }

    private void StartTarData(in BackupStreamHeader header)
    {
        bool blocks = header.IsSparse && header.Size == 0;
        switch (header.Id)
        {
            case BackupStreamId.AlternateData:
                if (!NextStream(default))
                {
                    throw DoesNotFit($"entry of the stream '{header.Name}' is missing");
                }

                _dataAt = 0;
                break;
            case BackupStreamId.SparseBlock when header.SparseOffset >= _dataAt && header.SparseOffset + header.Size <= _dataSize:
                SkipData(header.SparseOffset - _dataAt);
                _passing = header.Size;
                return;
            case BackupStreamId.Data when _dataAt == 0:
                break;
            default:
                throw DoesNotFit($"{BackupStreamIds.NameOf(header.Id)} cannot come of its data");
        }

        _passing = header.Size;
        if (!blocks && header.Size != _dataSize)
        {
            throw DoesNotFit(string.Create(CultureInfo.InvariantCulture, $"stream of {header.Size} bytes, the entry has {_dataSize}"));
        }
    }

    private void SkipData(long count)
    {
        byte[] buffer = ArrayPool<byte>.Shared.Rent(64 * 1024);
        try
        {
            while (count > 0)
            {
                int got = _tar.Read(buffer.AsSpan(0, (int)Math.Min(buffer.Length, count)));
                count = got > 0 ? count - got : throw DoesNotFit("data is missing");
                _dataAt += got;
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private LayerFormatException DoesNotFit(string problem) =>
        new($"AOTLAYERS.stream does not fit the entry: {problem}", _current?.Name, offset: _tar.HeaderOffset);
}
