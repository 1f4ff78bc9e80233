using System.Runtime.InteropServices;
using System.Text;
using AotLayers.Formats;

namespace AotLayers.Native;

/// <summary>Metadata of an entry in memory that does not move, until the next entry.</summary>
internal sealed unsafe class EntryMemory : IDisposable
{
    private readonly NativeTextBuffer _target = new();
    private readonly NativeTextBuffer _streams = new();
    private byte* _bytes;

    /// <summary>Gives an entry's metadata to a caller; what was given before is gone.</summary>
    public AotlMetadata Describe(LayerEntryMetadata metadata)
    {
        byte[] security = metadata.SecurityDescriptor ?? [];
        byte[] reparse = metadata.ReparseData ?? [];
        byte[] attributes = metadata.ExtendedAttributeList ?? [];
        byte[] objectId = metadata.ObjectId ?? [];
        _bytes = (byte*)NativeMemory.Realloc(
            _bytes, (nuint)(security.Length + reparse.Length + attributes.Length + objectId.Length + 1));
        byte* at = _bytes;
        var names = new StringBuilder();
        long alternateBytes = 0;
        foreach (LayerStreamMetadata stream in metadata.AlternateStreams)
        {
            names.Append(stream.BareName).Append('\0');
            alternateBytes += stream.Size;
        }

        _target.Set(metadata.ReparsePoint?.Target ?? "");
        _streams.Set(Wtf8.GetBytes(names.ToString()));
        return new AotlMetadata
        {
            ReparseTag = metadata.ReparseTag,
            SecurityDescriptor = Take(ref at, security),
            SecurityDescriptorLength = (ulong)security.Length,
            ReparseData = Take(ref at, reparse),
            ReparseDataLength = (ulong)reparse.Length,
            ReparseTarget = metadata.ReparsePoint is null ? null : _target.Pointer,
            ExtendedAttributes = Take(ref at, attributes),
            ExtendedAttributesLength = (ulong)attributes.Length,
            ObjectId = Take(ref at, objectId),
            ObjectIdLength = (ulong)objectId.Length,
            AlternateStreams = (ulong)metadata.AlternateStreams.Count,
            AlternateStreamNames = metadata.AlternateStreams.Count == 0 ? null : _streams.Pointer,
            AlternateStreamBytes = (ulong)alternateBytes,
            AllocatedBytes = (ulong)AllocatedBytes(metadata.Data),
            StreamBytes = (ulong)metadata.StreamSize,
        };
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _target.Dispose();
        _streams.Dispose();
        NativeMemory.Free(_bytes);
        _bytes = null;
    }

    private static byte* Take(ref byte* at, byte[] bytes)
    {
        byte* start = at;
        bytes.CopyTo(new Span<byte>(at, bytes.Length));
        at += bytes.Length;
        return bytes.Length == 0 ? null : start;
    }

    private static long AllocatedBytes(LayerStreamMetadata? data)
    {
        if (data is null || !data.IsInBlocks)
        {
            return data?.Size ?? 0;
        }

        long total = 0;
        foreach (LayerStreamRange range in data.Ranges)
        {
            total += range.Length;
        }

        return total;
    }
}
