using System.Buffers;
using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using AotLayers.Formats;

namespace AotLayers;

/// <summary>
/// What is kept of a layer to compare it with another one: per entry a few hundred bytes, never its content. Security descriptors, of which
/// layers have few different ones, are kept once each.
/// </summary>
public sealed class LayerPrint
{
    private const int BufferSize = 128 * 1024;

    private readonly Dictionary<string, EntryPrint> _entries = new(NtfsNameComparer.Instance);
    private readonly Dictionary<string, byte[]> _descriptors = new(StringComparer.Ordinal);

    /// <summary>The entries, in no order; of a name that comes twice, the later one.</summary>
    public IReadOnlyCollection<EntryPrint> Entries => _entries.Values;

    /// <summary>Finds an entry by its name, whatever its case.</summary>
    public EntryPrint? Find(string name) => _entries.GetValueOrDefault(name);

    /// <summary>Adds an entry.</summary>
    /// <param name="entry">The entry; all of it is read by this.</param>
    /// <exception cref="LayerException">It cannot be read.</exception>
    public void Add(LayerEntry entry)
    {
        ArgumentNullException.ThrowIfNull(entry);
        var print = new EntryPrint(entry.Name) { Info = entry.Info, Size = entry.Size };
        using var content = new SparseHash();
        var streams = new SortedDictionary<string, byte[]>(NtfsNameComparer.Instance);
        LayerStreamMetadata? current = null;
        void EndStream()
        {
            if (current is { Id: BackupStreamId.AlternateData })
            {
                streams[current.BareName] = Print(current, content.Finish());
            }
            else if (current is not null)
            {
                print.Content = content.Finish();
            }
        }

        LayerEntryMetadata? metadata = entry.ReadMetadata((stream, reader) =>
        {
            if (!ReferenceEquals(stream, current))
            {
                EndStream();
                current = stream;
            }

            Append(content, reader);
        });
        EndStream();
        print.Kind = EntryTraitsOf.Kind(EntryTraitsOf.Find(entry, metadata));
        print.LinkTarget = entry.HardLinkTarget ?? metadata?.ReparsePoint?.Target;
        if (metadata is not null)
        {
            Fill(print, metadata, streams);
        }

        _entries[entry.Name] = print;
    }

    private static void Append(SparseHash content, BackupStreamReader reader)
    {
        if (reader.Current.Id == BackupStreamId.SparseBlock)
        {
            content.SkipTo(reader.Current.SparseOffset);
        }

        byte[] buffer = ArrayPool<byte>.Shared.Rent(BufferSize);
        int got;
        while ((got = reader.Read(buffer)) > 0)
        {
            content.Append(buffer.AsSpan(0, got));
        }

        ArrayPool<byte>.Shared.Return(buffer);
    }

    private static byte[] Print(LayerStreamMetadata stream, byte[] hash)
    {
        byte[] print = new byte[8 + hash.Length];
        BinaryPrimitives.WriteInt64LittleEndian(print, stream.Size);
        hash.CopyTo(print.AsSpan(8));
        return print;
    }

    private void Fill(EntryPrint print, LayerEntryMetadata metadata, SortedDictionary<string, byte[]> streams)
    {
        if (metadata.SecurityDescriptor is { } security)
        {
            string key = Convert.ToBase64String(security);
            _descriptors.TryAdd(key, security);
            print.Security = _descriptors[key];
        }

        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        if (streams.Count > 0)
        {
            print.StreamNames = [.. streams.Keys];
            foreach (KeyValuePair<string, byte[]> stream in streams)
            {
                Append(hash, Encoding.Unicode.GetBytes(stream.Key));
                Append(hash, stream.Value);
            }

            print.Streams = hash.GetHashAndReset();
        }

        if (metadata.ExtendedAttributes.Count > 0)
        {
            List<ExtendedAttribute> attributes = [.. metadata.ExtendedAttributes];
            attributes.Sort(static (x, y) => x.Name.Span.SequenceCompareTo(y.Name.Span));
            foreach (ExtendedAttribute attribute in attributes)
            {
                Append(hash, attribute.Name.Span);
                Append(hash, [attribute.Flags]);
                Append(hash, attribute.Value.Span);
            }

            print.ExtendedAttributes = hash.GetHashAndReset();
        }

        if (metadata.ReparseData is { } reparse)
        {
            print.Reparse = SHA256.HashData(reparse);
        }

        if (metadata.ObjectId is not null || metadata.OtherStreams.Count > 0)
        {
            Append(hash, metadata.ObjectId);
            foreach (LayerStreamMetadata stream in metadata.OtherStreams)
            {
                Append(hash, BitConverter.GetBytes((uint)stream.Id));
                Append(hash, BitConverter.GetBytes(stream.Size));
            }

            print.Other = hash.GetHashAndReset();
        }
    }

    /// <summary>With the length before the bytes: two texts must not run into each other.</summary>
    private static void Append(IncrementalHash hash, ReadOnlySpan<byte> bytes)
    {
        Span<byte> length = stackalloc byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(length, bytes.Length);
        hash.AppendData(length);
        hash.AppendData(bytes);
    }
}
