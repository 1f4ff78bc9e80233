using System.Buffers;
using AotLayers.Formats;

namespace AotLayers;

/// <summary>Copies the content of one stream of an entry, holes of a sparse one as zeros.</summary>
public sealed class EntryContent
{
    private const int BufferSize = 128 * 1024;

    private readonly Stream _output;
    private readonly CancellationToken _cancellationToken;
    private long _position;

    private EntryContent(Stream output, CancellationToken cancellationToken)
    {
        _output = output;
        _cancellationToken = cancellationToken;
    }

    /// <summary>Copies a stream.</summary>
    /// <param name="entry">The entry; its backup stream is read by this.</param>
    /// <param name="streamName">Bare name of an alternate stream, whatever its case; null for the main one.</param>
    /// <param name="output">Receives the bytes.</param>
    /// <param name="cancellationToken">Checked for each piece that is copied.</param>
    /// <returns>Whether the entry has such a stream.</returns>
    /// <exception cref="LayerException">The entry cannot be read.</exception>
    public static bool TryCopy(LayerEntry entry, string? streamName, Stream output, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(entry);
        ArgumentNullException.ThrowIfNull(output);
        var content = new EntryContent(output, cancellationToken);
        LayerStreamMetadata? wanted = null;
        entry.ReadMetadata((stream, reader) =>
        {
            if (wanted is null && IsWanted(stream, streamName))
            {
                wanted = stream;
            }

            if (ReferenceEquals(stream, wanted))
            {
                content.Copy(reader);
            }
        });
        if (wanted is not null)
        {
            content.FillTo(wanted.Size);
        }

        return wanted is not null;
    }

    private static bool IsWanted(LayerStreamMetadata stream, string? name) => name is null
        ? stream.Id == BackupStreamId.Data
        : stream.Id == BackupStreamId.AlternateData && NtfsNameComparer.Equals(stream.BareName, name);

    private void Copy(BackupStreamReader reader)
    {
        if (reader.Current.Id == BackupStreamId.SparseBlock)
        {
            FillTo(reader.Current.SparseOffset);
        }

        byte[] buffer = ArrayPool<byte>.Shared.Rent(BufferSize);
        try
        {
            int got;
            while ((got = reader.Read(buffer)) > 0)
            {
                _cancellationToken.ThrowIfCancellationRequested();
                _output.Write(buffer, 0, got);
                _position += got;
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private void FillTo(long end)
    {
        byte[]? zeros = null;
        while (_position < end)
        {
            _cancellationToken.ThrowIfCancellationRequested();
            zeros ??= new byte[BufferSize];
            int count = (int)Math.Min(zeros.Length, end - _position);
            _output.Write(zeros, 0, count);
            _position += count;
        }
    }
}
